package io.headrace.bus.simulation;

import io.headrace.bus.Bus;
import io.headrace.bus.adapter.RecordedSource;
import io.headrace.bus.publish.EventClaim;
import io.headrace.bus.publish.Publisher;
import io.headrace.codecs.EventWriter;
import io.headrace.codecs.TransactionMarkWriter;
import io.headrace.codecs.sbe.EventKind;
import io.headrace.codecs.sbe.Mark;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * An origin with a fixed number of items, and its source. An ordered one publishes them in order, with source
 * positions, and forgets what was confirmed; the other one publishes in any order, with message ids, and sends again
 * what was not confirmed. Owned by the thread of the simulation.
 */
final class SimulatedSource {
    private static final int ITEM_KEYS = 6;

    private final String name;
    private final boolean ordered;
    private final SplittableRandom random;
    private final Consumer<Happening> happened;
    private final List<EventItem> items = new ArrayList<>();
    private final EventWriter writer = new EventWriter();
    private final TransactionMarkWriter markWriter = new TransactionMarkWriter();
    private final EventClaim claim = new EventClaim();

    /** What the origin may forget, as it was confirmed. Outlives the processes. */
    private final boolean[] confirmed;
    private int confirmedCount;
    private boolean sentBefore;

    /** Of the process. */
    private Publisher publisher;
    private long nextIndex;
    private boolean beginAgain;
    private final TreeMap<Long, Long> unconfirmedBySequence = new TreeMap<>();
    private final Map<Long, Boolean> sent = new HashMap<>();

    SimulatedSource(
        final String name,
        final boolean ordered,
        final int itemCount,
        final int maxFillerBytes,
        final SplittableRandom random,
        final Consumer<Happening> happened) {
        this.name = name;
        this.ordered = ordered;
        this.random = random;
        this.happened = happened;
        long transaction = -1;
        long transactionCount = 0;
        while (items.size() < itemCount || transaction >= 0) {
            Mark mark = null;
            if (ordered && transaction < 0 && random.nextInt(8) == 0) {
                transaction = transactionCount++;
                mark = Mark.BEGIN;
            } else if (transaction >= 0 && random.nextInt(5) == 0) {
                mark = Mark.COMMIT;
            }
            final int keyNumber = random.nextInt(ITEM_KEYS);
            items.add(new EventItem(
                name, items.size(), mark, transaction,
                name + (mark != null ? ".tx" : random.nextBoolean() ? ".a" : ".b"),
                keyNumber == 0 || mark != null ? "" : "k" + keyNumber,
                random.nextInt(4) == 0 ? random.nextInt(maxFillerBytes + 1) : random.nextInt(20),
                mark == null && random.nextInt(25) == 0));
            if (mark == Mark.COMMIT) {
                transaction = -1;
            }
        }
        confirmed = new boolean[items.size()];
    }

    String name() {
        return name;
    }

    boolean ordered() {
        return ordered;
    }

    List<EventItem> items() {
        return items;
    }

    /** A new process begins; it asks the bus where to go on. */
    void start(final Bus bus) {
        publisher = bus.newPublisher(name);
        unconfirmedBySequence.clear();
        sent.clear();
        final Optional<RecordedSource> recorded = bus.recorded(name);
        beginAgain = false;
        if (ordered) {
            nextIndex = 0;
            if (recorded.isPresent()) {
                final byte[] position = recorded.get().sourcePosition();
                nextIndex = position.length == 0 ? 0 : new UnsafeBuffer(position).getLong(0) + 1;
                final boolean open = nextIndex > 0 && items.get((int)nextIndex - 1).transaction() >= 0
                    && items.get((int)nextIndex - 1).mark() != Mark.COMMIT;
                check(open == recorded.get().openTransaction(), "the log says openTransaction="
                    + recorded.get().openTransaction() + " behind item " + (nextIndex - 1));
                if (open) {
                    happened.accept(Happening.TRANSACTION_OPEN_AT_RESTART);
                    beginAgain = random.nextBoolean();
                }
            }
            check(nextIndex >= confirmedCount,
                "resumes with item " + nextIndex + ", but " + confirmedCount + " were confirmed and are forgotten");
            // What is recorded counts as finished.
            Arrays.fill(confirmed, 0, (int)nextIndex, true);
            confirmedCount = (int)nextIndex;
        }
    }

    private void check(final boolean holds, final String problem) {
        if (!holds) {
            throw new AssertionError("Source " + name + " " + problem);
        }
    }

    /**
     * Publishes what comes next, and more of it as long as chance and the ring allow.
     *
     * @param abortSome whether claims are given up at times.
     */
    void publishSome(final boolean abortSome) {
        int count = 1 + random.nextInt(8);
        while (count-- > 0 && publishOne(abortSome)) {
            // The next one.
        }
    }

    private boolean publishOne(final boolean abortSome) {
        if (abortSome && random.nextInt(12) == 0) {
            final long sequence = publisher.tryClaim(100 + random.nextInt(300), claim);
            if (sequence >= 0) {
                claim.abort();
                happened.accept(Happening.ABORTED_CLAIM);
            }
        }
        return ordered ? publishNext() : publishAny();
    }

    private boolean publishNext() {
        if (nextIndex == items.size()) {
            return false;
        }
        final EventItem item = items.get((int)nextIndex);
        if (beginAgain) {
            final EventItem begin = new EventItem(
                name, -1, Mark.BEGIN, item.transaction(), name + ".tx", "", 0, false);
            if (publish(begin) < 0) {
                return false;
            }
            beginAgain = false;
        }
        final long sequence = publish(item);
        if (sequence < 0) {
            return false;
        }
        unconfirmedBySequence.put(sequence, nextIndex);
        nextIndex++;
        return true;
    }

    /** Any of the next few that are not confirmed: mostly a new one, at times one that is on its way already. */
    private boolean publishAny() {
        final List<Long> candidates = new ArrayList<>();
        for (long index = 0; index < items.size() && candidates.size() < 10; index++) {
            if (!confirmed[(int)index] && (!sent.containsKey(index) || random.nextInt(10) == 0)) {
                candidates.add(index);
            }
        }
        if (candidates.isEmpty()) {
            return false;
        }
        final long index = candidates.get(random.nextInt(candidates.size()));
        final long answer = publish(items.get((int)index));
        if (answer == Publisher.DUPLICATE) {
            happened.accept(sent.containsKey(index) ? Happening.DUPLICATE_DROPPED : Happening.RESENT_AFTER_CRASH);
            check(sent.containsKey(index) || sentBefore, "is told of a duplicate of item " + index + ", a new one");
            // Confirmed when everything up to this sequence is recorded; an earlier promise may be fulfilled before.
            unconfirmedBySequence.put(claim.sequence(), index);
            sent.put(index, true);
            return true;
        }
        if (answer < 0) {
            return false;
        }
        check(!sent.containsKey(index), "published item " + index + " twice");
        sent.put(index, true);
        unconfirmedBySequence.put(answer, index);
        return true;
    }

    /** Confirms to the origin what the bus has taken over. */
    void confirm(final long finishedSequence) {
        while (!unconfirmedBySequence.isEmpty() && unconfirmedBySequence.firstKey() <= finishedSequence) {
            final int index = (int)(long)unconfirmedBySequence.pollFirstEntry().getValue();
            if (!confirmed[index]) {
                confirmed[index] = true;
                confirmedCount++;
            }
        }
    }

    boolean isConfirmed(final long index) {
        return confirmed[(int)index];
    }

    boolean allConfirmed() {
        return confirmedCount == items.size();
    }

    /** The process is gone. */
    void crashed() {
        sentBefore = true;
    }

    private long publish(final EventItem item) {
        final int positionBytes = ordered && item.index() >= 0 ? Long.BYTES : 0;
        final byte[] id = ordered ? new byte[0] : (name + item.index()).getBytes(StandardCharsets.US_ASCII);
        final int lengthBytes = EventWriter.overheadLength(item.topic().length(), name.length(), id.length, 0,
            positionBytes, item.key().length()) + Math.max(64, RecordedEvent.PAYLOAD_BYTES + item.fillerBytes());
        // At times more room than is needed, so that slots stay empty behind the event.
        final int claimBytes = Math.min(
            publisher.maxEventLengthBytes(), lengthBytes + (random.nextInt(4) == 0 ? random.nextInt(200) : 0));
        final long sequence = publisher.tryClaim(claimBytes, claim);
        if (sequence < 0) {
            if (sequence != Publisher.BACK_PRESSURED) {
                throw new AssertionError("Claiming " + claimBytes + " answered " + sequence);
            }
            return sequence;
        }
        final MutableDirectBuffer buffer = claim.buffer();
        writer.wrap(buffer, claim.offset(), claim.capacityBytes())
            .kind(item.mark() == null ? EventKind.DOCUMENT : EventKind.TRANSACTION)
            .topic(item.topic().getBytes(StandardCharsets.US_ASCII)).source(name.getBytes(StandardCharsets.US_ASCII))
            .messageId(id);
        if (positionBytes > 0) {
            final UnsafeBuffer position = new UnsafeBuffer(new byte[Long.BYTES]);
            position.putLong(0, item.index());
            writer.sourcePosition(position, 0, Long.BYTES);
        }
        writer.key(item.key().getBytes(StandardCharsets.US_ASCII));
        final int payloadOffset = writer.beginPayload();
        if (item.mark() == null) {
            buffer.putLong(payloadOffset, item.index());
            buffer.putLong(payloadOffset + Long.BYTES, item.transaction());
            buffer.putByte(payloadOffset + 2 * Long.BYTES, (byte)(item.poison() ? 1 : 0));
            writer.endPayload(RecordedEvent.PAYLOAD_BYTES + item.fillerBytes());
        } else {
            writer.endPayload(markWriter.wrap(buffer, payloadOffset).mark(item.mark())
                .transactionId(item.transaction()).length());
        }
        return claim.commit(writer.length());
    }
}
