package io.headrace.perf.ring;

import io.headrace.bus.Bus;
import io.headrace.bus.BusContext;
import io.headrace.bus.adapter.EventBatch;
import io.headrace.bus.adapter.Sink;
import io.headrace.bus.publish.EventClaim;
import io.headrace.bus.publish.Publisher;
import io.headrace.bus.ring.WaitProfile;
import io.headrace.bus.subscription.SubscriptionContext;
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

    private BusConveyor(final int payloadBytes, final WaitProfile waiting) {
        this.payloadBytes = payloadBytes;
        bus = new Bus(new BusContext().ring(CAPACITY, SLOT_BYTES).waitProfile(waiting));
    }

    /** Handlers that read the events in the ring. */
    static BusConveyor direct(final List<Consumer> consumers, final int payloadBytes, final WaitProfile waiting) {
        final BusConveyor conveyor = new BusConveyor(payloadBytes, waiting);
        for (int i = 0; i < consumers.size(); i++) {
            final Consumer consumer = consumers.get(i);
            conveyor.bus.subscribe("consumer-" + i, TopicSelector.of("t"), event -> onEvent(consumer, event));
        }
        return conveyor;
    }

    /** Sinks that are given batches copied out of the ring. */
    static BusConveyor buffered(final List<Consumer> consumers, final int payloadBytes, final WaitProfile waiting) {
        final BusConveyor conveyor = new BusConveyor(payloadBytes, waiting);
        for (int i = 0; i < consumers.size(); i++) {
            final Consumer consumer = consumers.get(i);
            conveyor.bus.subscribe(new SubscriptionContext().name("consumer-" + i).topics(TopicSelector.of("t")),
                lane -> new ConsumerSink(consumer));
        }
        return conveyor;
    }

    /** The thread of a lane. */
    private record ConsumerSink(Consumer consumer) implements Sink {
        @Override
        public void deliver(final EventBatch batch) {
            for (int i = 0; i < batch.size(); i++) {
                final EventView event = batch.event(i);
                consumer.onEvent(event.buffer(), event.payloadOffset());
            }
            consumer.show();
        }

        @Override
        public void close() {
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
