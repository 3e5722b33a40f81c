package io.headrace.adapters.json;

import com.fasterxml.jackson.core.JsonGenerator;
import io.headrace.codecs.EventView;
import io.headrace.codecs.RowChangeView;
import io.headrace.codecs.RowColumn;
import io.headrace.codecs.ValueView;
import io.headrace.codecs.sbe.ColumnType;
import io.headrace.codecs.sbe.Operation;
import io.headrace.codecs.sbe.ValueState;

import java.io.IOException;
import java.util.UUID;

/** The thread of its renderer: a row change in Headrace's own form. */
final class RowChangeJson {
    private final JsonOutput output;
    private final RowChangeView row = new RowChangeView();

    RowChangeJson(final JsonOutput output) {
        this.output = output;
    }

    void write(final EventView event, final JsonGenerator json) throws IOException {
        EventJson.check(event, row.wrap(event.buffer(), event.payloadOffset(), event.payloadLength()));
        json.writeStartObject();
        json.writeStringField("operation", operationName(row.operation()));
        json.writeNumberField("transactionId", row.transactionId());
        json.writeStringField("lsn", PostgresText.lsn(row.lsn()));
        json.writeNumberField("commitTimeNs", row.commitTimeNs());
        json.writeNumberField("indexInTransaction", row.indexInTransaction());
        output.name("schema").text(row.buffer(), row.schemaNameOffset(), row.schemaNameLength());
        output.name("table").text(row.buffer(), row.tableNameOffset(), row.tableNameLength());
        keyColumns(json);
        image("before", true, json);
        image("after", false, json);
        unchanged(json);
        json.writeEndObject();
    }

    private void keyColumns(final JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("keyColumns");
        for (int i = 0; i < row.columnCount(); i++) {
            final RowColumn column = row.column(i);
            if (column.key()) {
                json.writeString(column.name());
            }
        }
        json.writeEndArray();
    }

    private void image(final String name, final boolean isBefore, final JsonGenerator json) throws IOException {
        json.writeFieldName(name);
        boolean begun = false;
        for (int i = 0; i < row.columnCount(); i++) {
            final RowColumn column = row.column(i);
            final ValueView value = isBefore ? column.before() : column.after();
            if (value.state() == ValueState.ABSENT) {
                continue;
            }
            if (!begun) {
                json.writeStartObject();
                begun = true;
            }
            if (value.state() != ValueState.UNCHANGED) {
                json.writeFieldName(column.name());
                value(column.type(), value, json);
            }
        }
        if (begun) {
            json.writeEndObject();
        } else {
            json.writeNull();
        }
    }

    private void unchanged(final JsonGenerator json) throws IOException {
        boolean begun = false;
        for (int i = 0; i < row.columnCount(); i++) {
            final RowColumn column = row.column(i);
            if (column.before().state() == ValueState.UNCHANGED || column.after().state() == ValueState.UNCHANGED) {
                if (!begun) {
                    json.writeArrayFieldStart("unchanged");
                    begun = true;
                }
                json.writeString(column.name());
            }
        }
        if (begun) {
            json.writeEndArray();
        }
    }

    private void value(final ColumnType type, final ValueView value, final JsonGenerator json) throws IOException {
        if (value.state() == ValueState.NULL_VALUE) {
            json.writeNull();
            return;
        }
        if (value.state() == ValueState.SOURCE_TEXT) {
            output.text(value.buffer(), value.offset(), value.length());
            return;
        }
        switch (type) {
            case BOOL -> json.writeBoolean(value.boolValue());
            case INT16, INT32, INT64 -> json.writeNumber(value.longValue());
            case FLOAT32 -> json.writeNumber((float)value.doubleValue());
            case FLOAT64 -> json.writeNumber(value.doubleValue());
            case DATE -> json.writeString(IsoTime.date(value.longValue()));
            case TIME -> json.writeString(IsoTime.time(value.longValue()));
            case TIMESTAMP -> json.writeString(IsoTime.timestamp(value.longValue()));
            case TIMESTAMP_TZ -> json.writeString(IsoTime.timestamp(value.longValue()) + "Z");
            case UUID -> json.writeString(new UUID(value.uuidHi(), value.uuidLo()).toString());
            case BYTES -> output.base64(value.buffer(), value.offset(), value.length());
            // Everything else is text already, decimals among it: their digits are kept.
            default -> output.text(value.buffer(), value.offset(), value.length());
        }
    }

    private static String operationName(final Operation operation) throws UnrenderableEventException {
        return switch (operation) {
            case INSERT -> "insert";
            case UPDATE -> "update";
            case DELETE -> "delete";
            case TRUNCATE -> "truncate";
            case READ -> "read";
            default -> throw new UnrenderableEventException("operation=" + operation + " is not known");
        };
    }
}
