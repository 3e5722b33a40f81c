package io.headrace.bus.publish;

import io.headrace.bus.monitor.BusClock;
import io.headrace.bus.monitor.Counters;
import io.headrace.bus.ring.ProducerMode;
import io.headrace.bus.ring.Ring;
import io.headrace.bus.ring.RingReader;
import io.headrace.bus.ring.WaitProfile;
import io.headrace.codecs.EventStamp;
import io.headrace.codecs.EventWriter;
import io.headrace.codecs.sbe.EventKind;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class FollowingPublisherTest {
    private static final long BASE = 1000;

    private final Ring ring = new Ring(64, 64, ProducerMode.MULTI, WaitProfile.YIELD, BASE);
    private final RingReader reader = ring.addReader();
    private final BusClock clock = new BusClock(() -> 5_000, () -> 1_000_005_000L);
    private final FollowingPublisher publisher = new FollowingPublisher(ring, clock, new Counters());
    private int lengthBytes;

    private UnsafeBuffer event(final long sequence, final int payloadBytes) {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[4096]);
        final EventWriter writer = new EventWriter().wrap(buffer, 0).kind(EventKind.DOCUMENT)
            .topic(new byte[] {'t'}).source(new byte[] {'s'});
        lengthBytes = writer.payload(new byte[payloadBytes]).length();
        EventStamp.stamp(buffer, 0, sequence, 1_000_002_000L);
        return buffer;
    }

    private boolean publish(final long sequence, final int slots) {
        final UnsafeBuffer buffer = event(sequence, 10);
        return publisher.publish(sequence, sequence + slots, buffer, 0, lengthBytes);
    }

    @Test
    void shouldKeepTheLeadersSequencesAndTimes() {
        assertTrue(publish(BASE, 4));
        assertTrue(publish(BASE + 9, 3));
        assertTrue(reader.next());
        assertEquals(BASE, reader.sequence());
        assertEquals(BASE + 3, reader.passedSequence());
        assertTrue(reader.next());
        assertEquals(BASE + 9, reader.sequence(), "what was given up in between is passed over");
        assertEquals(2_000, reader.publishedAtNs(), "the leader published it 3 µs ago");
        assertEquals(BASE + 12, publisher.nextSequence());
        assertFalse(reader.next());
    }

    @Test
    void shouldGoOnAfterItFoundNoRoomForAGap() {
        assertTrue(publish(BASE, 4));
        assertFalse(publish(BASE + 200, 4), "the gap is longer than the ring");
        for (int round = 0; round < 20 && publisher.nextSequence() < BASE + 204; round++) {
            while (reader.next()) {
                reader.release();
            }
            reader.release();
            publish(Math.max(publisher.nextSequence(), BASE + 200), 4);
        }
        assertEquals(BASE + 204, publisher.nextSequence());
        assertTrue(reader.next());
        assertEquals(BASE + 200, reader.sequence());
    }

    @Test
    void shouldRefuseWhatCannotBeTheNextEvent() {
        assertTrue(publish(BASE, 4));
        assertThrows(IllegalArgumentException.class, () -> publish(BASE, 4), "it is there already");
        assertThrows(IllegalArgumentException.class, () -> publish(BASE + 4, 1), "slots that do not hold it");
        assertThrows(IllegalArgumentException.class, () -> publish(BASE + 4, 17), "more than fits");
        final UnsafeBuffer other = event(BASE + 77, 10);
        assertThrows(IllegalArgumentException.class,
            () -> publisher.publish(BASE + 4, BASE + 8, other, 0, lengthBytes), "another event");
        assertThrows(IllegalArgumentException.class,
            () -> publisher.publish(BASE + 4, BASE + 8, new UnsafeBuffer(new byte[100]), 0, 100), "no event");
        assertEquals(BASE + 4, publisher.nextSequence());
        assertTrue(publish(BASE + 4, 4));
    }
}
