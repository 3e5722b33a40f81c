package io.headrace.perf.fanout;

import io.headrace.bus.Bus;
import io.headrace.bus.BusContext;
import io.headrace.bus.publish.EventClaim;
import io.headrace.bus.publish.Publisher;
import io.headrace.bus.ring.WaitProfile;
import io.headrace.bus.subscription.TopicSelector;
import io.headrace.codecs.EventWriter;
import io.headrace.codecs.sbe.EventKind;
import io.headrace.perf.rig.EventPath;
import io.headrace.perf.rig.Receiver;
import io.headrace.perf.rig.Stamp;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** The sending thread, and one of each direct subscription: the whole bus without an event log. */
final class BusPath implements EventPath {
    private static final byte[] TOPIC = "erp.public.stock".getBytes(StandardCharsets.UTF_8);
    private static final int SLOTS = 1 << 16;

    private final Bus bus;
    private final Publisher publisher;
    private final EventClaim claim = new EventClaim();
    private final EventWriter writer = new EventWriter();
    private final UnsafeBuffer payload;
    private final int lengthBytes;

    BusPath(final List<Receiver> receivers, final int payloadBytes, final String waitProfile) {
        payload = new UnsafeBuffer(new byte[payloadBytes]);
        lengthBytes = EventWriter.overheadLength(TOPIC.length, 0, 0, 0, 0, 0) + payloadBytes;
        bus = new Bus(new BusContext().ring(SLOTS, 256)
            .waitProfile(WaitProfile.valueOf(waitProfile.toUpperCase(Locale.ROOT))));
        for (int i = 0; i < receivers.size(); i++) {
            final Receiver receiver = receivers.get(i);
            bus.subscribe("receiver-" + i, TopicSelector.of("erp.*"),
                event -> Stamp.receive(receiver, event.buffer(), event.payloadOffset()));
        }
        publisher = bus.newPublisher("sender");
    }

    @Override
    public void send(final long number, final long intendedNs, final long sentNs) {
        publisher.claim(lengthBytes, claim, Long.MAX_VALUE / 2);
        Stamp.write(payload, number, intendedNs, sentNs);
        claim.commit(writer.wrap(claim.buffer(), claim.offset()).kind(EventKind.DOCUMENT).topic(TOPIC)
            .payload(payload, 0, payload.capacity()).length());
    }

    @Override
    public void close() {
        bus.close();
    }
}
