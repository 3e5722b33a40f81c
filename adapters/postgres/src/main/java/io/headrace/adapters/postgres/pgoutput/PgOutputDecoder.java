package io.headrace.adapters.postgres.pgoutput;

import io.headrace.codecs.sbe.Operation;
import org.agrona.DirectBuffer;
import org.agrona.collections.Int2ObjectHashMap;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The source's thread: decodes the messages of one connection's stream (PostgreSQL's documentation, "Logical
 * Replication Message Formats", protocol versions 1 and 2, text format) and publishes their changes.
 *
 * <p>Changes of a transaction in progress, between Stream Start and Stream Stop, go to its {@link SpillFile} as they
 * came, and are decoded at its Stream Commit. Definitions of tables among them count even where a rolled back
 * sub-transaction sent them, as the server does not send them again to the rest of the transaction.
 */
public final class PgOutputDecoder implements AutoCloseable {
    private static final long POSTGRES_EPOCH_MICROS = 946_684_800_000_000L;
    private static final int KEY_COLUMN = 1;
    private static final int DUTY_INTERVAL = 1024;

    private final DecoderSettings settings;
    private final Catalog catalog;
    private final ChangePublisher publisher;
    private final CommitListener commitListener;
    private final LogicalMessages logicalMessages;
    private final Duty duty;
    private final PublishCounters counters;
    private final MessageCursor cursor = new MessageCursor();
    private final Tuple before = new Tuple();
    private final Tuple after = new Tuple();
    private final Int2ObjectHashMap<Relation> relations = new Int2ObjectHashMap<>();
    private final Int2ObjectHashMap<String> typeNames = new Int2ObjectHashMap<>();
    private final Int2ObjectHashMap<SpillFile> streamed = new Int2ObjectHashMap<>();
    private SpillFile openStream;
    private boolean inTransaction;
    private long spilledBytes;
    private int replayedCount;

    /**
     * A decoder for one connection; a new connection needs a new one, as the server describes its tables again.
     *
     * @param settings       what to publish.
     * @param catalog        to ask what the stream does not say.
     * @param publisher      of the changes, which outlives the connection.
     * @param commitListener hears of each transaction's end.
     * @param duty           to perform during a long transaction.
     */
    public PgOutputDecoder(
        final DecoderSettings settings,
        final Catalog catalog,
        final ChangePublisher publisher,
        final CommitListener commitListener,
        final Duty duty) {
        this.settings = settings;
        this.catalog = catalog;
        this.publisher = publisher;
        this.commitListener = commitListener;
        this.duty = duty;
        counters = publisher.counters();
        logicalMessages = new LogicalMessages(settings, publisher, commitListener);
        SpillFile.deleteLeftovers(settings.spillDirectory(), spillPrefix());
    }

    private String spillPrefix() {
        return "headrace-" + settings.sourceName() + "-";
    }

    /**
     * Whether the last message left a transaction open, so that the server's position says nothing about what may be
     * confirmed.
     *
     * @return true between a transaction's begin and its commit.
     */
    public boolean inTransaction() {
        return inTransaction || openStream != null;
    }

    /**
     * Decodes one message.
     *
     * @param buffer      that holds it.
     * @param offset      of its first byte.
     * @param lengthBytes of the message.
     * @param lsn         where in the log the server says that its data begins.
     * @throws FatalSourceException   when it is no message of the protocol, or too long for the bus.
     * @throws SourceStoppedException when the source or the bus is closed meanwhile.
     */
    public void onMessage(final DirectBuffer buffer, final int offset, final int lengthBytes, final long lsn) {
        try {
            cursor.wrap(buffer, offset, lengthBytes, lsn);
            dispatch(offset, lengthBytes);
        } catch (final FatalSourceException e) {
            counters.malformed().incrementOrdered();
            throw e;
        }
    }

    private void dispatch(final int offset, final int lengthBytes) {
        switch (cursor.type()) {
            case 'B' -> onBegin();
            case 'C' -> onCommit();
            case 'S' -> onStreamStart();
            case 'E' -> onStreamStop();
            case 'c' -> onStreamCommit();
            case 'A' -> onStreamAbort();
            case 'O' -> onOrigin();
            default -> {
                if (openStream != null) {
                    spill(offset, lengthBytes);
                } else {
                    change();
                }
            }
        }
    }

    private void change() {
        switch (cursor.type()) {
            case 'I' -> onInsert();
            case 'U' -> onUpdate();
            case 'D' -> onDelete();
            case 'T' -> onTruncate();
            case 'M' -> logicalMessages.onMessage(cursor, inTransaction);
            case 'R' -> onRelation();
            case 'Y' -> onType();
            default -> throw cursor.malformed("is of an unknown type");
        }
    }

    private void onBegin() {
        final long finalLsn = cursor.int64();
        final long commitTimeNs = epochNs(cursor.int64());
        publisher.begin(Integer.toUnsignedLong(cursor.int32()), finalLsn, commitTimeNs);
        inTransaction = true;
    }

    private void onCommit() {
        cursor.int8();
        cursor.int64();
        final long endLsn = cursor.int64();
        if (!inTransaction) {
            throw cursor.malformed("ends a transaction that was not begun");
        }
        publisher.commit();
        inTransaction = false;
        commitListener.onCommitted(publisher.lastSequence(), endLsn);
    }

    private static long epochNs(final long postgresMicros) {
        return (postgresMicros + POSTGRES_EPOCH_MICROS) * 1000;
    }

    private void onOrigin() {
        cursor.int64();
        cursor.zeroTerminated();
    }

    private void onType() {
        final int oid = cursor.int32();
        final String schema = cursor.string();
        typeNames.put(oid, (schema.isEmpty() ? "" : schema + ".") + cursor.string());
    }

    private void onRelation() {
        final int oid = cursor.int32();
        final String schemaText = cursor.string();
        final String schema = schemaText.isEmpty() ? "pg_catalog" : schemaText;
        final String table = cursor.string();
        final boolean full = cursor.int8() == 'f';
        final int count = cursor.int16();
        final boolean selected = settings.selectsTable(schema + "." + table);
        final Set<String> primaryKey = full && selected ? catalog.primaryKey(oid) : Set.of();
        final List<Relation.Column> columns = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            final boolean flagged = (cursor.int8() & KEY_COLUMN) != 0;
            final String name = cursor.string();
            final int typeOid = cursor.int32();
            final int modifier = cursor.int32();
            final PgType builtIn = PgType.builtIn(typeOid);
            final PgType type = builtIn != null || !selected ?
                builtIn : catalog.type(typeOid, typeNames.get(typeOid));
            // With REPLICA IDENTITY FULL each column is flagged, but the row's identity is its primary key.
            final boolean key = primaryKey.isEmpty() ? flagged : primaryKey.contains(name);
            columns.add(new Relation.Column(name, type == null ? PgType.UNKNOWN : type.withModifier(modifier), key));
        }
        relations.put(oid, new Relation(settings.sourceName(), schema, table, columns, selected, full));
    }

    private Relation relation() {
        final int oid = cursor.int32();
        final Relation relation = relations.get(oid);
        if (relation == null) {
            throw cursor.malformed("names table " + Integer.toUnsignedString(oid) + ", which was not described before");
        }
        if (!inTransaction) {
            throw cursor.malformed("changes a table outside of a transaction");
        }
        return relation;
    }

    private void onInsert() {
        final Relation relation = relation();
        expect('N', cursor.int8());
        readTuple(after, relation);
        before.wrap(cursor.buffer(), relation.columnCount());
        if (relation.selected) {
            publisher.row(relation, Operation.INSERT, before, after, cursor.lsn());
        }
    }

    private void onUpdate() {
        final Relation relation = relation();
        int part = cursor.int8();
        if (part == 'K' || part == 'O') {
            readTuple(before, relation);
            keepKeyOnly(part, relation);
            part = cursor.int8();
        } else {
            before.wrap(cursor.buffer(), relation.columnCount());
        }
        expect('N', part);
        readTuple(after, relation);
        if (relation.selected) {
            publisher.row(relation, Operation.UPDATE, before, after, cursor.lsn());
        }
    }

    private void onDelete() {
        final Relation relation = relation();
        final int part = cursor.int8();
        if (part != 'K' && part != 'O') {
            throw cursor.malformed("has part '" + (char)part + "' where K or O belongs");
        }
        readTuple(before, relation);
        keepKeyOnly(part, relation);
        after.wrap(cursor.buffer(), relation.columnCount());
        if (relation.selected) {
            publisher.row(relation, Operation.DELETE, before, after, cursor.lsn());
        }
    }

    /** A key tuple sends NULL for whatever is not part of the key: that is unknown, not NULL. */
    private void keepKeyOnly(final int part, final Relation relation) {
        if (part == 'K') {
            for (int i = 0; i < relation.columnCount(); i++) {
                if (!relation.key[i]) {
                    before.absent(i);
                }
            }
        }
    }

    private void expect(final char expected, final int part) {
        if (part != expected) {
            throw cursor.malformed("has part '" + (char)part + "' where " + expected + " belongs");
        }
    }

    private void readTuple(final Tuple tuple, final Relation relation) {
        final int count = cursor.int16();
        if (count != relation.columnCount()) {
            throw cursor.malformed("has " + count + " columns, table " + relation + " was described with " +
                relation.columnCount());
        }
        tuple.wrap(cursor.buffer(), count);
        for (int i = 0; i < count; i++) {
            final int kind = cursor.int8();
            switch (kind) {
                case 'n' -> tuple.nullValue(i);
                case 'u' -> tuple.unchanged(i);
                case 't' -> {
                    cursor.bytes(cursor.int32());
                    tuple.text(i, cursor.textOffset(), cursor.textLength());
                }
                default -> throw cursor.malformed("has a column of kind " + kind + ", which is no text");
            }
        }
    }

    private void onTruncate() {
        final int count = cursor.int32();
        cursor.int8();
        if (count < 0 || count > cursor.remaining() / Integer.BYTES) {
            throw cursor.malformed("truncates " + count + " tables in " + cursor.remaining() + " bytes");
        }
        for (int i = 0; i < count; i++) {
            final Relation relation = relation();
            if (relation.selected) {
                publisher.truncate(relation, cursor.lsn());
            }
        }
    }

    private void onStreamStart() {
        final int xid = cursor.int32();
        cursor.int8();
        if (openStream != null || inTransaction) {
            throw cursor.malformed("starts a stream within another transaction");
        }
        openStream = streamed.get(xid);
        if (openStream == null) {
            openStream = new SpillFile(settings.spillDirectory(), spillPrefix() + Integer.toUnsignedString(xid) + "-");
            streamed.put(xid, openStream);
        }
    }

    private void spill(final int offset, final int lengthBytes) {
        final int xid = cursor.int32();
        final int bytes = openStream.append(xid, cursor.lsn(), cursor.buffer(), offset, lengthBytes);
        spilledBytes += bytes;
        counters.spilledBytes().getAndAddOrdered(bytes);
        if (spilledBytes > settings.spillLimitBytes()) {
            throw new FatalSourceException("transactions in progress take " + spilledBytes +
                " bytes, over spill-limit=" + settings.spillLimitBytes() +
                "; raise spill-limit, or set streaming: off to let the server keep them");
        }
    }

    private void onStreamStop() {
        if (openStream == null) {
            throw cursor.malformed("stops a stream that was not started");
        }
        openStream = null;
    }

    private void onStreamCommit() {
        final int xid = cursor.int32();
        cursor.int8();
        final long commitLsn = cursor.int64();
        final long endLsn = cursor.int64();
        final long commitTimeNs = epochNs(cursor.int64());
        publisher.begin(Integer.toUnsignedLong(xid), commitLsn, commitTimeNs);
        inTransaction = true;
        final SpillFile file = streamed.remove(xid);
        if (file != null) {
            try (file) {
                spilledBytes -= file.sizeBytes();
                file.forEach((recordXid, lsn, buffer, offset, lengthBytes) ->
                    replay(file.isAborted(recordXid), buffer, offset, lengthBytes, lsn));
            }
        }
        publisher.commit();
        inTransaction = false;
        commitListener.onCommitted(publisher.lastSequence(), endLsn);
    }

    private void replay(
        final boolean aborted, final DirectBuffer buffer, final int offset, final int lengthBytes, final long lsn) {
        cursor.wrap(buffer, offset, lengthBytes, lsn);
        cursor.int32();
        if (!aborted || cursor.type() == 'R' || cursor.type() == 'Y') {
            change();
        }
        if ((++replayedCount & DUTY_INTERVAL - 1) == 0) {
            duty.perform();
        }
    }

    private void onStreamAbort() {
        final int xid = cursor.int32();
        final int subXid = cursor.int32();
        final SpillFile file = streamed.get(xid);
        if (file == null) {
            return;
        }
        if (xid == subXid) {
            streamed.remove(xid);
            spilledBytes -= file.sizeBytes();
            file.close();
        } else {
            file.abort(subXid);
        }
    }

    /** Deletes what was kept of transactions in progress: the next connection gets them again from the beginning. */
    @Override
    public void close() {
        openStream = null;
        streamed.values().forEach(SpillFile::close);
        streamed.clear();
    }
}
