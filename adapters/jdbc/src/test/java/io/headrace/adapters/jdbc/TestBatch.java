package io.headrace.adapters.jdbc;

import io.headrace.bus.adapter.EventBatch;
import io.headrace.codecs.DocumentWriter;
import io.headrace.codecs.EventStamp;
import io.headrace.codecs.EventWriter;
import io.headrace.codecs.ReadingWriter;
import io.headrace.codecs.RowChangeWriter;
import io.headrace.codecs.TransactionMarkWriter;
import io.headrace.codecs.sbe.EventKind;
import io.headrace.codecs.sbe.Mark;
import io.headrace.codecs.sbe.Operation;
import io.headrace.codecs.sbe.Quality;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** Encodes events, as sources do, into a batch. */
final class TestBatch {
    /** A value that the source did not send again. */
    static final Object UNCHANGED = new Object();
    /** A value that is not part of the image. */
    static final Object ABSENT = new Object();

    /** The source's text of a value that its type cannot hold. */
    record SourceText(String text) {
    }

    /** On a bus no sequence is given twice. */
    private static final AtomicLong NEXT_SEQUENCE = new AtomicLong(1_000);
    private static final int MAX_EVENTS = 100_000;

    private final EventBatch batch = new EventBatch(MAX_EVENTS, 256 << 20);
    private final ExpandableArrayBuffer scratch = new ExpandableArrayBuffer(4096);
    private final EventWriter event = new EventWriter();
    private final RowChangeWriter row = new RowChangeWriter();
    private long sequence = NEXT_SEQUENCE.getAndAdd(MAX_EVENTS);
    private byte[] key = new byte[0];
    private long lsn;
    private long index;

    TestBatch() {
        this(1_000);
    }

    TestBatch(final long lsn) {
        this.lsn = lsn;
    }

    EventBatch events() {
        return batch;
    }

    /** Empties the batch; positions go on. */
    TestBatch next() {
        batch.clear();
        return this;
    }

    /** The sequence of the next event. */
    long nextSequence() {
        return sequence;
    }

    TestBatch fromSequence(final long newSequence) {
        sequence = newSequence;
        return this;
    }

    /** The key of the events to come, by which lanes are told apart. */
    TestBatch key(final String newKey) {
        key = utf8(newKey);
        return this;
    }

    TestBatch endsInTransaction() {
        batch.endsInTransaction(true);
        return this;
    }

    TestBatch at(final long newLsn, final long newIndex) {
        lsn = newLsn;
        index = newIndex;
        return this;
    }

    TestBatch insert(final TestTable table, final Object... after) {
        return change(Operation.INSERT, table, absent(table), after);
    }

    TestBatch read(final TestTable table, final Object... after) {
        return change(Operation.READ, table, absent(table), after);
    }

    /** An update that keeps its key, without the row as it was. */
    TestBatch update(final TestTable table, final Object... after) {
        return change(Operation.UPDATE, table, absent(table), after);
    }

    TestBatch change(final TestTable table, final Object[] before, final Object... after) {
        return change(Operation.UPDATE, table, before, after);
    }

    TestBatch delete(final TestTable table, final Object... before) {
        return change(Operation.DELETE, table, before, absent(table));
    }

    static Object[] row(final Object... values) {
        return values;
    }

    private static Object[] absent(final TestTable table) {
        return Collections.nCopies(table.columns.size(), ABSENT).toArray();
    }

    TestBatch truncate(final TestTable table) {
        return event(EventKind.ROW_CHANGE, table.schema + '.' + table.name, 0, at -> {
            row.wrap(scratch, at).operation(Operation.TRUNCATE).columnCount(0);
            row.table(utf8(table.schema), utf8(table.name));
            event.endPayload(row.length());
        });
    }

    private TestBatch change(
        final Operation operation, final TestTable table, final Object[] before, final Object[] after) {
        final int flags = operation == Operation.READ ? EventWriter.SNAPSHOT : 0;
        return event(EventKind.ROW_CHANGE, table.schema + '.' + table.name, flags, at -> {
            row.wrap(scratch, at).operation(operation).columnCount(table.columns.size());
            for (int i = 0; i < table.columns.size(); i++) {
                final TestTable.Column column = table.columns.get(i);
                row.column(column.type(), column.key(), utf8(column.name()), utf8(column.typeName()));
                value(before[i]);
                value(after[i]);
            }
            row.table(utf8(table.schema), utf8(table.name));
            event.endPayload(row.length());
        });
    }

    private void value(final Object value) {
        if (value == null) {
            row.nullValue();
        } else if (value == ABSENT) {
            row.absent();
        } else if (value == UNCHANGED) {
            row.unchanged();
        } else if (value instanceof final Number number && !(value instanceof Double)) {
            row.longValue(number.longValue());
        } else if (value instanceof final Double number) {
            row.doubleValue(number);
        } else if (value instanceof final Boolean bool) {
            row.boolValue(bool);
        } else if (value instanceof final UUID uuid) {
            row.uuidValue(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits());
        } else if (value instanceof final byte[] bytes) {
            row.bytes(bytes);
        } else if (value instanceof final SourceText text) {
            final byte[] bytes = utf8(text.text());
            row.sourceText(new UnsafeBuffer(bytes), 0, bytes.length);
        } else {
            row.bytes(utf8((String)value));
        }
    }

    TestBatch begin() {
        return mark(Mark.BEGIN);
    }

    TestBatch commit() {
        return mark(Mark.COMMIT);
    }

    private TestBatch mark(final Mark mark) {
        return event(EventKind.TRANSACTION, "transaction", EventWriter.IN_TRANSACTION, at ->
            event.endPayload(new TransactionMarkWriter().wrap(scratch, at).mark(mark).length()));
    }

    TestBatch reading(final String sensor, final long timeNs, final Consumer<ReadingWriter> value) {
        return event(EventKind.READING, "plant." + sensor, 0, at -> {
            final ReadingWriter writer = new ReadingWriter().wrap(scratch, at).timeNs(timeNs).quality(Quality.GOOD);
            value.accept(writer);
            event.endPayload(writer.length());
        });
    }

    TestBatch document(final String contentType, final String body) {
        return event(EventKind.DOCUMENT, "message.outbox", 0, at -> event.endPayload(
            new DocumentWriter().wrap(scratch, at).contentType(utf8(contentType)).body(utf8(body)).length()));
    }

    private interface Payload {
        void encode(int at);
    }

    private TestBatch event(final EventKind kind, final String topic, final int flags, final Payload payload) {
        final long messageIndex = index;
        final byte[] position = ByteBuffer.allocate(16).putLong(lsn).putLong(index++).array();
        event.wrap(scratch, 0)
            .kind(kind)
            .flags(flags)
            .sourceTimeNs(1_700_000_000_123_456_789L)
            .topic(utf8("erp." + topic))
            .source(utf8("erp"))
            .messageId(utf8("m" + messageIndex))
            .sourcePosition(position)
            .key(key);
        payload.encode(event.beginPayload());
        final int length = event.length();
        EventStamp.stamp(scratch, 0, sequence++, 1_700_000_000_200_000_000L);
        if (!batch.append(scratch, 0, length, 0)) {
            throw new IllegalStateException("the test's batch is full");
        }
        return this;
    }

    static byte[] utf8(final String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
