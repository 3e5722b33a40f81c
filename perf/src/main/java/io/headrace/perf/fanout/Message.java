package io.headrace.perf.fanout;

import io.headrace.perf.rig.Receiver;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Immutable: what the buses that pass objects carry, a new one for each event, with the same payload as in every arm.
 *
 * @param payload that begins with the number and the two times.
 */
record Message(UnsafeBuffer payload) {
    static final int INTENDED_OFFSET = Long.BYTES;
    static final int SENT_OFFSET = 2 * Long.BYTES;

    /** Writes what every payload begins with. */
    static void stamp(final UnsafeBuffer payload, final long number, final long intendedNs, final long sentNs) {
        payload.putLong(0, number);
        payload.putLong(INTENDED_OFFSET, intendedNs);
        payload.putLong(SENT_OFFSET, sentNs);
    }

    static Message of(final UnsafeBuffer template, final long number, final long intendedNs, final long sentNs) {
        final UnsafeBuffer payload = new UnsafeBuffer(new byte[template.capacity()]);
        payload.putBytes(0, template, 0, template.capacity());
        stamp(payload, number, intendedNs, sentNs);
        return new Message(payload);
    }

    static void receive(final Receiver receiver, final DirectBuffer payload, final int offset) {
        receiver.onEvent(payload.getLong(offset), payload.getLong(offset + INTENDED_OFFSET),
            payload.getLong(offset + SENT_OFFSET));
    }

    void receive(final Receiver receiver) {
        receive(receiver, payload, 0);
    }
}
