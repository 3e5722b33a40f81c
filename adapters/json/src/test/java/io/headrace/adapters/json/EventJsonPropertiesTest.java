package io.headrace.adapters.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.headrace.codecs.DocumentWriter;
import io.headrace.codecs.EventView;
import io.headrace.codecs.ReadingWriter;
import io.headrace.codecs.RowChangeWriter;
import io.headrace.codecs.TransactionMarkWriter;
import io.headrace.codecs.sbe.ColumnType;
import io.headrace.codecs.sbe.EventKind;
import io.headrace.codecs.sbe.Mark;
import io.headrace.codecs.sbe.Operation;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.agrona.MutableDirectBuffer;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

import static io.headrace.adapters.json.TestEvents.utf8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

class EventJsonPropertiesTest {
    private static final byte[] NONE = new byte[0];

    private final ObjectMapper mapper =
        new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private final EventJson eventJson = new EventJson();

    @Property
    void shouldKeepAnyTextExactly(@ForAll final String text) throws IOException {
        final byte[] bytes = utf8(text);
        final JsonNode after = after(ColumnType.TEXT, bytes);

        assertEquals(new String(bytes, StandardCharsets.UTF_8), after.textValue());
    }

    @Property
    void shouldKeepAnyBytesOfATextColumn(@ForAll final byte[] bytes) throws IOException {
        final JsonNode after = after(ColumnType.TEXT, bytes);

        if (isUtf8(bytes)) {
            assertEquals(new String(bytes, StandardCharsets.UTF_8), after.textValue());
        } else {
            assertArrayEquals(bytes, after.get("base64").binaryValue());
        }
    }

    @Property
    void shouldKeepAnyIdentifierBytes(@ForAll final byte[] bytes) throws IOException {
        final byte[] key = bytes.length == 0 ? utf8("k") : bytes;
        final JsonNode json = json(TestEvents.event(
            EventKind.READING, 0, key, key, key, key,
            buffer -> new ReadingWriter().wrap(buffer, 0).longValue(1).length()));

        for (final String name : new String[] {"messageId", "correlationId", "key"}) {
            if (json.has(name)) {
                assertArrayEquals(key, utf8(json.get(name).textValue()));
            } else {
                assertArrayEquals(key, json.get(name + "Base64").binaryValue());
            }
        }
        assertEquals(key.length * 2, json.get("sourcePosition").textValue().length());
    }

    @Property
    void shouldKeepAnyInteger(@ForAll final long value) throws IOException {
        final JsonNode after = after(ColumnType.INT64, value);

        assertEquals(Long.toString(value), after.toString());
        assertEquals(value, after.longValue());
    }

    @Property
    void shouldKeepAnyDouble(@ForAll final long bits) throws IOException {
        final double value = Double.longBitsToDouble(bits);
        final JsonNode after = after(ColumnType.FLOAT64, bits);

        final double read = after.isTextual() ? Double.parseDouble(after.textValue()) : after.doubleValue();
        assertEquals(value, read);
        assertEquals(Double.isFinite(value), after.isNumber());
    }

    @Property
    void shouldKeepAnySingle(@ForAll final int bits) throws IOException {
        final float value = Float.intBitsToFloat(bits);
        final JsonNode after = after(ColumnType.FLOAT32, Double.doubleToRawLongBits(value));

        assertEquals(value, Float.parseFloat(after.asText()));
    }

    @Property
    void shouldKeepAnyTimestamp(@ForAll final long epochMicros) throws IOException {
        final String text = after(ColumnType.TIMESTAMP_TZ, epochMicros).textValue();

        final LocalDateTime read = LocalDateTime.parse(text.substring(0, text.length() - 1));
        assertEquals('Z', text.charAt(text.length() - 1));
        assertEquals(6, text.length() - 2 - text.indexOf('.'));
        assertEquals(
            epochMicros, LocalDate.EPOCH.atStartOfDay().until(read, ChronoUnit.MICROS));
    }

    @Property
    void shouldKeepAnyDateOfTheCalendar(@ForAll @LongRange(min = -2_500_000, max = 2_147_483_647) final long days)
        throws IOException {
        assertEquals(days, LocalDate.parse(after(ColumnType.DATE, days).textValue()).toEpochDay());
    }

    @Property
    void shouldKeepAnyTimeOfDay(@ForAll @LongRange(min = 0, max = 86_399_999_999L) final long micros)
        throws IOException {
        final String text = after(ColumnType.TIME, micros).textValue();

        assertEquals(micros, LocalTime.parse(text).getLong(ChronoField.MICRO_OF_DAY));
    }

    @Property
    void shouldKeepAnyUuid(@ForAll final long hi, @ForAll final long lo) throws IOException {
        final JsonNode after = json(TestEvents.row(writer -> writer
            .operation(Operation.INSERT).columnCount(1)
            .column(ColumnType.UUID, false, utf8("c"), utf8("uuid")).absent().uuidValue(hi, lo)
            .table(utf8("s"), utf8("t")).length())).get("payload").get("after").get("c");

        assertEquals(new UUID(hi, lo), UUID.fromString(after.textValue()));
    }

    @Property
    void shouldKeepAnyColumnName(@ForAll final String name) throws IOException {
        final byte[] bytes = utf8(name);
        final JsonNode after = json(TestEvents.row(writer -> writer
            .operation(Operation.INSERT).columnCount(1)
            .column(ColumnType.TEXT, true, bytes, utf8("text")).absent().nullValue()
            .table(utf8("s"), utf8("t")).length())).get("payload").get("after");

        assertEquals(new String(bytes, StandardCharsets.UTF_8), after.fieldNames().next());
    }

    @Property
    void shouldKeepAnyDocument(@ForAll final byte[] body, @ForAll final boolean claimsJson) throws IOException {
        final JsonNode payload = json(TestEvents.document(claimsJson ? "application/json" : "text/plain", body))
            .get("payload");

        if (payload.has("bodyText")) {
            assertArrayEquals(body, utf8(payload.get("bodyText").textValue()));
        } else if (payload.has("bodyBase64")) {
            assertFalse(isUtf8(body));
            assertArrayEquals(body, payload.get("bodyBase64").binaryValue());
        } else {
            assertEquals(mapper.readTree(body), payload.get("body"));
        }
    }

    @Property
    void shouldWriteNothingOrOneObjectForAnyDamagedPayload(
        @ForAll @IntRange(min = 1, max = 4) final int kind,
        @ForAll @IntRange(max = 300) final int at,
        @ForAll final byte damage,
        @ForAll @IntRange(max = 300) final int cut) throws IOException {
        final EventView event = TestEvents.event(EventKind.get((short)kind), 0, NONE, NONE, NONE, NONE, buffer -> {
            final int length = anyPayload(kind, buffer);
            buffer.putByte(at, damage);
            return Math.max(0, length - cut / 2);
        });
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            eventJson.write(event, out);
            mapper.readTree(out.toByteArray());
        } catch (final UnrenderableEventException e) {
            assertEquals(0, out.size());
        }
    }

    private static int anyPayload(final int kind, final MutableDirectBuffer buffer) {
        return switch (EventKind.get((short)kind)) {
            case ROW_CHANGE -> new RowChangeWriter().wrap(buffer, 0)
                .operation(Operation.UPDATE).columnCount(3)
                .column(ColumnType.INT64, true, utf8("id"), utf8("int8")).absent().longValue(1)
                .column(ColumnType.TIME, false, utf8("at"), utf8("time")).nullValue().longValue(2)
                .column(ColumnType.TEXT, false, utf8("note"), utf8("text")).bytes(utf8("a")).unchanged()
                .table(utf8("s"), utf8("t")).length();
            case READING -> new ReadingWriter().wrap(buffer, 0).doubleValue(1).sensorId(utf8("s")).length();
            case DOCUMENT -> new DocumentWriter().wrap(buffer, 0)
                .contentType(utf8("application/json")).body(utf8("{\"a\":[1,2]}")).length();
            default -> new TransactionMarkWriter().wrap(buffer, 0).mark(Mark.BEGIN).length();
        };
    }

    private JsonNode after(final ColumnType type, final byte[] value) throws IOException {
        return json(TestEvents.row(writer -> writer
            .operation(Operation.INSERT).columnCount(1)
            .column(type, false, utf8("c"), utf8("text")).absent().bytes(value)
            .table(utf8("s"), utf8("t")).length())).get("payload").get("after").get("c");
    }

    private JsonNode after(final ColumnType type, final long value) throws IOException {
        return json(TestEvents.row(writer -> writer
            .operation(Operation.INSERT).columnCount(1)
            .column(type, false, utf8("c"), utf8("text")).absent().longValue(value)
            .table(utf8("s"), utf8("t")).length())).get("payload").get("after").get("c");
    }

    private JsonNode json(final EventView event) throws JsonProcessingException {
        final String line = new String(eventJson.toBytes(event), StandardCharsets.UTF_8);
        assertEquals(-1, line.indexOf('\n'));
        assertEquals(-1, line.indexOf('\r'));
        return mapper.readTree(line);
    }

    private static boolean isUtf8(final byte[] bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (final CharacterCodingException e) {
            return false;
        }
    }
}
