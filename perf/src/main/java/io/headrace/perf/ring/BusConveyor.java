package io.headrace.perf.ring;

import io.headrace.bus.Bus;
import io.headrace.bus.BusContext;
import io.headrace.bus.publish.EventClaim;
import io.headrace.bus.publish.Publisher;
import io.headrace.bus.ring.WaitProfile;
import io.headrace.bus.subscription.TopicSelector;
import io.headrace.codecs.EventView;
import io.headrace.codecs.EventWriter;
import io.headrace.codecs.sbe.EventKind;

import java.util.List;

/**
 * The whole bus: claim, envelope, two readings of the clock, counters, the envelope's check, selection by topic, and
 * the latency of each event.
 */
final class BusConveyor implements Conveyor {
    private static final byte[] TOPIC = {'t'};
    private static final int SLOT_BYTES = 256;

    private final Bus bus;
    private final int payloadBytes;

    BusConveyor(final List<Consumer> consumers, final int payloadBytes, final WaitProfile waiting) {
        this.payloadBytes = payloadBytes;
        bus = new Bus(new BusContext().ring(CAPACITY, SLOT_BYTES).waitProfile(waiting));
        int number = 0;
        for (final Consumer consumer : consumers) {
            bus.subscribe("consumer-" + number++, TopicSelector.of("t"), event -> onEvent(consumer, event));
        }
    }

    /** There is no end of a batch to be seen here, so each event shows. */
    private static void onEvent(final Consumer consumer, final EventView event) {
        consumer.onEvent(event.buffer(), event.payloadOffset());
        consumer.show();
    }

    @Override
    public Inlet inlet() {
        final Publisher publisher = bus.newPublisher("publisher-" + System.nanoTime());
        final EventClaim claim = new EventClaim();
        final EventWriter writer = new EventWriter();
        final int length = EventWriter.overheadLength(TOPIC.length, 0, 0, 0, 0, 0) + payloadBytes;
        return event -> {
            publisher.claim(length, claim, Long.MAX_VALUE / 2);
            claim.commit(writer.wrap(claim.buffer(), claim.offset()).kind(EventKind.DOCUMENT).topic(TOPIC)
                .payload(event, 0, payloadBytes).length());
        };
    }

    @Override
    public void close() {
        bus.close();
    }
}
