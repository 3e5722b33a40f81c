package io.headrace.adapters.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.headrace.codecs.DocumentWriter;
import io.headrace.codecs.EventStamp;
import io.headrace.codecs.EventView;
import io.headrace.codecs.EventWriter;
import io.headrace.codecs.RowChangeWriter;
import io.headrace.codecs.sbe.ColumnType;
import io.headrace.codecs.sbe.EventKind;
import io.headrace.codecs.sbe.Mark;
import io.headrace.codecs.sbe.Operation;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

import static io.headrace.adapters.json.TestEvents.utf8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What needs no server; what Debezium itself writes is compared in the integration tests of the file sink. */
class DebeziumJsonTest {
    private static final long COMMIT_TIME_NS = 1_795_285_691_383_917_000L;

    private final ObjectMapper mapper = new ObjectMapper();
    private final DebeziumJson defaults = new DebeziumJson(DebeziumOptions.defaults().withDatabase("plant"));
    private final DebeziumJson strings = new DebeziumJson(DebeziumOptions.defaults()
        .withDecimalHandling(DebeziumOptions.DecimalHandling.STRING)
        .withIntervalHandling(DebeziumOptions.IntervalHandling.STRING));

    @Test
    void shouldWriteTheEnvelope() throws IOException {
        final EventView event = TestEvents.row(writer -> head(writer, Operation.INSERT)
            .columnCount(1)
            .column(ColumnType.INT32, true, utf8("id"), utf8("int4")).absent().longValue(7)
            .table(utf8("public"), utf8("item")).length());

        assertEquals(
            "{\"before\":null,\"after\":{\"id\":7},\"source\":{\"version\":\"headrace\",\"connector\":\"postgresql\"," +
                "\"name\":\"erp\",\"ts_ms\":1795285691383,\"snapshot\":\"false\",\"db\":\"plant\"," +
                "\"sequence\":\"[null,\\\"24794552\\\"]\",\"ts_us\":1795285691383917,\"ts_ns\":1795285691383917000," +
                "\"schema\":\"public\",\"table\":\"item\",\"txId\":764,\"lsn\":24794552,\"xmin\":null," +
                "\"origin\":null,\"origin_lsn\":null},\"transaction\":null,\"op\":\"c\"," +
                "\"ts_ms\":1795285688953,\"ts_us\":1795285688953479,\"ts_ns\":1795285688953479001}",
            text(defaults, event, 1));
    }

    @Test
    void shouldMarkSnapshotRows() throws IOException {
        final JsonNode envelope = mapper.readTree(text(defaults, TestEvents.row(EventWriter.SNAPSHOT, writer -> writer
            .operation(Operation.READ).columnCount(0).table(utf8("s"), utf8("t")).length()), 1));

        assertEquals("r", envelope.get("op").textValue());
        assertEquals("true", envelope.get("source").get("snapshot").textValue());
        assertEquals("[null,null]", envelope.get("source").get("sequence").textValue());
        assertTrue(envelope.get("source").get("lsn").isNull());
        assertTrue(envelope.get("source").get("txId").isNull());
        assertEquals(TestEvents.SOURCE_TIME_NS, envelope.get("source").get("ts_ns").longValue());
    }

    @Test
    void shouldWriteAChangeOfTheKeyAsADeletionAndACreation() throws IOException {
        final String[] lines = text(defaults, TestEvents.row(writer -> head(writer, Operation.UPDATE)
            .columnCount(2)
            .column(ColumnType.INT32, true, utf8("id"), utf8("int4")).longValue(7).longValue(8)
            .column(ColumnType.TEXT, false, utf8("note"), utf8("text")).absent().bytes(utf8("x"))
            .table(utf8("public"), utf8("item")).length()), 2).split("\n");

        final JsonNode deletion = mapper.readTree(lines[0]);
        assertEquals("d", deletion.get("op").textValue());
        assertEquals("{\"id\":7,\"note\":null}", deletion.get("before").toString());
        assertTrue(deletion.get("after").isNull());
        final JsonNode creation = mapper.readTree(lines[1]);
        assertEquals("c", creation.get("op").textValue());
        assertTrue(creation.get("before").isNull());
        assertEquals("{\"id\":8,\"note\":\"x\"}", creation.get("after").toString());
        assertEquals(2, lines.length);
    }

    @Test
    void shouldTakeARowOfNothingButKeyForOneWithoutAKey() throws IOException {
        final JsonNode envelope = mapper.readTree(text(defaults, TestEvents.row(writer -> head(writer, Operation.UPDATE)
            .columnCount(1)
            .column(ColumnType.INT32, true, utf8("a"), utf8("int4")).longValue(7).longValue(8)
            .table(utf8("public"), utf8("item")).length()), 1));

        assertEquals("u", envelope.get("op").textValue());
        assertEquals("{\"a\":7}", envelope.get("before").toString());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "numeric(12,3) | 123456789.125  | \"HL6ZGoU=\"                   | \"123456789.125\"",
        "numeric       | 1E+2           | {\"scale\":0,\"value\":\"ZA==\"} | \"100\"",
        "numeric       | NaN            | null                            | \"NAN\"",
        "numeric       | Infinity       | null                            | \"POSITIVE_INFINITY\"",
        "numeric       | -Infinity      | null                            | \"NEGATIVE_INFINITY\"",
        "numeric(3,1)  | 1.25           | \"1.25\"                        | \"1.25\"",
        "numeric       | 1E+999999999   | \"1E+999999999\"                | \"1E+999999999\"",
        "numeric       | twelve         | \"twelve\"                      | \"twelve\""})
    void shouldWriteDecimals(
        final String typeName, final String value, final String precise, final String string) throws IOException {
        assertEquals(precise, after(defaults, ColumnType.DECIMAL, typeName, value));
        assertEquals(string, after(strings, ColumnType.DECIMAL, typeName, value));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "money     | $1,234.50           | \"AeI6\"",
        "money     | ($1,234.50)         | \"/h3G\"",
        "bit       | 1                   | true",
        "bit(11)   | 10100101011         | \"KwU=\"",
        "varbit    | 1                   | \"AQ==\"",
        "point     | (1.5,-2)  | {\"x\":1.5,\"y\":-2.0,\"wkb\":\"AQEAAAAAAAAAAAD4PwAAAAAAAADA\",\"srid\":null}",
        "point     | somewhere           | \"somewhere\"",
        "oid       | 4294967295          | 4294967295",
        "int4range | [1,10)              | \"[1,10)\""})
    void shouldWriteTypesWithoutAnEncodingOfTheirOwn(
        final String typeName, final String value, final String expected) throws IOException {
        assertEquals(expected, after(defaults, ColumnType.OTHER, typeName, value));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "_int4          | {1,NULL,{x}                  | \"{1,NULL,{x}\"",
        "_int4          | {{1,2},{3,4}}                | [[1,2],[3,4]]",
        "_numeric       | {1.50}                       | [{\"scale\":1,\"value\":\"Dw==\"}]",
        "_interval      | {P1D}                        | [86400000000]",
        "_timetz        | {13:14:15.5+02}              | [\"11:14:15.5Z\"]",
        "_timestamptz   | {infinity,tomorrow}          | [\"infinity\",\"tomorrow\"]",
        "_timestamp     | {infinity,tomorrow}          | [9223372036825200000,\"tomorrow\"]",
        "_date          | {-infinity}                  | [-2147472691]",
        "_bytea         | {\"\\\\x00ff\",\"\\\\001\"}  | [\"AP8=\",\"\\\\001\"]",
        "_money         | {$1.00}                      | [\"ZA==\"]",
        "public._mood   | {sad}                        | [\"sad\"]"})
    void shouldWriteArrays(final String typeName, final String value, final String expected) throws IOException {
        assertEquals(expected, after(defaults, ColumnType.ARRAY, typeName, value));
    }

    @Test
    void shouldWriteLogicalMessages() throws IOException {
        final JsonNode envelope = mapper.readTree(text(defaults, document("erp.message.outbox"), 1));

        assertEquals("m", envelope.get("op").textValue());
        assertEquals("outbox", envelope.get("message").get("prefix").textValue());
        assertEquals("hello", new String(envelope.get("message").get("content").binaryValue(), StandardCharsets.UTF_8));
        assertEquals("", envelope.get("source").get("table").textValue());
    }

    @Test
    void shouldRefuseWhatTheEnvelopeHasNoPlaceForAndLeaveOutMarks() throws IOException {
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertThrows(UnrenderableEventException.class, () -> defaults.write(document("erp.orders"), out));
        assertThrows(UnrenderableEventException.class, () -> defaults.write(
            TestEvents.reading(writer -> writer.longValue(1).sensorId(utf8("s")).length()), out));
        assertThrows(UnrenderableEventException.class, () -> defaults.write(
            TestEvents.event(
                EventKind.ROW_CHANGE, 0, new byte[0], new byte[0], new byte[0], new byte[0], buffer -> 3), out));
        assertThrows(IllegalArgumentException.class, () -> defaults.write(new EventView(), out));
        assertEquals(0, defaults.write(
            TestEvents.mark(writer -> writer.mark(Mark.BEGIN).transactionId(1).length()), out));
        assertEquals(0, defaults.write(
            TestEvents.mark(writer -> writer.mark(Mark.SNAPSHOT_END).eventCount(1).length()), out));
        assertEquals(0, out.size());
    }

    @Property
    void shouldWriteOneObjectForAnyText(
        @ForAll final ColumnType type, @ForAll final String value, @ForAll final TypeOfValue typeName)
        throws IOException {
        switch (type) {
            case TEXT, DECIMAL, TIME_TZ, INTERVAL, BYTES, JSON, ARRAY, ENUM, NETWORK, OTHER -> {
                after(defaults, type, typeName.text, value);
                after(strings, type, typeName.text, "{" + value + "}");
            }
            case SBE_UNKNOWN, NULL_VAL -> assertThrows(
                UnrenderableEventException.class, () -> after(defaults, type, typeName.text, value));
            default -> assertThrows(IllegalArgumentException.class,
                () -> after(defaults, type, typeName.text, value + "longer than any fixed length"));
        }
    }

    /** Names that take every branch of the conversion of text. */
    enum TypeOfValue {
        NUMERIC("numeric"), NUMBERS("_numeric(5,2)"), MONEY("money"), BIT("bit"), BITS("_varbit"), POINT("point"),
        DATE("_date"), TIMES("_timestamp(3)"), ZONED("_timestamptz"), BYTES("_bytea"), INTS("_int8"), TEXT("text"),
        FLOATS("_float4"), INTERVALS("_interval"), TIMETZ("_timetz"), OID("oid");

        private final String text;

        TypeOfValue(final String text) {
            this.text = text;
        }
    }

    private static RowChangeWriter head(final RowChangeWriter writer, final Operation operation) {
        return writer.operation(operation).transactionId(764).commitTimeNs(COMMIT_TIME_NS).lsn(24794552);
    }

    private String after(
        final DebeziumJson renderer, final ColumnType type, final String typeName, final String value)
        throws IOException {
        return mapper.readTree(text(renderer, TestEvents.row(writer -> head(writer, Operation.INSERT)
            .columnCount(1)
            .column(type, false, utf8("c"), utf8(typeName)).absent().bytes(utf8(value))
            .table(utf8("public"), utf8("item")).length()), 1)).get("after").get("c").toString();
    }

    private static String text(final DebeziumJson renderer, final EventView event, final int objectCount)
        throws IOException {
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertEquals(objectCount, renderer.write(event, out));
        return out.toString(StandardCharsets.UTF_8);
    }

    private static EventView document(final String topic) {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[1024]);
        final EventWriter writer = new EventWriter().wrap(buffer, 0).kind(EventKind.DOCUMENT)
            .sourceTimeNs(TestEvents.SOURCE_TIME_NS).topic(utf8(topic)).source(utf8("erp"));
        writer.endPayload(new DocumentWriter().wrap(buffer, writer.beginPayload())
            .contentType(utf8("text/plain")).body(utf8("hello")).length());
        final int length = writer.length();
        EventStamp.stamp(buffer, 0, TestEvents.SEQUENCE, TestEvents.PUBLISH_TIME_NS);
        final EventView view = new EventView();
        view.wrap(buffer, 0, length);
        return view;
    }
}
