package io.headrace.bus.publish;

import io.headrace.bus.ring.Ring;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;

import java.util.concurrent.TimeUnit;

/**
 * Room in the ring for one event, to be encoded in place. Owned by one publishing thread, which uses it again for
 * each of its claims.
 */
public final class EventClaim {
    private static final int WAIT_SPINS = 100;
    /** Where many publishers wait, a yield gives the core to the next one that waits, and not to the slow reader. */
    private static final int WAIT_YIELDS = 0;
    private static final long WAIT_MIN_PARK_NS = TimeUnit.MICROSECONDS.toNanos(1);
    /** Each wake-up for nothing takes time from the one reader that all wait for. */
    private static final long WAIT_MAX_PARK_NS = TimeUnit.MILLISECONDS.toNanos(1);

    /** How its thread waits for room. */
    final IdleStrategy waiting =
        new BackoffIdleStrategy(WAIT_SPINS, WAIT_YIELDS, WAIT_MIN_PARK_NS, WAIT_MAX_PARK_NS);

    private final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);
    private RingPublisher publisher;
    private long sequence = -1;
    private int capacityBytes;

    void open(
        final RingPublisher owner, final Ring ring, final long claimedSequence, final int claimedBytes) {
        publisher = owner;
        sequence = claimedSequence;
        capacityBytes = claimedBytes;
        ring.wrapEvent(claimedSequence, claimedBytes, buffer);
    }

    /**
     * The buffer to encode into; it ends where the claim ends.
     *
     * @return the buffer.
     */
    public MutableDirectBuffer buffer() {
        return buffer;
    }

    /**
     * Where in {@link #buffer()} the event begins.
     *
     * @return the offset in bytes.
     */
    public int offset() {
        return 0;
    }

    /**
     * How many bytes the event may have.
     *
     * @return the claimed length in bytes.
     */
    public int capacityBytes() {
        return capacityBytes;
    }

    /**
     * The event's place in the total order. After {@link #commit(int)} answered with {@link Publisher#DUPLICATE}: a
     * sequence at or behind that of the event that has the id. A source that confirms upstream what is recorded
     * confirms the repeated message when this sequence is.
     *
     * @return the sequence.
     */
    public long sequence() {
        return sequence;
    }

    /**
     * Stamps the event with its sequence and its publish time, and shows it to the subscriptions; or gives the room up
     * when its message id is that of one of the source's last events.
     *
     * @param lengthBytes the event's length, as {@link io.headrace.codecs.EventWriter#length()} tells it.
     * @return the event's sequence, or {@link Publisher#DUPLICATE}.
     * @throws IllegalArgumentException when the length is not between that of an empty event and the capacity; the
     *                                  claim stays open.
     * @throws IllegalStateException    when the claim is not open.
     */
    public long commit(final int lengthBytes) {
        if (lengthBytes < RingPublisher.MIN_EVENT_BYTES || lengthBytes > capacityBytes) {
            throw new IllegalArgumentException("lengthBytes=" + lengthBytes + " capacityBytes=" + capacityBytes);
        }
        final RingPublisher owner = close();
        if (owner.commit(sequence, capacityBytes, lengthBytes, buffer)) {
            return sequence;
        }
        sequence = owner.claimedSequence();
        return Publisher.DUPLICATE;
    }

    /**
     * Gives the room up. Its sequence is used by no event.
     *
     * @throws IllegalStateException when the claim is not open.
     */
    public void abort() {
        close().abort(sequence, capacityBytes);
    }

    private RingPublisher close() {
        final RingPublisher owner = publisher;
        if (owner == null) {
            throw new IllegalStateException("the claim is not open: it was committed or aborted before");
        }
        publisher = null;
        return owner;
    }
}
