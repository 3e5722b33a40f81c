package io.headrace.bus.ring;

import org.agrona.DirectBuffer;

/** Walks over events in their total order, in the ring or in the event log. Owned by one thread. */
public interface EventCursor {
    /**
     * Moves to the next event.
     *
     * @return true when there is one now; it stays valid until the cursor is released or moves on.
     */
    boolean next();

    /** Steps back before the event that {@link #next()} moved to, for one that found no place in a batch. */
    void back();

    /**
     * Steps back before an event that {@link #next()} moved over.
     *
     * @param earlierSequence of the event, which was not released.
     * @param mark            of the event, as {@link #mark()} told it.
     */
    void backTo(long earlierSequence, long mark);

    /**
     * Where the cursor finds the event again that {@link #next()} moved to.
     *
     * @return a mark of this cursor.
     */
    long mark();

    /**
     * Gives up what was moved over.
     *
     * @return true when there was something to give up.
     */
    boolean release();

    /**
     * The buffer that holds the event.
     *
     * @return the buffer.
     */
    DirectBuffer buffer();

    /**
     * Where in {@link #buffer()} the event begins.
     *
     * @return the offset in bytes.
     */
    int eventOffset();

    /**
     * The event's length.
     *
     * @return the length in bytes.
     */
    int eventLengthBytes();

    /**
     * The event's place in the total order.
     *
     * @return the sequence.
     */
    long sequence();

    /**
     * When the event was committed, on the monotonic clock.
     *
     * @return nanoseconds.
     */
    long publishedAtNs();

    /**
     * The last sequence, in slots, that was moved over: what follows is still to come.
     *
     * @return the sequence.
     */
    long passedSequence();
}
