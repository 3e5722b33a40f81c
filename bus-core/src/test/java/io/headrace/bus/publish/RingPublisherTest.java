package io.headrace.bus.publish;

import io.headrace.bus.Bus;
import io.headrace.bus.BusContext;
import io.headrace.bus.subscription.DirectSubscription;
import io.headrace.bus.subscription.TopicSelector;
import io.headrace.codecs.EventWriter;
import io.headrace.codecs.sbe.EventKind;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class RingPublisherTest {
    private static final long NOW_EPOCH_NS = 1_700_000_000_000_000_000L;

    private long monotonicNs = 5_000;
    private final Bus bus = new Bus(new BusContext()
        .ring(64, 64).clocks(() -> monotonicNs, () -> NOW_EPOCH_NS + monotonicNs));
    private final Publisher publisher = bus.newPublisher("test");
    private final EventClaim claim = new EventClaim();
    private final List<String> received = new ArrayList<>();
    private final DirectSubscription subscription = bus.addDirect("reader", TopicSelector.of("t*"), event ->
        received.add(event.sequence() + " " + event.topic() + " " + (event.publishTimeNs() - NOW_EPOCH_NS)));

    @AfterEach
    void close() {
        bus.close();
    }

    private static int encode(final EventWriter writer, final String topic, final int payloadBytes) {
        return writer.kind(EventKind.DOCUMENT).topic(topic.getBytes()).payload(new byte[payloadBytes]).length();
    }

    private int encodeToClaim() {
        return encode(new EventWriter().wrap(claim.buffer(), claim.offset()), "t1", 0);
    }

    private Map<String, Long> counters() {
        final Map<String, Long> values = new TreeMap<>();
        bus.counters().forEach(values::put);
        return values;
    }

    @Test
    void shouldStampWhatIsCommittedInPlace() {
        assertEquals(0, publisher.tryClaim(200, claim));
        monotonicNs = 7_000;
        claim.commit(encodeToClaim());
        subscription.doWork();
        assertEquals(List.of("0 t1 7000"), received);
        assertEquals(1, counters().get("publisher.test.published-events"));
    }

    @Test
    void shouldCopyWhatIsOffered() {
        final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
        final int length = encode(new EventWriter().wrap(buffer, 3), "t2", 10);
        assertEquals(0, publisher.offer(buffer, 3, length));
        assertEquals(length, counters().get("publisher.test.published-bytes"));
        subscription.doWork();
        assertEquals(List.of("0 t2 5000"), received);
    }

    @Test
    void shouldRefuseWhatIsNoEventAndCountIt() {
        assertEquals(Publisher.MALFORMED, publisher.offer(new UnsafeBuffer(new byte[100]), 0, 100));
        assertEquals(Publisher.MALFORMED, publisher.offer(new UnsafeBuffer(new byte[100]), 0, 0));
        assertEquals(Publisher.TOO_LONG, publisher.tryClaim(publisher.maxEventLengthBytes() + 1, claim));
        assertEquals(Publisher.MALFORMED, publisher.tryClaim(8, claim));
        assertEquals(4, counters().get("publisher.test.refused"));
        subscription.doWork();
        assertTrue(received.isEmpty());
    }

    @Test
    void shouldAnswerBackPressureWhileTheSlowestHasNotMoved() {
        for (int i = 0; i < 16; i++) {
            assertTrue(publisher.tryClaim(200, claim) >= 0);
            claim.commit(encodeToClaim());
        }
        assertEquals(Publisher.BACK_PRESSURED, publisher.tryClaim(200, claim));
        assertEquals(Publisher.BACK_PRESSURED, publisher.claim(200, claim, -1));
        assertEquals(2, counters().get("publisher.test.back-pressured"));
        subscription.doWork();
        assertTrue(publisher.tryClaim(200, claim) >= 0);
        claim.abort();
    }

    @Test
    void shouldGiveUpWaitingWhenInterrupted() {
        for (int i = 0; i < 16; i++) {
            publisher.tryClaim(200, claim);
            claim.commit(encodeToClaim());
        }
        Thread.currentThread().interrupt();
        assertEquals(Publisher.BACK_PRESSURED, publisher.claim(200, claim, Long.MAX_VALUE / 2));
        assertTrue(Thread.interrupted());
    }

    @Test
    void shouldRefuseMisuseOfAClaim() {
        assertThrows(IllegalStateException.class, claim::abort);
        publisher.tryClaim(100, claim);
        assertThrows(IllegalArgumentException.class, () -> claim.commit(101));
        assertThrows(IllegalArgumentException.class, () -> claim.commit(8), "too short to be stamped");
        assertThrows(IndexOutOfBoundsException.class, () -> claim.buffer().putByte(100, (byte)1));
        claim.abort();
        assertThrows(IllegalStateException.class, () -> claim.commit(100));
    }

    @Test
    void shouldAnswerClosedAfterTheBusClosed() {
        bus.close();
        assertEquals(Publisher.CLOSED, publisher.tryClaim(100, claim));
    }
}
