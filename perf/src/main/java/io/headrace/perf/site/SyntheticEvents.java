package io.headrace.perf.site;

import io.headrace.codecs.DocumentWriter;
import io.headrace.codecs.EventWriter;
import io.headrace.codecs.ReadingWriter;
import io.headrace.codecs.RowChangeWriter;
import io.headrace.codecs.TransactionMarkWriter;
import io.headrace.codecs.sbe.ColumnType;
import io.headrace.codecs.sbe.EventKind;
import io.headrace.codecs.sbe.Mark;
import io.headrace.codecs.sbe.Operation;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * The thread of a synthetic source: encodes its events, in turn for each topic and each key. A row has the columns
 * {@code id} (its key) and {@code payload}; it is inserted once and updated from then on.
 */
final class SyntheticEvents {
    private static final byte[] ID = utf8("id");
    private static final byte[] PAYLOAD = utf8("payload");
    private static final byte[] INT8 = utf8("int8");
    private static final byte[] TEXT = utf8("text");
    private static final byte[] JSON = utf8("application/json");
    private static final int POSITION_BYTES = 2 * Long.BYTES;
    /** More than the fixed parts of any payload take. */
    private static final int PAYLOAD_FRAME_BYTES = 256;

    private final EventWriter event = new EventWriter();
    private final RowChangeWriter row = new RowChangeWriter();
    private final ReadingWriter reading = new ReadingWriter();
    private final DocumentWriter document = new DocumentWriter();
    private final TransactionMarkWriter mark = new TransactionMarkWriter();
    private final UnsafeBuffer position = new UnsafeBuffer(new byte[POSITION_BYTES]);
    private final UnsafeBuffer number = new UnsafeBuffer(new byte[Long.BYTES]);
    private final byte[] source;
    private final byte[] transactionTopic;
    private final Plan[] plans;
    private final byte[] text;
    private final byte[] body;
    private final int keyCount;

    /** What is known of a topic before the first event. */
    private record Plan(SyntheticTopic.Kind kind, byte[] topic, byte[] schema, byte[] table, byte[][] keys) {
    }

    SyntheticEvents(
        final String sourceName, final List<SyntheticTopic> topics, final int payloadBytes, final int keyCount) {
        source = utf8(sourceName);
        transactionTopic = utf8(sourceName + ".transaction");
        this.keyCount = keyCount;
        text = new byte[payloadBytes];
        Arrays.fill(text, (byte)'x');
        body = utf8("{\"payload\":\"" + "x".repeat(Math.max(0, payloadBytes - 14)) + "\"}");
        plans = topics.stream().map(topic -> plan(sourceName, topic)).toArray(Plan[]::new);
    }

    private Plan plan(final String sourceName, final SyntheticTopic topic) {
        final String table = topic.topic().substring(sourceName.length() + 1);
        final int dot = table.indexOf('.');
        final int count = topic.kind() == SyntheticTopic.Kind.ROW ? 0 : topic.key().isPresent() ? 1 : keyCount;
        final byte[][] keys = new byte[count][];
        for (int i = 0; i < count; i++) {
            keys[i] = utf8(topic.key().orElse("key-" + i));
        }
        return new Plan(topic.kind(), utf8(topic.topic()), utf8(dot < 0 ? "public" : table.substring(0, dot)),
            utf8(table.substring(dot + 1)), keys);
    }

    private static byte[] utf8(final String value) {
        return value.getBytes(StandardCharsets.UTF_8);
    }

    /** Which topic an event belongs to, by its number. */
    int topicOf(final long eventNumber) {
        return (int)(eventNumber % plans.length);
    }

    boolean isRow(final long eventNumber) {
        return plans[topicOf(eventNumber)].kind() == SyntheticTopic.Kind.ROW;
    }

    /** What to claim for any event of this source. */
    int maxLengthBytes() {
        int longest = transactionTopic.length;
        for (final Plan plan : plans) {
            longest = Math.max(longest, plan.topic().length + plan.schema().length + plan.table().length
                + Arrays.stream(plan.keys()).mapToInt(key -> 2 * key.length).max().orElse(Long.BYTES));
        }
        return EventWriter.overheadLength(longest, source.length, 0, 0, POSITION_BYTES, 0)
            + PAYLOAD_FRAME_BYTES + Math.max(text.length, body.length);
    }

    /** Encodes a begin or a commit mark; answers its length in bytes. */
    int mark(
        final MutableDirectBuffer buffer, final Mark kind, final long unit, final int index, final long timeNs,
        final int eventCount) {
        start(buffer, EventKind.TRANSACTION, EventWriter.IN_TRANSACTION, timeNs, transactionTopic, unit, index);
        final int at = event.beginPayload();
        event.endPayload(mark.wrap(buffer, at).mark(kind).transactionId(unit).commitTimeNs(timeNs).commitLsn(unit)
            .eventCount(eventCount).length());
        return event.length();
    }

    /** Encodes an event; answers its length in bytes. */
    int event(
        final MutableDirectBuffer buffer, final long eventNumber, final long unit, final int index,
        final long timeNs) {
        final Plan plan = plans[topicOf(eventNumber)];
        final long round = eventNumber / plans.length;
        return switch (plan.kind()) {
            case ROW -> row(buffer, plan, round, unit, index, timeNs);
            case READING -> reading(buffer, plan, round, unit, index, timeNs);
            case DOCUMENT -> document(buffer, plan, round, unit, index, timeNs);
        };
    }

    private void start(
        final MutableDirectBuffer buffer, final EventKind kind, final int flags, final long timeNs,
        final byte[] topic, final long unit, final int index) {
        position.putLong(0, unit, ByteOrder.BIG_ENDIAN);
        position.putLong(Long.BYTES, index, ByteOrder.BIG_ENDIAN);
        event.wrap(buffer, 0).kind(kind).flags(flags).sourceTimeNs(timeNs).topic(topic).source(source)
            .sourcePosition(position, 0, POSITION_BYTES);
    }

    private int row(
        final MutableDirectBuffer buffer, final Plan plan, final long round, final long unit, final int index,
        final long timeNs) {
        final long key = round % keyCount;
        start(buffer, EventKind.ROW_CHANGE, EventWriter.IN_TRANSACTION, timeNs, plan.topic(), unit, index);
        number.putLong(0, key, ByteOrder.LITTLE_ENDIAN);
        event.key(number, 0, Long.BYTES);
        final int at = event.beginPayload();
        row.wrap(buffer, at).operation(round < keyCount ? Operation.INSERT : Operation.UPDATE).transactionId(unit)
            .commitTimeNs(timeNs).lsn(unit).indexInTransaction(index).columnCount(2);
        row.column(ColumnType.INT64, true, ID, INT8).absent().longValue(key);
        row.column(ColumnType.TEXT, false, PAYLOAD, TEXT).absent().bytes(text);
        event.endPayload(row.table(plan.schema(), plan.table()).length());
        return event.length();
    }

    private int reading(
        final MutableDirectBuffer buffer, final Plan plan, final long round, final long unit, final int index,
        final long timeNs) {
        final byte[] sensor = plan.keys()[(int)(round % plan.keys().length)];
        start(buffer, EventKind.READING, 0, timeNs, plan.topic(), unit, index);
        event.key(sensor);
        final int at = event.beginPayload();
        event.endPayload(reading.wrap(buffer, at).timeNs(timeNs).doubleValue(round).sensorId(sensor).length());
        return event.length();
    }

    private int document(
        final MutableDirectBuffer buffer, final Plan plan, final long round, final long unit, final int index,
        final long timeNs) {
        start(buffer, EventKind.DOCUMENT, 0, timeNs, plan.topic(), unit, index);
        event.key(plan.keys()[(int)(round % plan.keys().length)]);
        final int at = event.beginPayload();
        event.endPayload(document.wrap(buffer, at).contentType(JSON).body(body).length());
        return event.length();
    }
}
