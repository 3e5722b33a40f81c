package io.headrace.perf.growth;

import io.headrace.bus.Bus;
import io.headrace.bus.publish.EventClaim;
import io.headrace.bus.publish.Publisher;
import io.headrace.codecs.EventWriter;
import io.headrace.codecs.sbe.EventKind;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.charset.StandardCharsets;

/** The sending thread: publishes events with a payload of one length, encoded in place. */
final class Sender {
    static final byte[] TOPIC = "erp.public.stock".getBytes(StandardCharsets.UTF_8);

    private final Publisher publisher;
    private final EventClaim claim = new EventClaim();
    private final EventWriter writer = new EventWriter();
    private final UnsafeBuffer payload;

    Sender(final Bus bus, final int payloadBytes) {
        publisher = bus.newPublisher("sender");
        payload = new UnsafeBuffer(new byte[payloadBytes]);
    }

    /** What the next event will carry. */
    UnsafeBuffer payload() {
        return payload;
    }

    /** Waits for room; answers the event's sequence. */
    long send() {
        return send(TOPIC);
    }

    /** Waits for room; answers the event's sequence. */
    long send(final byte[] topic) {
        final long sequence = publisher.claim(lengthBytes(topic), claim, Long.MAX_VALUE / 2);
        claim.commit(writer.wrap(claim.buffer(), claim.offset()).kind(EventKind.DOCUMENT).topic(topic)
            .payload(payload, 0, payload.capacity()).length());
        return sequence;
    }

    /** How long an event is. */
    int lengthBytes(final byte[] topic) {
        return EventWriter.overheadLength(topic.length, 0, 0, 0, 0, 0) + payload.capacity();
    }
}
