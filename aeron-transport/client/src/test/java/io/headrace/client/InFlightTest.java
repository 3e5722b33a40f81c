package io.headrace.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Run by JUnit's thread: against a map, whatever is answered in whichever order. */
class InFlightTest {
    private static final int CAPACITY = 8;

    private InFlight inFlight = new InFlight(CAPACITY);

    private static byte[] bytes(final long seed) {
        final byte[] bytes = new byte[1 + new Random(seed).nextInt(40_000)];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    @Property
    void shouldKeepWhatIsNotAnsweredAndNoMore(@ForAll @Size(max = 300) final List<Byte> steps) {
        inFlight = new InFlight(CAPACITY);
        final Map<Long, byte[]> pending = new TreeMap<>();
        final Map<Long, Long> answered = new HashMap<>();
        for (final byte step : steps) {
            if (step >= 0) {
                add(pending);
            } else {
                final long[] ids = pending.keySet().stream().mapToLong(Long::longValue).toArray();
                if (ids.length > 0) {
                    final long id = ids[-(step + 1) % ids.length];
                    assertTrue(inFlight.answer(id, id * 10));
                    assertFalse(inFlight.answer(id, id * 11), "an answer counts once");
                    pending.remove(id);
                    answered.put(id, id * 10);
                }
            }
            pending.forEach((id, event) -> {
                assertTrue(inFlight.isPending(id));
                assertEquals(RemotePublisher.PENDING, inFlight.result(id));
                final byte[] copy = new byte[inFlight.event(id).capacity()];
                inFlight.event(id).getBytes(0, copy);
                assertTrue(Arrays.equals(event, copy));
            });
            answered.forEach((id, result) -> {
                if (id >= inFlight.next() - CAPACITY) {
                    assertEquals(result, inFlight.result(id));
                } else {
                    assertEquals(RemotePublisher.UNKNOWN, inFlight.result(id));
                    assertFalse(inFlight.answer(id, 1));
                }
            });
        }
    }

    private void add(final Map<Long, byte[]> pending) {
        final long first = pending.isEmpty() ? inFlight.next() : pending.keySet().iterator().next();
        final byte[] event = bytes(inFlight.next());
        assertEquals(inFlight.next() - first < CAPACITY, inFlight.hasRoom(event.length));
        if (inFlight.hasRoom(event.length)) {
            pending.put(inFlight.add(new UnsafeBuffer(event), 0, event.length, (byte)2, true), event);
        }
    }

    @Test
    void shouldBoundTheBytes() {
        final int half = (int)(InFlight.MAX_BYTES / 2) + 1;
        final UnsafeBuffer event = new UnsafeBuffer(new byte[half]);
        assertTrue(inFlight.hasRoom(Integer.MAX_VALUE), "one alone may have any length");
        final long id = inFlight.add(event, 0, half, (byte)2, false);
        assertFalse(inFlight.hasRoom(half));
        assertTrue(inFlight.hasRoom(half - 2));
        inFlight.answer(id, 1);
        assertTrue(inFlight.hasRoom(half));
    }

    @Test
    void shouldTakeBackWhatCouldNotBeSent() {
        final UnsafeBuffer event = new UnsafeBuffer(new byte[10]);
        final long first = inFlight.add(event, 0, 10, (byte)2, false);
        inFlight.add(event, 0, 10, (byte)2, false);
        inFlight.removeLast();

        assertEquals(first + 1, inFlight.next());
        assertFalse(inFlight.answer(first + 1, 5));
        assertEquals(first + 1, inFlight.add(event, 0, 10, (byte)3, false));
        assertEquals(3, inFlight.confirm(first + 1));
    }
}
