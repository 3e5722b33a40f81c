package io.headrace.bus.ring;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class RingTest {
    private static final int CAPACITY = 64;
    private static final int SLOT_BYTES = 64;

    private final UnsafeBuffer event = new UnsafeBuffer(0, 0);

    private static Ring ring(final ProducerMode mode) {
        return new Ring(CAPACITY, SLOT_BYTES, mode, WaitProfile.ECO, 0);
    }

    private long publish(final Ring ring, final int lengthBytes, final byte fill) {
        final long sequence = ring.tryClaim(lengthBytes);
        if (sequence >= 0) {
            ring.wrapEvent(sequence, lengthBytes, event);
            event.setMemory(0, lengthBytes, fill);
            ring.commit(sequence, lengthBytes, lengthBytes, sequence * 10);
        }
        return sequence;
    }

    @ParameterizedTest
    @EnumSource(ProducerMode.class)
    void shouldHandOverWhatWasCommittedInOrder(final ProducerMode mode) {
        final Ring ring = ring(mode);
        final RingReader reader = ring.addReader();
        assertEquals(0, publish(ring, 48, (byte)1));
        assertEquals(1, publish(ring, 49, (byte)2));
        assertEquals(3, publish(ring, 1, (byte)3));

        assertTrue(reader.next());
        assertEquals(0, reader.sequence());
        assertEquals(48, reader.eventLengthBytes());
        assertTrue(reader.next());
        assertEquals(1, reader.sequence());
        assertEquals(10, reader.publishedAtNs());
        assertEquals(2, reader.buffer().getByte(reader.eventOffset() + 48));
        assertTrue(reader.next());
        assertEquals(3, reader.sequence());
        assertFalse(reader.next());
        assertEquals(3, reader.passedSequence());
    }

    @ParameterizedTest
    @EnumSource(ProducerMode.class)
    void shouldNotShowAnEventBeforeItsCommit(final ProducerMode mode) {
        final Ring ring = ring(mode);
        final RingReader reader = ring.addReader();
        final long first = ring.tryClaim(100);
        assertFalse(reader.next());
        ring.commit(first, 100, 100, 0);
        assertTrue(reader.next());
    }

    @Test
    void shouldNotShowAnEventBehindAnUncommittedOne() {
        final Ring ring = ring(ProducerMode.MULTI);
        final RingReader reader = ring.addReader();
        final long first = ring.tryClaim(10);
        final long second = ring.tryClaim(10);
        ring.commit(second, 10, 10, 0);
        assertFalse(reader.next());
        ring.commit(first, 10, 10, 0);
        assertTrue(reader.next());
        assertEquals(first, reader.sequence());
        assertTrue(reader.next());
        assertEquals(second, reader.sequence());
    }

    @ParameterizedTest
    @EnumSource(ProducerMode.class)
    void shouldSkipAClaimThatWasGivenUp(final ProducerMode mode) {
        final Ring ring = ring(mode);
        final RingReader reader = ring.addReader();
        final long first = ring.tryClaim(200);
        ring.commit(first, 200, 0, 0);
        final long second = publish(ring, 10, (byte)7);
        assertTrue(reader.next());
        assertEquals(second, reader.sequence());
    }

    @ParameterizedTest
    @EnumSource(ProducerMode.class)
    void shouldHaveNoRoomBeforeTheSlowestGateMoves(final ProducerMode mode) {
        final Ring ring = ring(mode);
        final RingReader slow = ring.addReader();
        final RingReader fast = ring.addReader();
        for (int i = 0; i < CAPACITY; i++) {
            assertEquals(i, publish(ring, 10, (byte)i));
        }
        assertEquals(Ring.NO_ROOM, publish(ring, 10, (byte)0));
        while (fast.next()) {
            fast.release();
        }
        assertEquals(Ring.NO_ROOM, publish(ring, 10, (byte)0));
        assertTrue(slow.next());
        assertEquals(Ring.NO_ROOM, publish(ring, 10, (byte)0), "read, but not released");
        slow.release();
        assertEquals(CAPACITY, publish(ring, 10, (byte)0));
        slow.close();
        assertEquals(CAPACITY + 1, publish(ring, 10, (byte)0), "a closed reader holds nobody back");
    }

    @ParameterizedTest
    @EnumSource(ProducerMode.class)
    void shouldKeepALongEventWholeOverTheEndOfTheArena(final ProducerMode mode) {
        final Ring ring = ring(mode);
        final RingReader reader = ring.addReader();
        for (int i = 0; i < CAPACITY - 1; i++) {
            publish(ring, 10, (byte)1);
            assertTrue(reader.next());
            reader.release();
        }
        final int longest = ring.maxEventLengthBytes();
        final long sequence = publish(ring, longest, (byte)9);
        assertEquals(CAPACITY - 1, sequence);
        final long behind = publish(ring, 10, (byte)4);
        assertTrue(reader.next());
        assertEquals(longest, reader.eventLengthBytes());
        for (int i = 0; i < longest; i++) {
            assertEquals(9, reader.buffer().getByte(reader.eventOffset() + i));
        }
        assertTrue(reader.next());
        assertEquals(behind, reader.sequence());
        assertEquals(4, reader.buffer().getByte(reader.eventOffset()));
    }

    @ParameterizedTest
    @EnumSource(ProducerMode.class)
    void shouldFreeTheRoomOfClaimsGivenUpAtTheEnd(final ProducerMode mode) {
        final Ring ring = ring(mode);
        final RingReader reader = ring.addReader();
        for (int i = 0; i < CAPACITY; i++) {
            ring.commit(ring.tryClaim(10), 10, 0, 0);
        }
        assertEquals(Ring.NO_ROOM, ring.tryClaim(10));
        assertFalse(reader.next());
        assertTrue(reader.release());
        assertFalse(reader.release());
        assertEquals(CAPACITY, publish(ring, 10, (byte)1));
    }

    @Test
    void shouldRefuseToStepBackBehindTheGate() {
        final Ring ring = ring(ProducerMode.MULTI);
        final RingReader reader = ring.addReader();
        final long first = publish(ring, 10, (byte)1);
        publish(ring, 10, (byte)2);
        assertTrue(reader.next());
        assertTrue(reader.next());
        reader.backTo(first, first);
        assertTrue(reader.next());
        reader.release();
        assertThrows(IllegalArgumentException.class, () -> reader.backTo(first, first));
    }

    @Test
    void shouldStepBack() {
        final Ring ring = ring(ProducerMode.MULTI);
        final RingReader reader = ring.addReader();
        publish(ring, 100, (byte)1);
        publish(ring, 10, (byte)2);
        assertTrue(reader.next());
        reader.release();
        assertTrue(reader.next());
        final long sequence = reader.sequence();
        reader.back();
        reader.release();
        assertTrue(reader.next());
        assertEquals(sequence, reader.sequence());
    }

    @Test
    void shouldBeginAReaderWithTheNextEvent() {
        final Ring ring = new Ring(CAPACITY, SLOT_BYTES, ProducerMode.MULTI, WaitProfile.ECO, 1_000_000_007L);
        publish(ring, 100, (byte)1);
        final RingReader reader = ring.addReader();
        assertFalse(reader.next());
        final long sequence = publish(ring, 100, (byte)2);
        assertTrue(reader.next());
        assertEquals(sequence, reader.sequence());
        assertEquals(1_000_000_009L, sequence);
    }

    @Test
    void shouldRefuseSizesOutOfRange() {
        final int[][] wrong = {{63, 64}, {32, 64}, {64, 32}, {64, 100}, {1 << 25, 64}, {1 << 24, 4096}};
        for (final int[] sizes : wrong) {
            final IllegalArgumentException ex = assertThrows(IllegalArgumentException.class, () ->
                new Ring(sizes[0], sizes[1], ProducerMode.MULTI, WaitProfile.ECO, 0));
            assertTrue(ex.getMessage().contains("="), ex.getMessage());
        }
    }

    /** Random claims, commits out of order, give-ups and reads against a plain queue. */
    @Test
    void shouldAgreeWithAReferenceModel() {
        final long seed = Long.getLong("headrace.seed", System.nanoTime());
        final Random random = new Random(seed);
        final Ring ring = ring(ProducerMode.MULTI);
        final RingReader reader = ring.addReader();
        record Claim(long sequence, int claimed, int length, byte fill) {
        }
        final Deque<Claim> expected = new ArrayDeque<>();
        long releasedThrough = -1;
        long claimedThrough = -1;
        for (int round = 0; round < 200_000; round++) {
            final Claim[] open = new Claim[1 + random.nextInt(3)];
            for (int i = 0; i < open.length; i++) {
                final int claimed = 1 + random.nextInt(random.nextInt(20) == 0 ? ring.maxEventLengthBytes() : 150);
                final int slots = (claimed + 16 + SLOT_BYTES - 1) / SLOT_BYTES;
                final long sequence = ring.tryClaim(claimed);
                final boolean fits = claimedThrough + slots - releasedThrough <= CAPACITY;
                assertEquals(fits ? claimedThrough + 1 : Ring.NO_ROOM, sequence, "seed=" + seed);
                if (fits) {
                    claimedThrough += slots;
                    final int length = random.nextInt(10) == 0 ? 0 : 1 + random.nextInt(claimed);
                    open[i] = new Claim(sequence, claimed, length, (byte)random.nextInt());
                    expected.add(open[i]);
                }
            }
            for (int i = open.length - 1; i >= 0; i--) {
                if (open[i] != null) {
                    ring.wrapEvent(open[i].sequence(), open[i].claimed(), event);
                    event.setMemory(0, open[i].length(), open[i].fill());
                    ring.commit(open[i].sequence(), open[i].claimed(), open[i].length(), open[i].sequence());
                }
            }
            int toRead = random.nextInt(6);
            while (toRead-- > 0) {
                while (!expected.isEmpty() && expected.peek().length() == 0) {
                    expected.remove();
                }
                final Claim next = expected.poll();
                assertEquals(next != null, reader.next(), "seed=" + seed);
                if (next != null) {
                    assertEquals(next.sequence(), reader.sequence(), "seed=" + seed);
                    assertEquals(next.length(), reader.eventLengthBytes(), "seed=" + seed);
                    assertEquals(next.fill(), reader.buffer().getByte(reader.eventOffset()));
                    assertEquals(next.fill(), reader.buffer().getByte(reader.eventOffset() + next.length() - 1));
                }
            }
            if (random.nextBoolean()) {
                reader.release();
                releasedThrough = reader.passedSequence();
            }
        }
    }
}
