package io.headrace.perf.link;

import io.headrace.bus.Bus;
import io.headrace.bus.publish.EventClaim;
import io.headrace.bus.publish.Publisher;
import io.headrace.bus.subscription.EventHandler;
import io.headrace.codecs.EventWriter;
import io.headrace.codecs.sbe.EventKind;
import io.headrace.perf.rig.Receiver;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.charset.StandardCharsets;

/** Publishes events of one length on a leader's bus; owned by one thread. */
final class EventSender {
    static final int EVENT_BYTES = 128;
    static final String TOPIC = "m";

    private static final byte[] TOPIC_BYTES = TOPIC.getBytes(StandardCharsets.UTF_8);

    private final Publisher publisher;
    private final EventClaim claim = new EventClaim();
    private final EventWriter writer = new EventWriter();
    private final UnsafeBuffer payload = new UnsafeBuffer(new byte[
        EVENT_BYTES - EventWriter.overheadLength(TOPIC_BYTES.length, TOPIC_BYTES.length, 0, 0, 0, 0)]);

    EventSender(final Bus bus) {
        publisher = bus.newPublisher(TOPIC);
    }

    /** Waits for room. */
    void send(final long number, final long intendedNs, final long sentNs) {
        if (publisher.claim(EVENT_BYTES, claim, Long.MAX_VALUE / 2) < 0) {
            throw new IllegalStateException("the bus takes no event");
        }
        payload.putLong(0, number);
        payload.putLong(Long.BYTES, sentNs);
        claim.commit(writer.wrap(claim.buffer(), claim.offset()).kind(EventKind.DOCUMENT)
            .sourceTimeNs(intendedNs).topic(TOPIC_BYTES).source(TOPIC_BYTES)
            .payload(payload, 0, payload.capacity()).length());
    }

    /** A handler that takes what this sends. */
    static EventHandler handler(final Receiver receiver) {
        return event -> receiver.onEvent(event.buffer().getLong(event.payloadOffset()), event.sourceTimeNs(),
            event.buffer().getLong(event.payloadOffset() + Long.BYTES));
    }
}
