package io.headrace.bus.publish;

import org.agrona.DirectBuffer;

/**
 * Writes events to a bus. Safe for use by several threads at once on a bus with several producers (the default); on
 * one declared single-producer, by one thread only. No call allocates, locks or throws for a condition of operation:
 * every answer is the event's sequence, or one of the negative codes.
 *
 * <p>Events with a message id are recognised when they come again: a window holds the last ids of each source, over
 * restarts too on a bus with an event log, where the publisher is named like the source in its events. Only the commit
 * of an event puts its id there, so that what was given up or refused may come again.
 */
public interface Publisher {
    /** The slowest gating subscription leaves no room now; trying again may succeed. */
    long BACK_PRESSURED = -2;

    /** The bus is closed; trying again cannot succeed. */
    long CLOSED = -4;

    /** The event is longer than {@link #maxEventLengthBytes()}; trying again cannot succeed. */
    long TOO_LONG = -6;

    /** The bytes offered are not an event, or what is claimed is too short for one; trying again cannot succeed. */
    long MALFORMED = -7;

    /**
     * The event has a message id that its source gave to one of its last events: it is left out and counted. Nothing is
     * wrong; but the event that has the id may not be recorded yet, see {@link EventClaim#sequence()}.
     */
    long DUPLICATE = -8;

    /**
     * Claims room for one event to be encoded in place. Never blocks. The claim must be committed or aborted by the
     * same thread without delay: subscriptions cannot pass it.
     *
     * @param maxLengthBytes an upper bound of the event's length; the commit may be shorter.
     * @param claim          filled in on success.
     * @return the event's sequence, {@link #BACK_PRESSURED}, {@link #CLOSED}, {@link #TOO_LONG} or
     * {@link #MALFORMED}.
     */
    long tryClaim(int maxLengthBytes, EventClaim claim);

    /**
     * As {@link #tryClaim(int, EventClaim)}, but waits for room: spins, then parks for a moment at a time, longer and
     * longer up to a millisecond.
     *
     * @param maxLengthBytes an upper bound of the event's length.
     * @param claim          filled in on success.
     * @param timeoutNs      how long to wait at the most, in nanoseconds.
     * @return the event's sequence, {@link #BACK_PRESSURED} when the time ran out or the thread was interrupted (its
     * interrupt status is kept), {@link #CLOSED}, {@link #TOO_LONG} or {@link #MALFORMED}.
     */
    long claim(int maxLengthBytes, EventClaim claim, long timeoutNs);

    /**
     * Copies an encoded event to the bus. Never blocks. Bytes that are no event are refused and counted.
     *
     * @param buffer      that holds one event as {@link io.headrace.codecs.EventWriter} encodes it.
     * @param offset      where it begins.
     * @param lengthBytes its length.
     * @return the event's sequence, {@link #BACK_PRESSURED}, {@link #CLOSED}, {@link #TOO_LONG},
     * {@link #MALFORMED} or {@link #DUPLICATE}.
     */
    long offer(DirectBuffer buffer, int offset, int lengthBytes);

    /**
     * As {@link #offer(DirectBuffer, int, int)}, but waits for room.
     *
     * @param buffer      that holds one event.
     * @param offset      where it begins.
     * @param lengthBytes its length.
     * @param timeoutNs   how long to wait at the most, in nanoseconds.
     * @return the event's sequence, {@link #BACK_PRESSURED} when the time ran out or the thread was interrupted (its
     * interrupt status is kept), {@link #CLOSED}, {@link #TOO_LONG}, {@link #MALFORMED} or {@link #DUPLICATE}.
     */
    long publish(DirectBuffer buffer, int offset, int lengthBytes, long timeoutNs);

    /**
     * The longest event that this bus takes.
     *
     * @return the length in bytes.
     */
    int maxEventLengthBytes();
}
