package io.headrace.adapters.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.headrace.codecs.EventView;
import io.headrace.codecs.EventWriter;
import io.headrace.codecs.ReadingWriter;
import io.headrace.codecs.sbe.ColumnType;
import io.headrace.codecs.sbe.EventKind;
import io.headrace.codecs.sbe.Mark;
import io.headrace.codecs.sbe.Operation;
import io.headrace.codecs.sbe.Quality;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

import static io.headrace.adapters.json.TestEvents.utf8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class EventJsonTest {
    private static final byte[] NONE = new byte[0];

    private final ObjectMapper mapper = new ObjectMapper();
    private final EventJson eventJson = new EventJson();

    @Test
    void shouldWriteTheEnvelope() throws IOException {
        final EventView event = TestEvents.event(
            EventKind.READING,
            EventWriter.SNAPSHOT | EventWriter.IN_TRANSACTION,
            utf8("message-1"),
            new byte[] {(byte)0xFF},
            new byte[] {0, 1, (byte)0xAB},
            new byte[] {4, 0, 0, 0, 1},
            buffer -> new ReadingWriter().wrap(buffer, 0).longValue(1).sensorId(utf8("s")).length());

        final JsonNode json = json(event);

        assertEquals(
            List.of("sequence", "topic", "source", "kind", "publishTimeNs", "sourceTimeNs", "snapshot",
                "inTransaction", "messageId", "correlationIdBase64", "keyBase64", "sourcePosition", "payload"),
            names(json));
        assertEquals(TestEvents.SEQUENCE, json.get("sequence").longValue());
        assertEquals(TestEvents.PUBLISH_TIME_NS, json.get("publishTimeNs").longValue());
        assertEquals(TestEvents.SOURCE_TIME_NS, json.get("sourceTimeNs").longValue());
        assertEquals("erp.public.item", json.get("topic").textValue());
        assertEquals("erp", json.get("source").textValue());
        assertEquals("reading", json.get("kind").textValue());
        assertTrue(json.get("snapshot").booleanValue());
        assertTrue(json.get("inTransaction").booleanValue());
        assertEquals("message-1", json.get("messageId").textValue());
        assertArrayEquals(new byte[] {(byte)0xFF}, json.get("correlationIdBase64").binaryValue());
        assertArrayEquals(new byte[] {4, 0, 0, 0, 1}, json.get("keyBase64").binaryValue());
        assertEquals("0001ab", json.get("sourcePosition").textValue());
    }

    @Test
    void shouldLeaveOutWhatAnEventDoesNotHave() throws IOException {
        final JsonNode json = json(TestEvents.reading(writer -> writer.longValue(1).sensorId(utf8("s")).length()));

        assertFalse(json.has("messageId"));
        assertFalse(json.has("correlationId"));
        assertFalse(json.has("key"));
        assertFalse(json.has("sourcePosition"));
        assertFalse(json.get("payload").has("unit"));
    }

    @Test
    void shouldWriteReadingsOfEveryType() throws IOException {
        final JsonNode real = payload(TestEvents.reading(writer ->
            writer.timeNs(5).quality(Quality.UNCERTAIN).doubleValue(0.1).sensorId(utf8("s")).unit(utf8("°C"))
                .length()));
        assertEquals("float", real.get("type").textValue());
        assertEquals(0.1, real.get("value").doubleValue());
        assertEquals("uncertain", real.get("quality").textValue());
        assertEquals("°C", real.get("unit").textValue());
        assertEquals(5, real.get("timeNs").longValue());
        assertEquals("s", real.get("sensorId").textValue());

        final JsonNode integer = payload(TestEvents.reading(writer ->
            writer.longValue(Long.MIN_VALUE).sensorId(utf8("s")).length()));
        assertEquals("integer", integer.get("type").textValue());
        assertEquals(Long.MIN_VALUE, integer.get("value").longValue());

        final JsonNode bool = payload(TestEvents.reading(writer ->
            writer.boolValue(true).sensorId(utf8("s")).length()));
        assertEquals("boolean", bool.get("type").textValue());
        assertTrue(bool.get("value").booleanValue());

        final JsonNode text = payload(TestEvents.reading(writer ->
            writer.sensorId(utf8("s")).unit(NONE).text(utf8("a\"b\n")).length()));
        assertEquals("text", text.get("type").textValue());
        assertEquals("a\"b\n", text.get("value").textValue());
    }

    @Test
    void shouldWriteNonFiniteNumbersAsStrings() throws IOException {
        for (final double value : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
            final JsonNode reading = payload(TestEvents.reading(writer ->
                writer.doubleValue(value).sensorId(utf8("s")).length()));
            assertEquals(Double.toString(value), reading.get("value").textValue());
        }
    }

    @Test
    void shouldWriteARowChange() throws IOException {
        final JsonNode payload = payload(TestEvents.row(writer -> writer
            .operation(Operation.UPDATE).transactionId(771).commitTimeNs(7).lsn(0x1_016B_3748L).indexInTransaction(2)
            .columnCount(4)
            .column(ColumnType.INT64, true, utf8("id"), utf8("bigint")).absent().longValue(9_007_199_254_740_993L)
            .column(ColumnType.DECIMAL, false, utf8("price"), utf8("numeric(12,3)")).absent().bytes(utf8("12.500"))
            .column(ColumnType.TEXT, false, utf8("note"), utf8("text")).absent().nullValue()
            .column(ColumnType.TEXT, false, utf8("big"), utf8("text")).absent().unchanged()
            .table(utf8("public"), utf8("item")).length()));

        assertEquals("update", payload.get("operation").textValue());
        assertEquals(771, payload.get("transactionId").longValue());
        assertEquals("1/16B3748", payload.get("lsn").textValue());
        assertEquals(7, payload.get("commitTimeNs").longValue());
        assertEquals(2, payload.get("indexInTransaction").longValue());
        assertEquals("public", payload.get("schema").textValue());
        assertEquals("item", payload.get("table").textValue());
        assertEquals("[\"id\"]", payload.get("keyColumns").toString());
        assertTrue(payload.get("before").isNull());
        assertEquals(
            "{\"id\":9007199254740993,\"price\":\"12.500\",\"note\":null}", payload.get("after").toString());
        assertEquals("[\"big\"]", payload.get("unchanged").toString());
    }

    @Test
    void shouldWriteEveryColumnType() throws IOException {
        final byte[] type = utf8("t");
        final JsonNode after = payload(TestEvents.row(writer -> writer
            .operation(Operation.INSERT).columnCount(21)
            .column(ColumnType.TEXT, false, utf8("text"), type).absent().bytes(utf8("é€😀\"\\"))
            .column(ColumnType.BOOL, false, utf8("bool"), type).absent().boolValue(true)
            .column(ColumnType.INT16, false, utf8("int16"), type).absent().longValue(-32768)
            .column(ColumnType.INT32, false, utf8("int32"), type).absent().longValue(Integer.MAX_VALUE)
            .column(ColumnType.INT64, false, utf8("int64"), type).absent().longValue(Long.MAX_VALUE)
            .column(ColumnType.FLOAT32, false, utf8("float32"), type).absent().doubleValue(0.1f)
            .column(ColumnType.FLOAT64, false, utf8("float64"), type).absent().doubleValue(0.1)
            .column(ColumnType.DECIMAL, false, utf8("decimal"), type).absent().bytes(utf8("-1E+400"))
            .column(ColumnType.DATE, false, utf8("date"), type).absent().longValue(-719529)
            .column(ColumnType.TIME, false, utf8("time"), type).absent().longValue(86_400_000_000L)
            .column(ColumnType.TIME_TZ, false, utf8("timeTz"), type).absent().bytes(utf8("13:00:00+02:00"))
            .column(ColumnType.TIMESTAMP, false, utf8("ts"), type).absent().longValue(-1)
            .column(ColumnType.TIMESTAMP_TZ, false, utf8("tstz"), type).absent().longValue(1_795_266_855_123_000L)
            .column(ColumnType.INTERVAL, false, utf8("interval"), type).absent().bytes(utf8("P1Y2M"))
            .column(ColumnType.UUID, false, utf8("uuid"), type).absent().uuidValue(0x0123456789ABCDEFL, -1)
            .column(ColumnType.BYTES, false, utf8("bytes"), type).absent().bytes(new byte[] {0, (byte)0xFF})
            .column(ColumnType.JSON, false, utf8("json"), type).absent().bytes(utf8("{\"a\":  1.10}"))
            .column(ColumnType.ARRAY, false, utf8("array"), type).absent().bytes(utf8("{1,NULL}"))
            .column(ColumnType.ENUM, false, utf8("enum"), type).absent().bytes(utf8("happy"))
            .column(ColumnType.NETWORK, false, utf8("network"), type).absent().bytes(utf8("10.0.0.0/8"))
            .column(ColumnType.OTHER, false, utf8("other"), type).absent().bytes(utf8("(1,2)"))
            .table(utf8("s"), utf8("t")).length())).get("after");

        assertEquals("é€😀\"\\", after.get("text").textValue());
        assertTrue(after.get("bool").booleanValue());
        assertEquals(-32768, after.get("int16").intValue());
        assertEquals(Integer.MAX_VALUE, after.get("int32").intValue());
        assertEquals(Long.MAX_VALUE, after.get("int64").longValue());
        assertEquals("0.1", after.get("float32").toString());
        assertEquals(0.1, after.get("float64").doubleValue());
        assertEquals("-1E+400", after.get("decimal").textValue());
        assertEquals("-0001-12-31", after.get("date").textValue());
        assertEquals("24:00:00.000000", after.get("time").textValue());
        assertEquals("13:00:00+02:00", after.get("timeTz").textValue());
        assertEquals("1969-12-31T23:59:59.999999", after.get("ts").textValue());
        assertEquals("2026-11-21T13:14:15.123000Z", after.get("tstz").textValue());
        assertEquals("P1Y2M", after.get("interval").textValue());
        assertEquals("01234567-89ab-cdef-ffff-ffffffffffff", after.get("uuid").textValue());
        assertArrayEquals(new byte[] {0, (byte)0xFF}, after.get("bytes").binaryValue());
        assertEquals("{\"a\":  1.10}", after.get("json").textValue());
        assertEquals("{1,NULL}", after.get("array").textValue());
        assertEquals("happy", after.get("enum").textValue());
        assertEquals("10.0.0.0/8", after.get("network").textValue());
        assertEquals("(1,2)", after.get("other").textValue());
    }

    @Test
    void shouldWriteSourceTextAsAString() throws IOException {
        final byte[] infinity = utf8("infinity");
        final JsonNode after = payload(TestEvents.row(writer -> {
            writer.operation(Operation.READ).columnCount(1)
                .column(ColumnType.TIMESTAMP, false, utf8("ts"), utf8("timestamp")).absent();
            writer.sourceText(new UnsafeBuffer(infinity), 0, infinity.length);
            return writer.table(utf8("s"), utf8("t")).length();
        })).get("after");

        assertEquals("infinity", after.get("ts").textValue());
    }

    @Test
    void shouldShowBytesThatAreNotUtf8AsBase64() throws IOException {
        final byte[] broken = {'a', (byte)0xC3};
        final JsonNode after = payload(TestEvents.row(writer -> writer
            .operation(Operation.INSERT).columnCount(1)
            .column(ColumnType.TEXT, false, utf8("text"), utf8("text")).absent().bytes(broken)
            .table(utf8("s"), utf8("t")).length())).get("after");

        assertArrayEquals(broken, after.get("text").get("base64").binaryValue());
    }

    @Test
    void shouldWriteATruncateWithoutImages() throws IOException {
        final JsonNode payload = payload(TestEvents.row(writer -> writer
            .operation(Operation.TRUNCATE).columnCount(0).table(utf8("s"), utf8("t")).length()));

        assertEquals("truncate", payload.get("operation").textValue());
        assertTrue(payload.get("before").isNull());
        assertTrue(payload.get("after").isNull());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "application/json | {\"a\": [1.10, 1e400, 12345678901234567890, null, true, \"é\"]}",
        "application/json; charset=utf-8 | 3",
        "Application/vnd.x+JSON | \"x\"",
        "text/json | {\"a\":1,\"a\":2}"})
    void shouldEmbedJsonBodiesWithTheirDigits(final String contentType, final String body) throws IOException {
        final String line = text(TestEvents.document(contentType, utf8(body)));

        assertTrue(line.contains("\"body\":" + body.replace(", ", ",").replace(": ", ":")), line);
        assertTrue(mapper.readTree(line).get("payload").has("body"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "{} {}", "NaN", "{\"a\":\"\\ud800\"}", "{\"\\udc00\":1}", "// x\n1"})
    void shouldWriteJsonBodiesThatCannotBeEmbeddedAsText(final String body) throws IOException {
        final JsonNode payload = payload(TestEvents.document("application/json", utf8(body)));

        assertFalse(payload.has("body"));
        assertEquals(body, payload.get("bodyText").textValue());
    }

    @Test
    void shouldWriteTooDeepJsonAsText() throws IOException {
        final int deepest = 900;
        final JsonNode embedded = payload(TestEvents.document(
            "application/json", utf8("[".repeat(deepest) + "]".repeat(deepest))));
        assertTrue(embedded.has("body"));

        final JsonNode text = payload(TestEvents.document(
            "application/json", utf8("[".repeat(deepest + 1) + "]".repeat(deepest + 1))));
        assertTrue(text.has("bodyText"));
    }

    @Test
    void shouldWriteOtherBodiesAsTextOrBase64() throws IOException {
        final byte[] bytes = "ünï".getBytes(StandardCharsets.ISO_8859_1);
        assertEquals("<a/>", payload(TestEvents.document("text/xml", utf8("<a/>"))).get("bodyText").textValue());
        assertArrayEquals(bytes, payload(TestEvents.document("text/plain", bytes)).get("bodyBase64").binaryValue());
        assertArrayEquals(
            utf8("x"),
            payload(TestEvents.document("text/plain; charset=\"ISO-8859-1\"", utf8("x")))
                .get("bodyBase64").binaryValue());
        assertArrayEquals(
            utf8("x"), payload(TestEvents.document("application/octet-stream", utf8("x"))).get("bodyBase64")
                .binaryValue());
        assertEquals(
            "schema-1",
            payload(TestEvents.document(writer -> writer.contentType(utf8("text/plain"))
                .schemaReference(utf8("schema-1")).body(utf8("x")).length())).get("schemaReference").textValue());
    }

    @Test
    void shouldWriteTransactionMarks() throws IOException {
        final JsonNode payload = payload(TestEvents.mark(writer -> writer
            .mark(Mark.COMMIT).transactionId(771).commitTimeNs(9).commitLsn(-1).eventCount(3).length()));

        assertEquals(
            "{\"mark\":\"commit\",\"transactionId\":771,\"commitTimeNs\":9,\"commitLsn\":\"FFFFFFFF/FFFFFFFF\"," +
                "\"eventCount\":3}",
            payload.toString());
        assertEquals("snapshot-end", payload(TestEvents.mark(writer -> writer
            .mark(Mark.SNAPSHOT_END).eventCount(3).length())).get("mark").textValue());
    }

    @Test
    void shouldWriteNothingOfAnEventThatCannotBeRenderedAndGoOn() throws IOException {
        final EventView badTime = TestEvents.row(writer -> writer
            .operation(Operation.INSERT).columnCount(1)
            .column(ColumnType.TIME, false, utf8("t"), utf8("time")).absent().longValue(-1)
            .table(utf8("s"), utf8("t")).length());
        final EventView badPayload = TestEvents.event(
            EventKind.ROW_CHANGE, 0, NONE, NONE, NONE, NONE, buffer -> 7);
        final EventView good = TestEvents.document("application/json", utf8("{\"a\":1}"));
        final ByteArrayOutputStream out = new ByteArrayOutputStream();

        assertThrows(UnrenderableEventException.class, () -> eventJson.write(badTime, out));
        final UnrenderableEventException malformed =
            assertThrows(UnrenderableEventException.class, () -> eventJson.write(badPayload, out));
        assertTrue(malformed.getMessage().contains("sequence=" + TestEvents.SEQUENCE), malformed.getMessage());
        assertInstanceOf(
            UnrenderableEventException.class,
            assertThrows(UncheckedIOException.class, () -> eventJson.toBytes(badTime)).getCause());
        assertEquals(0, out.size());

        eventJson.write(good, out);
        eventJson.write(good, out);
        assertEquals(text(good) + text(good), out.toString(StandardCharsets.UTF_8));
    }

    @Test
    void shouldRefuseAViewOfNothing() {
        assertThrows(IllegalArgumentException.class, () -> eventJson.toBytes(new EventView()));
    }

    @Test
    void shouldRenderAnEventOfManyMegabytesAndTheOneAfterIt() throws IOException {
        final byte[] large = new byte[6 * 1024 * 1024];
        final JsonNode payload = payload(TestEvents.document("application/octet-stream", large));
        assertEquals(Base64.getEncoder().encodeToString(large), payload.get("bodyBase64").textValue());
        assertEquals("x", payload(TestEvents.document("text/plain", utf8("x"))).get("bodyText").textValue());
    }

    @Test
    void shouldTellANullFromAnAbsentImage() throws IOException {
        final JsonNode payload = payload(TestEvents.row(writer -> writer
            .operation(Operation.INSERT).columnCount(1)
            .column(ColumnType.TEXT, false, utf8("a"), utf8("text")).absent().nullValue()
            .table(utf8("s"), utf8("t")).length()));

        assertTrue(payload.get("before").isNull());
        assertEquals("{\"a\":null}", payload.get("after").toString());
    }

    private JsonNode payload(final EventView event) throws IOException {
        return json(event).get("payload");
    }

    private JsonNode json(final EventView event) throws IOException {
        return mapper.readTree(text(event));
    }

    private String text(final EventView event) {
        final String line = new String(eventJson.toBytes(event), StandardCharsets.UTF_8);
        assertEquals(-1, line.indexOf('\n'), line);
        return line;
    }

    private static List<String> names(final JsonNode object) {
        final List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
