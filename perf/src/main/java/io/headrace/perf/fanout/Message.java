package io.headrace.perf.fanout;

import io.headrace.perf.rig.Receiver;
import io.headrace.perf.rig.Stamp;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Immutable: what the buses that pass objects carry, a new one for each event, with the same payload as in every arm.
 *
 * @param payload that begins with the number and the two times.
 */
record Message(UnsafeBuffer payload) {
    static Message of(final UnsafeBuffer template, final long number, final long intendedNs, final long sentNs) {
        final UnsafeBuffer payload = new UnsafeBuffer(new byte[template.capacity()]);
        payload.putBytes(0, template, 0, template.capacity());
        Stamp.write(payload, number, intendedNs, sentNs);
        return new Message(payload);
    }

    void receive(final Receiver receiver) {
        Stamp.receive(receiver, payload, 0);
    }
}
