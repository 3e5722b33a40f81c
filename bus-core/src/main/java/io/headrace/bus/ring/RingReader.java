package io.headrace.bus.ring;

import com.lmax.disruptor.Sequence;
import com.lmax.disruptor.Sequencer;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Walks over the committed events of a ring, and holds publishers back by its gate: no slot past the gate is written
 * again. Owned by one thread at a time; hand it over to another only with a happens-before edge between them.
 *
 * <p>A frame is taken only when <em>all</em> its slots are marked as published: a publisher marks them one by one, and
 * a gate that moved past a slot not yet marked would let the next lap's mark be overwritten by this lap's.
 */
public final class RingReader {
    private final Sequencer sequencer;
    private final UnsafeBuffer arena;
    private final Ring ring;
    private final long baseSequence;
    private final Sequence gate = new Sequence(-1);

    /** All in slots since the ring's base sequence: what is read next, and the last slot known to be published. */
    private long nextSlot;
    private long availableSlot = -1;

    /** Of the frame that {@link #next()} moved to. */
    private long sequence = -1;
    private int eventOffset;
    private int eventLengthBytes;
    private long publishedAtNs;

    RingReader(final Ring ring, final Sequencer sequencer) {
        this.ring = ring;
        this.sequencer = sequencer;
        this.arena = ring.arena();
        this.baseSequence = ring.baseSequence();
        sequencer.addGatingSequences(gate);
        nextSlot = gate.get() + 1;
        availableSlot = gate.get();
    }

    /**
     * Moves to the next committed event, over claims that were given up.
     *
     * @return true when there is one; it stays valid until {@link #release()}.
     */
    public boolean next() {
        while (hasFrame()) {
            final int frameOffset = ring.frameOffset(baseSequence + nextSlot);
            final int slots = arena.getInt(frameOffset + FrameDescriptor.SLOT_COUNT_OFFSET);
            if (nextSlot + slots - 1 > availableSlot && !refreshAvailable(nextSlot + slots - 1)) {
                return false;
            }
            eventLengthBytes = arena.getInt(frameOffset + FrameDescriptor.EVENT_LENGTH_OFFSET);
            sequence = baseSequence + nextSlot;
            nextSlot += slots;
            if (eventLengthBytes > 0) {
                eventOffset = frameOffset + FrameDescriptor.HEADER_LENGTH;
                publishedAtNs = arena.getLong(frameOffset + FrameDescriptor.PUBLISHED_AT_OFFSET);
                return true;
            }
        }
        return false;
    }

    /**
     * Steps back before the event that {@link #next()} moved to, for one that found no place in a batch.
     */
    public void back() {
        backTo(sequence);
    }

    /**
     * Steps back before an event that {@link #next()} moved over.
     *
     * @param earlierSequence of an event that was not released.
     */
    public void backTo(final long earlierSequence) {
        if (earlierSequence - baseSequence <= gate.get()) {
            throw new IllegalArgumentException("earlierSequence=" + earlierSequence + " was released");
        }
        nextSlot = earlierSequence - baseSequence;
    }

    /**
     * Whether {@link #next()} may find something: at least the first slot of a frame is published.
     *
     * @return true when there is something to look at.
     */
    public boolean hasFrame() {
        return nextSlot <= availableSlot || refreshAvailable(nextSlot);
    }

    private boolean refreshAvailable(final long neededSlot) {
        final long cursor = sequencer.getCursor();
        if (cursor < neededSlot) {
            return false;
        }
        availableSlot = sequencer.getHighestPublishedSequence(nextSlot, cursor);
        return availableSlot >= neededSlot;
    }

    /**
     * Moves the gate past everything that {@link #next()} moved over, claims that were given up among it: publishers
     * may write there again.
     *
     * @return true when the gate moved.
     */
    public boolean release() {
        if (gate.get() == nextSlot - 1) {
            return false;
        }
        gate.set(nextSlot - 1);
        return true;
    }

    /** Takes the gate out of the ring: this reader holds nobody back any more, and must not be used again. */
    public void close() {
        sequencer.removeGatingSequence(gate);
        ring.signal().signalAllWhenBlocking();
    }

    /**
     * The arena that holds the event.
     *
     * @return the buffer.
     */
    public DirectBuffer buffer() {
        return arena;
    }

    /**
     * Where in {@link #buffer()} the event begins.
     *
     * @return the offset in bytes.
     */
    public int eventOffset() {
        return eventOffset;
    }

    /**
     * The event's length.
     *
     * @return the length in bytes.
     */
    public int eventLengthBytes() {
        return eventLengthBytes;
    }

    /**
     * The event's place in the total order.
     *
     * @return the sequence.
     */
    public long sequence() {
        return sequence;
    }

    /**
     * When the event was committed, on the monotonic clock.
     *
     * @return nanoseconds.
     */
    public long publishedAtNs() {
        return publishedAtNs;
    }

    /**
     * The last sequence, in slots, that this reader has moved over: what follows is still to come.
     *
     * @return the sequence.
     */
    public long passedSequence() {
        return baseSequence + nextSlot - 1;
    }

    /**
     * How far the gate is behind the publishers. Safe to call from any thread.
     *
     * @return the number of slots claimed that the gate has not passed.
     */
    public long lagSlots() {
        return Math.max(0, sequencer.getCursor() - gate.get());
    }
}
