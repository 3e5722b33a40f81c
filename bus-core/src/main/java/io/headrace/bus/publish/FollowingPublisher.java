package io.headrace.bus.publish;

import io.headrace.bus.monitor.BusClock;
import io.headrace.bus.monitor.Counters;
import io.headrace.bus.ring.Ring;
import io.headrace.codecs.DecodeError;
import io.headrace.codecs.EventStamp;
import io.headrace.codecs.EventView;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.AtomicCounter;

/**
 * Brings a leader's events into the ring of a replica, each at the sequence that the leader gave it. Owned by the link
 * thread, which is the only one that publishes on a replica.
 *
 * <pre>
 *   leader's ring    │ 7 │ 8 │(given up)│ 10 │ 11 │ 12 …      event 8 takes one slot, event 10 three
 *   replica's ring   │ 7 │ 8 │(claimed and given up)│ 10 │ 11 │ 12 …
 * </pre>
 */
public final class FollowingPublisher {
    private final Ring ring;
    private final BusClock clock;
    private final EventView view = new EventView();
    private final UnsafeBuffer event = new UnsafeBuffer(0, 0);
    private final AtomicCounter receivedEvents;
    private final AtomicCounter receivedBytes;
    private final AtomicCounter backPressured;

    /**
     * Makes the publisher; it counts under {@code replica.*}.
     *
     * @param ring     to publish to.
     * @param clock    of the bus.
     * @param counters of the bus.
     */
    public FollowingPublisher(final Ring ring, final BusClock clock, final Counters counters) {
        this.ring = ring;
        this.clock = clock;
        receivedEvents = counters.counter("replica.received-events");
        receivedBytes = counters.counter("replica.received-bytes");
        backPressured = counters.counter("replica.back-pressured");
    }

    /** {@return the first sequence that was not received} */
    public long nextSequence() {
        return ring.claimedSequence() + 1;
    }

    /**
     * Publishes an event of the leader. Never blocks.
     *
     * @param sequence     the leader's, at or behind {@link #nextSequence()}.
     * @param nextSequence the first that an event behind it may have: the difference is how many slots it takes.
     * @param buffer       that holds the event.
     * @param offset       where it begins.
     * @param lengthBytes  its length.
     * @return false when there is no room now; trying again with the same event goes on where it was.
     * @throws IllegalArgumentException when this cannot be the next event, or never fits; nothing was published.
     */
    public boolean publish(
        final long sequence, final long nextSequence, final DirectBuffer buffer, final int offset,
        final int lengthBytes) {
        final long slots = nextSequence - sequence;
        check(sequence, slots, buffer, offset, lengthBytes);
        if (!passTo(sequence) || ring.tryClaimSlots((int)slots) < 0) {
            backPressured.increment();
            return false;
        }
        ring.wrapEvent(sequence, lengthBytes, event);
        event.putBytes(0, buffer, offset, lengthBytes);
        ring.commitSlots(
            sequence, (int)slots, lengthBytes, clock.monotonicNs(EventStamp.publishTimeNs(buffer, offset)));
        receivedEvents.increment();
        receivedBytes.getAndAdd(lengthBytes);
        return true;
    }

    private void check(
        final long sequence, final long slots, final DirectBuffer buffer, final int offset, final int lengthBytes) {
        if (sequence < nextSequence()) {
            throw new IllegalArgumentException(
                "sequence=" + sequence + " is before the next one, nextSequence=" + nextSequence());
        }
        if (lengthBytes > ring.maxEventLengthBytes() || slots > ring.maxEventSlots()) {
            throw new IllegalArgumentException("lengthBytes=" + lengthBytes + " slots=" + slots + " at sequence="
                + sequence + " is more than maxEventLengthBytes=" + ring.maxEventLengthBytes()
                + ": give the replica a ring and a log term as large as the leader's");
        }
        if (slots < ring.slotCount(lengthBytes)) {
            throw new IllegalArgumentException("slots=" + slots + " at sequence=" + sequence
                + " do not hold lengthBytes=" + lengthBytes + ": give the replica the leader's bus.slot-bytes");
        }
        if (view.wrap(buffer, offset, lengthBytes) != DecodeError.NONE || view.sequence() != sequence) {
            throw new IllegalArgumentException("what came for sequence=" + sequence + " is not that event");
        }
    }

    /**
     * Takes no event up to a sequence: what the leader claimed there was given up.
     *
     * @param sequence the first that an event may have; what is passed already stays so.
     * @return false when there is no room now.
     */
    public boolean passTo(final long sequence) {
        long gap = sequence - nextSequence();
        while (gap > 0) {
            final int slots = (int)Math.min(gap, ring.maxEventSlots());
            final long claimed = ring.tryClaimSlots(slots);
            if (claimed < 0) {
                return false;
            }
            ring.commitSlots(claimed, slots, 0, clock.nanoTime());
            gap -= slots;
        }
        return true;
    }
}
