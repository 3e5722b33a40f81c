package io.headrace.adapters.json;

import com.fasterxml.jackson.core.JsonGenerator;
import io.headrace.codecs.RowColumn;
import io.headrace.codecs.ValueView;
import io.headrace.codecs.sbe.ColumnType;
import io.headrace.codecs.sbe.ValueState;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.util.List;
import java.util.UUID;

/**
 * The thread of its renderer: a column's value as Debezium's PostgreSQL connector encodes it, with {@code
 * time.precision.mode=adaptive} and {@code binary.handling.mode=bytes}, its defaults.
 */
final class DebeziumValues {
    private static final String INFINITY = "infinity";
    private static final String MINUS_INFINITY = "-infinity";
    private static final int MICROS_PER_MILLI = 1_000;
    private static final int MILLI_DIGITS = 3;

    private final DebeziumOptions options;
    private final JsonOutput output;
    private final DebeziumScalars scalars;
    private final TypeName.Cache typeNames = new TypeName.Cache();

    DebeziumValues(final DebeziumOptions options, final JsonOutput output) {
        this.options = options;
        this.output = output;
        scalars = new DebeziumScalars(options);
    }

    void write(final RowColumn column, final ValueView value, final JsonGenerator json) throws IOException {
        final ValueState state = value.state();
        if (state == ValueState.UNCHANGED) {
            unavailable(column, json);
        } else if (state == ValueState.VALUE) {
            present(column, value, json);
        } else if (state == ValueState.SOURCE_TEXT) {
            final TypeName type = typeNames.get(column.typeName());
            text(type.isArray() ? type : new TypeName(baseOf(column.type(), type), type.precision(), type.scale(),
                false), value.text(), json);
        } else {
            json.writeNull();
        }
    }

    /** The placeholder in the form of the column: an array of integers holds its bytes. */
    private void unavailable(final RowColumn column, final JsonGenerator json) throws IOException {
        final String placeholder = options.unavailableValuePlaceholder();
        switch (column.type()) {
            case BYTES -> json.writeBinary(placeholder.getBytes(StandardCharsets.UTF_8));
            case ARRAY -> {
                json.writeStartArray();
                final String element = typeNames.get(column.typeName()).base();
                if (element.equals("int4") || element.equals("int8")) {
                    for (final byte value : placeholder.getBytes(StandardCharsets.UTF_8)) {
                        json.writeNumber(value);
                    }
                } else {
                    json.writeString(placeholder);
                }
                json.writeEndArray();
            }
            default -> json.writeString(placeholder);
        }
    }

    private void present(final RowColumn column, final ValueView value, final JsonGenerator json) throws IOException {
        switch (column.type()) {
            case BOOL -> json.writeBoolean(value.boolValue());
            case INT16, INT32, INT64, DATE -> json.writeNumber(value.longValue());
            case FLOAT32 -> json.writeNumber((float)value.doubleValue());
            case FLOAT64 -> json.writeNumber(value.doubleValue());
            case TIME, TIMESTAMP -> json.writeNumber(adaptive(typeNames.get(column.typeName()), value.longValue()));
            case TIMESTAMP_TZ -> json.writeString(
                scalars.zoned(value.longValue(), typeNames.get(column.typeName()).fractionDigits()));
            case UUID -> json.writeString(new UUID(value.uuidHi(), value.uuidLo()).toString());
            case BYTES -> output.base64(value.buffer(), value.offset(), value.length());
            case TEXT, JSON, ENUM, NETWORK -> output.text(value.buffer(), value.offset(), value.length());
            case DECIMAL, TIME_TZ, INTERVAL -> {
                final TypeName type = typeNames.get(column.typeName());
                text(new TypeName(baseOf(column.type(), type), type.precision(), type.scale(), false), value.text(),
                    json);
            }
            default -> text(typeNames.get(column.typeName()), value.text(), json);
        }
    }

    /** What a source's own name says is kept only where the column's type says nothing about it. */
    private static String baseOf(final ColumnType type, final TypeName name) {
        return switch (type) {
            case DATE -> "date";
            case TIME -> "time";
            case TIME_TZ -> "timetz";
            case TIMESTAMP -> "timestamp";
            case TIMESTAMP_TZ -> "timestamptz";
            case INTERVAL -> "interval";
            case DECIMAL -> "numeric";
            case OTHER -> name.base();
            default -> "text";
        };
    }

    private void text(final TypeName type, final String text, final JsonGenerator json) throws IOException {
        if (type.isArray()) {
            final List<Object> elements = PostgresArray.parse(text);
            if (elements == null) {
                json.writeString(text);
            } else {
                array(type, elements, json);
            }
            return;
        }
        final long number;
        try {
            if (scalars.write(type, text, json)) {
                return;
            }
            number = numberOf(type, text);
        } catch (final DateTimeException | ArithmeticException | NumberFormatException e) {
            // A form that this version does not know: shown as the source wrote it, so that nothing is lost.
            json.writeString(text);
            return;
        }
        json.writeNumber(number);
    }

    private void array(final TypeName type, final List<?> elements, final JsonGenerator json) throws IOException {
        final TypeName elementType = new TypeName(type.base(), type.precision(), type.scale(), false);
        json.writeStartArray();
        for (final Object element : elements) {
            if (element instanceof List<?> inner) {
                array(type, inner, json);
            } else if (element == null) {
                json.writeNull();
            } else {
                text(elementType, (String)element, json);
            }
        }
        json.writeEndArray();
    }

    private static long numberOf(final TypeName type, final String text) {
        return switch (type.base()) {
            case "date" -> switch (text) {
                // What Debezium's own conversion comes to when its 32-bit day overflows.
                case INFINITY -> -2_147_472_692L;
                case MINUS_INFINITY -> -2_147_472_691L;
                default -> PostgresTimes.epochDays(text);
            };
            case "timestamp" -> switch (text) {
                case INFINITY -> adaptive(type, 9_223_372_036_825_200_000L);
                case MINUS_INFINITY -> adaptive(type, -9_223_372_036_832_400_000L);
                default -> adaptive(type, PostgresTimes.epochMicros(text));
            };
            case "time" -> adaptive(type, PostgresTimes.microsOfDay(text));
            default -> Long.parseLong(text);
        };
    }

    /** Milliseconds where the column holds no more, microseconds otherwise. */
    private static long adaptive(final TypeName type, final long micros) {
        return type.fractionDigits() <= MILLI_DIGITS ? Math.floorDiv(micros, MICROS_PER_MILLI) : micros;
    }
}
