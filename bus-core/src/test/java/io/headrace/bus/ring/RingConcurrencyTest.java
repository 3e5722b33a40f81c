package io.headrace.bus.ring;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Several publishers and readers on a ring that wraps all the time. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class RingConcurrencyTest {
    private static final int PUBLISHERS = 3;
    private static final int EVENTS_EACH = 200_000;

    private static void publish(final Ring ring, final int publisher) {
        final UnsafeBuffer event = new UnsafeBuffer(0, 0);
        for (int i = 0; i < EVENTS_EACH; i++) {
            final int lengthBytes = 16 + (i * 31 + publisher) % 300;
            long sequence = ring.tryClaim(lengthBytes);
            while (sequence < 0) {
                Thread.yield();
                sequence = ring.tryClaim(lengthBytes);
            }
            ring.wrapEvent(sequence, lengthBytes, event);
            event.putInt(0, publisher);
            event.putInt(4, i);
            event.putInt(lengthBytes - 4, i);
            ring.commit(sequence, lengthBytes, lengthBytes, sequence);
        }
    }

    private static long read(final Ring ring, final RingReader reader, final WaitProfile profile) {
        final var idle = profile.idleStrategy(ring.signal(), reader::hasFrame);
        final int[] nextOfPublisher = new int[PUBLISHERS];
        long count = 0;
        long lastSequence = -1;
        while (count < (long)PUBLISHERS * EVENTS_EACH) {
            if (reader.next()) {
                final int offset = reader.eventOffset();
                final int publisher = reader.buffer().getInt(offset);
                final int i = reader.buffer().getInt(offset + 4);
                assertEquals(nextOfPublisher[publisher]++, i);
                assertEquals(i, reader.buffer().getInt(offset + reader.eventLengthBytes() - 4));
                assertEquals(reader.sequence(), reader.publishedAtNs());
                assertTrue(reader.sequence() > lastSequence);
                lastSequence = reader.sequence();
                count++;
                reader.release();
                idle.reset();
            } else {
                reader.release();
                idle.idle();
            }
        }
        return count;
    }

    @Test
    void shouldHandEveryEventToEveryReaderInOneOrder() throws Exception {
        for (final WaitProfile profile : new WaitProfile[] {WaitProfile.ECO, WaitProfile.YIELD}) {
            final Ring ring = new Ring(64, 64, ProducerMode.MULTI, profile, 0);
            final ExecutorService threads = Executors.newCachedThreadPool();
            try {
                final List<Future<Long>> readers = new ArrayList<>();
                for (int i = 0; i < 2; i++) {
                    final RingReader reader = ring.addReader();
                    readers.add(threads.submit(() -> read(ring, reader, profile)));
                }
                for (int i = 0; i < PUBLISHERS; i++) {
                    final int publisher = i;
                    threads.submit(() -> publish(ring, publisher));
                }
                for (final Future<Long> reader : readers) {
                    assertEquals((long)PUBLISHERS * EVENTS_EACH, reader.get());
                }
            } finally {
                threads.shutdownNow();
            }
        }
    }

    @Test
    void shouldLetReadersComeAndGoWithoutLossForTheOthers() throws Exception {
        final Ring ring = new Ring(64, 64, ProducerMode.MULTI, WaitProfile.YIELD, 0);
        final RingReader reader = ring.addReader();
        final ExecutorService threads = Executors.newCachedThreadPool();
        try {
            final Future<Long> steady = threads.submit(() -> read(ring, reader, WaitProfile.YIELD));
            for (int i = 0; i < PUBLISHERS; i++) {
                final int publisher = i;
                threads.submit(() -> publish(ring, publisher));
            }
            int joined = 0;
            while (!steady.isDone()) {
                final RingReader guest = ring.addReader();
                long lastSequence = -1;
                for (int i = 0; i < 100 && !steady.isDone(); i++) {
                    if (guest.next()) {
                        assertTrue(guest.sequence() > lastSequence);
                        assertEquals(guest.sequence(), guest.publishedAtNs(), "a frame that is whole");
                        lastSequence = guest.sequence();
                    }
                    guest.release();
                }
                guest.close();
                joined++;
            }
            assertEquals((long)PUBLISHERS * EVENTS_EACH, steady.get());
            assertTrue(joined > 1);
        } finally {
            threads.shutdownNow();
        }
    }
}
