package io.headrace.perf.rig;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** Stateless: what the payload of every event on an open loop begins with, its number and its two times. */
public final class Stamp {
    private static final int INTENDED_OFFSET = Long.BYTES;
    private static final int SENT_OFFSET = 2 * Long.BYTES;

    private Stamp() {
    }

    /**
     * Writes it.
     *
     * @param payload    to begin with it.
     * @param number     of the event.
     * @param intendedNs when the schedule wanted it sent.
     * @param sentNs     when it is.
     */
    public static void write(
        final MutableDirectBuffer payload, final long number, final long intendedNs, final long sentNs) {
        payload.putLong(0, number);
        payload.putLong(INTENDED_OFFSET, intendedNs);
        payload.putLong(SENT_OFFSET, sentNs);
    }

    /**
     * Gives an event to its receiver.
     *
     * @param receiver of the event.
     * @param buffer   that holds its payload.
     * @param offset   of the payload.
     */
    public static void receive(final Receiver receiver, final DirectBuffer buffer, final int offset) {
        receiver.onEvent(
            buffer.getLong(offset), buffer.getLong(offset + INTENDED_OFFSET), buffer.getLong(offset + SENT_OFFSET));
    }
}
