package io.headrace.perf.growth;

import io.headrace.bus.Bus;
import io.headrace.bus.BusContext;
import io.headrace.bus.adapter.EventBatch;
import io.headrace.bus.adapter.Sink;
import io.headrace.bus.ring.WaitProfile;
import io.headrace.bus.subscription.SubscriptionContext;
import io.headrace.bus.subscription.TopicSelector;
import io.headrace.codecs.EventView;
import io.headrace.perf.rig.EventPath;
import io.headrace.perf.rig.Receiver;

import java.util.List;
import java.util.Locale;

/** The sending thread, and that of each buffered subscription: a bus without an event log, as sinks see it. */
final class BufferedPath implements EventPath {
    private static final int SLOTS = 1 << 16;
    private static final int SLOT_BYTES = 256;
    private static final int INTENDED_OFFSET = Long.BYTES;
    private static final int SENT_OFFSET = 2 * Long.BYTES;

    private final Bus bus;
    private final Sender sender;

    BufferedPath(final List<Receiver> receivers, final int payloadBytes, final String waitProfile) {
        bus = new Bus(new BusContext().ring(SLOTS, SLOT_BYTES)
            .waitProfile(WaitProfile.valueOf(waitProfile.toUpperCase(Locale.ROOT))));
        for (int i = 0; i < receivers.size(); i++) {
            final Receiver receiver = receivers.get(i);
            bus.subscribe(new SubscriptionContext().name("receiver-" + i).topics(TopicSelector.of("erp.*")),
                lane -> new ReceiverSink(receiver));
        }
        sender = new Sender(bus, payloadBytes);
    }

    @Override
    public void send(final long number, final long intendedNs, final long sentNs) {
        sender.payload().putLong(0, number);
        sender.payload().putLong(INTENDED_OFFSET, intendedNs);
        sender.payload().putLong(SENT_OFFSET, sentNs);
        sender.send();
    }

    @Override
    public void close() {
        bus.close();
    }

    /** The thread of a lane. */
    private record ReceiverSink(Receiver receiver) implements Sink {
        @Override
        public void deliver(final EventBatch batch) {
            for (int i = 0; i < batch.size(); i++) {
                final EventView event = batch.event(i);
                final int offset = event.payloadOffset();
                receiver.onEvent(event.buffer().getLong(offset), event.buffer().getLong(offset + INTENDED_OFFSET),
                    event.buffer().getLong(offset + SENT_OFFSET));
            }
        }

        @Override
        public void close() {
        }
    }
}
