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
public final class RingReader implements EventCursor {
    private final Sequencer sequencer;
    private final UnsafeBuffer arena;
    private final Ring ring;
    private final long baseSequence;
    private final Sequence gate = new Sequence(-1);
    /** Up to which sequence, in slots, events may be read; null for all that are committed. */
    private final Sequence limit;

    /** All in slots since the ring's base sequence: what is read next, and the last slot known to be published. */
    private long nextSlot;
    private long availableSlot = -1;

    /** Of the frame that {@link #next()} moved to. */
    private long sequence = -1;
    private int eventOffset;
    private int eventLengthBytes;
    private long publishedAtNs;

    RingReader(final Ring ring, final Sequencer sequencer, final Sequence limit) {
        this.ring = ring;
        this.limit = limit;
        this.sequencer = sequencer;
        this.arena = ring.arena();
        this.baseSequence = ring.baseSequence();
        sequencer.addGatingSequences(gate);
        nextSlot = gate.get() + 1;
        availableSlot = gate.get();
    }

    /** {@inheritDoc} Claims that were given up are passed over. */
    @Override
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

    @Override
    public void back() {
        backTo(sequence, sequence);
    }

    @Override
    public void backTo(final long earlierSequence, final long mark) {
        if (earlierSequence - baseSequence <= gate.get()) {
            throw new IllegalArgumentException("earlierSequence=" + earlierSequence + " was released");
        }
        nextSlot = earlierSequence - baseSequence;
    }

    @Override
    public long mark() {
        return sequence;
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
        long cursor = sequencer.getCursor();
        if (limit != null) {
            cursor = Math.min(cursor, limit.get() - baseSequence);
        }
        if (cursor < neededSlot) {
            return false;
        }
        availableSlot = sequencer.getHighestPublishedSequence(nextSlot, cursor);
        return availableSlot >= neededSlot;
    }

    /**
     * {@inheritDoc} The gate moves past it, claims that were given up among it: publishers may write there again.
     */
    @Override
    public boolean release() {
        if (gate.get() == nextSlot - 1) {
            return false;
        }
        gate.set(nextSlot - 1);
        return true;
    }

    /**
     * Moves the gate only as far as a sequence, and keeps what {@link #next()} moved over behind it.
     *
     * @param releasedSequence in slots, from the last one released to {@link #passedSequence()}.
     */
    public void releaseTo(final long releasedSequence) {
        final long slot = releasedSequence - baseSequence;
        if (slot < gate.get() || slot >= nextSlot) {
            throw new IllegalArgumentException("releasedSequence=" + releasedSequence + " is not between "
                + (baseSequence + gate.get()) + " and " + passedSequence());
        }
        gate.set(slot);
    }

    /** Takes the gate out of the ring: this reader holds nobody back any more, and must not be used again. */
    public void close() {
        sequencer.removeGatingSequence(gate);
        ring.signal().signalAllWhenBlocking();
    }

    @Override
    public DirectBuffer buffer() {
        return arena;
    }

    @Override
    public int eventOffset() {
        return eventOffset;
    }

    @Override
    public int eventLengthBytes() {
        return eventLengthBytes;
    }

    @Override
    public long sequence() {
        return sequence;
    }

    @Override
    public long publishedAtNs() {
        return publishedAtNs;
    }

    @Override
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
