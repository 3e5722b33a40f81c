package io.headrace.adapters.postgres.pgoutput;

import io.headrace.bus.adapter.RecordedSource;
import io.headrace.bus.publish.EventClaim;
import io.headrace.bus.publish.Publisher;
import io.headrace.codecs.DocumentWriter;
import io.headrace.codecs.EventWriter;
import io.headrace.codecs.TransactionMarkWriter;
import io.headrace.codecs.sbe.DocumentEncoder;
import io.headrace.codecs.sbe.EventKind;
import io.headrace.codecs.sbe.Mark;
import io.headrace.codecs.sbe.MessageHeaderEncoder;
import io.headrace.codecs.sbe.Operation;
import io.headrace.codecs.sbe.TransactionMarkEncoder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.charset.StandardCharsets;

/**
 * The source's thread: gives each change its source position, frames transactions with their marks, encodes events in
 * place in the ring and waits for room. It outlives the connections, and begins where the recorded events of an earlier
 * process end: what is read again is recognised by its position and skipped, in the middle of a transaction too.
 *
 * <p>A position is the commit's LSN and the index among the events of its transaction: 0 for the begin mark, which is
 * published only with the first event after it, and one past the last event for the commit mark. No record begins just
 * before another one, so the rows of a snapshot stand one byte before its consistent point, and a message outside of a
 * transaction one byte before its end, where the record of a commit may begin.
 */
public final class ChangePublisher {
    private static final long CLAIM_TIMEOUT_NS = 5_000_000;
    private static final int MARK_BYTES = MessageHeaderEncoder.ENCODED_LENGTH + TransactionMarkEncoder.BLOCK_LENGTH;
    private static final int DOCUMENT_OVERHEAD =
        MessageHeaderEncoder.ENCODED_LENGTH + DocumentEncoder.BLOCK_LENGTH + 2 * Short.BYTES + Integer.BYTES;

    private final Publisher publisher;
    private final Duty duty;
    private final PublishCounters counters;
    private final EpochNanoClock clock;
    private final byte[] sourceName;
    private final byte[] transactionTopic;
    private final EventClaim claim = new EventClaim();
    private final EventWriter eventWriter = new EventWriter();
    private final TransactionMarkWriter markWriter = new TransactionMarkWriter();
    private final DocumentWriter documentWriter = new DocumentWriter();
    private final RowEncoder rowEncoder = new RowEncoder();
    private final Tuple nothing = new Tuple();
    private final UnsafeBuffer position = new UnsafeBuffer(new byte[PublishedPosition.BYTES]);

    private long transactionId;
    private long commitLsn;
    private long commitTimeNs;
    private long eventCount;
    private boolean begun;

    private final PublishedPosition published = new PublishedPosition();
    private long pendingLsn;
    private long pendingIndex;
    private long lastSequence = -1;
    private long snapshotLsn;
    private long snapshotFirstIndex;
    private long snapshotRowCount;

    /**
     * A publisher of changes.
     *
     * @param publisher  of the bus.
     * @param sourceName first part of all topics.
     * @param duty       to perform while the bus has no room.
     * @param counters   of the source.
     * @param clock      for what has no time of its own: logical messages outside of a transaction.
     */
    public ChangePublisher(
        final Publisher publisher,
        final String sourceName,
        final Duty duty,
        final PublishCounters counters,
        final EpochNanoClock clock) {
        this.clock = clock;
        this.publisher = publisher;
        this.duty = duty;
        this.counters = counters;
        this.sourceName = sourceName.getBytes(StandardCharsets.UTF_8);
        transactionTopic = (sourceName + ".transaction").getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Goes on behind what is recorded of the source; nothing was published yet.
     *
     * @param recorded of an earlier process.
     * @throws FatalSourceException when another kind of source left it.
     */
    public void resume(final RecordedSource recorded) {
        if (recorded.sourcePosition().length != PublishedPosition.BYTES) {
            throw new FatalSourceException("the event log holds events of another kind of source under this name, " +
                "with positions of " + recorded.sourcePosition().length + " bytes; give this source another name");
        }
        published.resume(recorded.sourcePosition(), recorded.openTransaction());
        lastSequence = recorded.lastSequence();
    }

    /**
     * Where the last event published, or recorded by an earlier process, came from.
     *
     * @return its LSN; 0 before the first.
     */
    public long publishedLsn() {
        return published.lsn();
    }

    /**
     * The last event published, or recorded by an earlier process.
     *
     * @return its sequence; -1 before the first.
     */
    public long lastSequence() {
        return lastSequence;
    }

    PublishCounters counters() {
        return counters;
    }

    void begin(final long xid, final long lsn, final long timeNs) {
        transactionId = xid;
        commitLsn = lsn;
        commitTimeNs = timeNs;
        eventCount = 0;
        begun = false;
    }

    /** Publishes the commit mark, unless nothing was published of the transaction. */
    void commit() {
        if (eventCount == 0) {
            return;
        }
        counters.transactions().incrementOrdered();
        if (isNew(commitLsn, eventCount + 1)) {
            publishMark(Mark.COMMIT, eventCount);
            published.transactionOpen(false);
            counters.lastCommitTimeMs().setOrdered(commitTimeNs / 1_000_000);
        }
    }

    /**
     * Publishes the commit mark of a transaction whose rest will never come, as its slot is gone: a subscription that
     * takes whole transactions would wait for it for ever.
     *
     * @return whether there was one.
     */
    public boolean closeTransaction() {
        if (!published.transactionOpen()) {
            return false;
        }
        final long count = published.index();
        if (commitLsn != published.lsn()) {
            begin(0, published.lsn(), clock.nanoTime());
        }
        pending(commitLsn, count + 1);
        publishMark(Mark.COMMIT, count);
        published.transactionOpen(false);
        return true;
    }

    void row(
        final Relation relation, final Operation operation, final Tuple before, final Tuple after, final long lsn) {
        final long index = nextIndex();
        if (!isNew(commitLsn, index)) {
            return;
        }
        final int keyLength = rowEncoder.encodeKey(relation, before, after);
        claim(overhead(relation.topic.length, keyLength) + rowEncoder.maxLength(relation, before, after), relation);
        try {
            startEvent(EventKind.ROW_CHANGE, EventWriter.IN_TRANSACTION, commitTimeNs);
            eventWriter.topic(relation.topic).source(sourceName);
            position();
            rowEncoder.writeKey(eventWriter);
            final int payload = eventWriter.beginPayload();
            startRow(payload, operation, lsn, index - 1);
            eventWriter.endPayload(rowEncoder.encode(claim.buffer(), relation, before, after));
            commitChange();
        } catch (final RuntimeException | Error e) {
            claim.abort();
            throw e;
        }
        counters.rows().incrementOrdered();
    }

    void truncate(final Relation relation, final long lsn) {
        final long index = nextIndex();
        if (!isNew(commitLsn, index)) {
            return;
        }
        claim(overhead(relation.topic.length, 0) + relation.rowOverheadBytes, relation);
        try {
            startEvent(EventKind.ROW_CHANGE, EventWriter.IN_TRANSACTION, commitTimeNs);
            eventWriter.topic(relation.topic).source(sourceName);
            position();
            final int payload = eventWriter.beginPayload();
            startRow(payload, Operation.TRUNCATE, lsn, index - 1);
            eventWriter.endPayload(rowEncoder.encodeNoColumns(relation));
            commitChange();
        } catch (final RuntimeException | Error e) {
            claim.abort();
            throw e;
        }
        counters.rows().incrementOrdered();
    }

    /**
     * Begins a snapshot. One that was interrupted begins again from nothing, at positions behind its old ones.
     *
     * @param consistentPoint the LSN of the snapshot: everything committed before it is part of it.
     * @throws FatalSourceException when that lies before what is published.
     */
    public void beginSnapshot(final long consistentPoint) {
        snapshotLsn = consistentPoint - 1;
        snapshotRowCount = 0;
        final int order = Long.compareUnsigned(snapshotLsn, published.lsn());
        if (order < 0) {
            throw new FatalSourceException("the snapshot's place " + Lsn.format(consistentPoint) + " in the " +
                "server's log lies before " + Lsn.format(published.lsn()) + ", which is published already; the " +
                "server is another one. Connect to the right one, or give this source another name");
        }
        snapshotFirstIndex = order == 0 ? published.index() + 1 : 0;
    }

    /**
     * Publishes the mark that ends the snapshot: all of its rows are on the bus.
     *
     * @param snapshotTimeNs when the snapshot was taken, since the Unix epoch.
     */
    public void endSnapshot(final long snapshotTimeNs) {
        final long index = snapshotFirstIndex + snapshotRowCount;
        pending(snapshotLsn, index);
        claim(overhead(transactionTopic.length, 0) + MARK_BYTES, transactionTopic);
        try {
            mark(0, clock.nanoTime(), Mark.SNAPSHOT_END)
                .commitTimeNs(snapshotTimeNs)
                .commitLsn(snapshotLsn + 1)
                .eventCount(snapshotRowCount);
            eventWriter.endPayload(markWriter.length());
            commitChange();
        } catch (final RuntimeException | Error e) {
            claim.abort();
            throw e;
        }
    }

    /**
     * Publishes a row of the initial snapshot.
     *
     * @param relation       the table.
     * @param row            its values.
     * @param snapshotTimeNs when the snapshot was taken, since the Unix epoch.
     */
    public void snapshotRow(final Relation relation, final Tuple row, final long snapshotTimeNs) {
        pending(snapshotLsn, snapshotFirstIndex + snapshotRowCount);
        final int keyLength = rowEncoder.encodeKey(relation, nothing, row);
        claim(overhead(relation.topic.length, keyLength) + rowEncoder.maxLength(relation, nothing, row), relation);
        try {
            startEvent(EventKind.ROW_CHANGE, EventWriter.SNAPSHOT, snapshotTimeNs);
            eventWriter.topic(relation.topic).source(sourceName);
            position();
            rowEncoder.writeKey(eventWriter);
            final int payload = eventWriter.beginPayload();
            rowEncoder.wrap(claim.buffer(), payload)
                .operation(Operation.READ)
                .commitTimeNs(snapshotTimeNs)
                .indexInTransaction(snapshotRowCount);
            eventWriter.endPayload(rowEncoder.encode(claim.buffer(), relation, nothing, row));
            commitChange();
        } catch (final RuntimeException | Error e) {
            claim.abort();
            throw e;
        }
        snapshotRowCount++;
        counters.snapshotRows().incrementOrdered();
    }

    /** Publishes a logical message, in its transaction, or on its own at its place in the log, where it ends. */
    void message(
        final byte[] topic,
        final byte[] contentType,
        final byte[] prefix,
        final boolean transactional,
        final DirectBuffer source,
        final int offset,
        final int lengthBytes,
        final long lsn) {
        final long index = transactional ? nextIndex() : 0;
        final long positionLsn = transactional ? commitLsn : lsn - 1;
        if (!isNew(positionLsn, index)) {
            return;
        }
        claim((long)overhead(topic.length, 0) + DOCUMENT_OVERHEAD + contentType.length + prefix.length + lengthBytes,
            topic);
        try {
            startEvent(
                EventKind.DOCUMENT,
                transactional ? EventWriter.IN_TRANSACTION : 0,
                transactional ? commitTimeNs : clock.nanoTime());
            eventWriter.topic(topic).source(sourceName);
            position();
            final int payload = eventWriter.beginPayload();
            documentWriter.wrap(claim.buffer(), payload)
                .contentType(contentType)
                .schemaReference(prefix)
                .body(source, offset, lengthBytes);
            eventWriter.endPayload(documentWriter.length());
            commitChange();
        } catch (final RuntimeException | Error e) {
            claim.abort();
            throw e;
        }
        counters.documents().incrementOrdered();
    }

    /** Counts an event of the transaction, after its begin mark if it is the first. */
    private long nextIndex() {
        if (!begun) {
            begun = true;
            if (isNew(commitLsn, 0)) {
                publishMark(Mark.BEGIN, 0);
                published.transactionOpen(true);
            }
        }
        return ++eventCount;
    }

    /** Whether a position has not been published yet; it is once {@link #commitChange()} was called. */
    private boolean isNew(final long lsn, final long index) {
        if (!published.isBehind(lsn, index)) {
            counters.skipped().incrementOrdered();
            return false;
        }
        if (published.leavesTransactionOpen(lsn)) {
            throw new FatalSourceException("the transaction at " + Lsn.format(published.lsn()) + " is published up " +
                "to its event " + published.index() + ", but the server goes on at " + Lsn.format(lsn) + ": somebody " +
                "else moved the slot, and changes are missing. Drop the slot and start the source again for a new " +
                "snapshot");
        }
        pending(lsn, index);
        return true;
    }

    private void pending(final long lsn, final long index) {
        pendingLsn = lsn;
        pendingIndex = index;
    }

    private void publishMark(final Mark mark, final long count) {
        claim(overhead(transactionTopic.length, 0) + MARK_BYTES, transactionTopic);
        try {
            mark(EventWriter.IN_TRANSACTION, commitTimeNs, mark)
                .transactionId(transactionId)
                .commitTimeNs(commitTimeNs)
                .commitLsn(commitLsn)
                .eventCount(count);
            eventWriter.endPayload(markWriter.length());
            commitChange();
        } catch (final RuntimeException | Error e) {
            claim.abort();
            throw e;
        }
    }

    private TransactionMarkWriter mark(final int flags, final long timeNs, final Mark mark) {
        startEvent(EventKind.TRANSACTION, flags, timeNs);
        eventWriter.topic(transactionTopic).source(sourceName);
        position();
        final int payload = eventWriter.beginPayload();
        return markWriter.wrap(claim.buffer(), payload).mark(mark);
    }

    private int overhead(final int topicLength, final int keyLength) {
        return EventWriter.overheadLength(topicLength, sourceName.length, 0, 0, PublishedPosition.BYTES, keyLength);
    }

    private void startEvent(final EventKind kind, final int flags, final long timeNs) {
        eventWriter.wrap(claim.buffer(), claim.offset()).kind(kind).flags(flags).sourceTimeNs(timeNs);
    }

    private void startRow(final int payload, final Operation operation, final long lsn, final long index) {
        rowEncoder.wrap(claim.buffer(), payload)
            .operation(operation)
            .transactionId(transactionId)
            .commitTimeNs(commitTimeNs)
            .lsn(lsn)
            .indexInTransaction(index);
    }

    private void position() {
        PublishedPosition.write(position, pendingLsn, pendingIndex);
        eventWriter.sourcePosition(position, 0, PublishedPosition.BYTES);
    }

    private void claim(final long lengthBytes, final Object origin) {
        final int length = (int)Math.min(lengthBytes, Integer.MAX_VALUE);
        long answer = publisher.tryClaim(length, claim);
        while (answer == Publisher.BACK_PRESSURED) {
            counters.roomWaits().incrementOrdered();
            duty.perform();
            answer = publisher.claim(length, claim, CLAIM_TIMEOUT_NS);
        }
        if (answer == Publisher.CLOSED) {
            throw new SourceStoppedException();
        }
        if (answer < 0) {
            final String name = origin instanceof byte[] topic ?
                "topic " + new String(topic, StandardCharsets.UTF_8) : "table " + origin;
            throw new FatalSourceException("an event of " + name + " needs " + lengthBytes +
                " bytes, but this bus takes at most " + publisher.maxEventLengthBytes() +
                "; raise bus.capacity or bus.slot-bytes. Nothing was skipped: the source stands before this event");
        }
    }

    /**
     * A change counts as published only now: had the connection been lost while it waited for room, it would come again
     * and must not be taken for one that was there before.
     */
    private void commitChange() {
        final long sequence = claim.sequence();
        claim.commit(eventWriter.length());
        lastSequence = sequence;
        published.advance(pendingLsn, pendingIndex);
    }
}
