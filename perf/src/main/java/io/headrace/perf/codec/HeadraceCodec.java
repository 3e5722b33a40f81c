package io.headrace.perf.codec;

import io.headrace.codecs.DecodeError;
import io.headrace.codecs.EventView;
import io.headrace.codecs.EventWriter;
import io.headrace.codecs.RowChangeView;
import io.headrace.codecs.RowChangeWriter;
import io.headrace.codecs.sbe.ColumnType;
import io.headrace.codecs.sbe.EventKind;
import io.headrace.codecs.sbe.Operation;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.charset.StandardCharsets;

/**
 * One thread: the whole event with envelope, topic, source, position and key, and in it the row with names and types of
 * its columns, which the others' readers have to know beforehand. In place, as in the ring.
 */
final class HeadraceCodec implements RowCodec {
    private static final int ROOM_BYTES = 1024;
    private static final byte[] TOPIC = utf8("erp.public.stock");
    private static final byte[] SOURCE = utf8("erp");
    private static final byte[] SCHEMA = utf8("public");
    private static final byte[] TABLE = utf8("stock");
    private static final byte[][] NAMES = {
        utf8("id"), utf8("item"), utf8("amount"), utf8("weight"), utf8("stocked_at"), utf8("active")};
    private static final byte[][] TYPES = {
        utf8("int8"), utf8("text"), utf8("numeric"), utf8("float8"), utf8("timestamptz"), utf8("bool")};

    private final UnsafeBuffer[] events;
    private final int[] lengths;
    private final UnsafeBuffer key = new UnsafeBuffer(new byte[Long.BYTES]);
    private final UnsafeBuffer position = new UnsafeBuffer(new byte[2 * Long.BYTES]);
    private final EventWriter event = new EventWriter();
    private final RowChangeWriter change = new RowChangeWriter();
    private final EventView eventView = new EventView();
    private final RowChangeView changeView = new RowChangeView();

    HeadraceCodec(final int count) {
        events = new UnsafeBuffer[count];
        lengths = new int[count];
        for (int i = 0; i < count; i++) {
            events[i] = new UnsafeBuffer(new byte[ROOM_BYTES]);
        }
    }

    private static byte[] utf8(final String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public int encode(final int index, final Row row) {
        final UnsafeBuffer buffer = events[index];
        key.putLong(0, row.id());
        position.putLong(0, row.lsn());
        event.wrap(buffer, 0).kind(EventKind.ROW_CHANGE).sourceTimeNs(row.commitTimeNs()).topic(TOPIC).source(SOURCE)
            .sourcePosition(position, 0, position.capacity()).key(key, 0, Long.BYTES);
        change.wrap(buffer, event.beginPayload()).operation(Operation.INSERT).transactionId(row.transactionId())
            .commitTimeNs(row.commitTimeNs()).lsn(row.lsn()).indexInTransaction(0).columnCount(NAMES.length);
        change.column(ColumnType.INT64, true, NAMES[0], TYPES[0]).absent().longValue(row.id());
        change.column(ColumnType.TEXT, false, NAMES[1], TYPES[1]).absent().bytes(utf8(row.item()));
        change.column(ColumnType.DECIMAL, false, NAMES[2], TYPES[2]).absent().bytes(utf8(row.amount()));
        change.column(ColumnType.FLOAT64, false, NAMES[3], TYPES[3]).absent().doubleValue(row.weight());
        change.column(ColumnType.TIMESTAMP, false, NAMES[4], TYPES[4]).absent().longValue(row.stockedAtUs());
        change.column(ColumnType.BOOL, false, NAMES[5], TYPES[5]).absent().boolValue(row.active());
        lengths[index] = event.endPayload(change.table(SCHEMA, TABLE).length()).length();
        return lengths[index];
    }

    @Override
    public long decode(final int index) {
        check(eventView.wrap(events[index], 0, lengths[index]));
        check(changeView.wrap(events[index], eventView.payloadOffset(), eventView.payloadLength()));
        final long head = Row.digest(changeView.schemaName(), changeView.tableName(),
            changeView.operation() == Operation.INSERT ? 0 : 1, changeView.transactionId(),
            changeView.commitTimeNs(), changeView.lsn());
        return head + Row.digest(changeView.column(0).after().longValue(), changeView.column(1).after().text(),
            changeView.column(2).after().text(), changeView.column(3).after().doubleValue(),
            changeView.column(4).after().longValue(), changeView.column(5).after().boolValue());
    }

    private static void check(final DecodeError error) {
        if (error != DecodeError.NONE) {
            throw new IllegalStateException("error=" + error);
        }
    }
}
