package io.headrace.codecs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyHashTest {
    private static final int LANES = 8;

    /** Computed apart from this code. They must never change: recorded events carry them. */
    @ParameterizedTest
    @CsvSource({
        "a, 4D957D31D7E244BD",
        "b, CCFDCE30F6346087",
        "42, 8C4F65E75E137516",
        "order-1, B2808820F630C8F6",
        "order-12, AC4D247644DCF6A5",
        "order-123, 03E8D7F47D883FEC",
        "inventory|4711|DE-01, 76DDF0D51951A861",
        "Lagerplatz S\u00fcd, 2F13D45B66324371"
    })
    void shouldHashTextAsRecordedOnce(final String key, final String hash) {
        assertEquals(Long.parseUnsignedLong(hash, 16), KeyHash.of(key.getBytes(UTF_8)));
    }

    @Test
    void shouldHashBytesAsRecordedOnce() {
        final byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte)i;
        }
        assertEquals(0x43912C1D0F5508FFL, KeyHash.of(all));
        assertEquals(0x3A8065314DD28C21L, KeyHash.of(new byte[8]));
        assertEquals(0xCB2E81F7944BF9D3L, KeyHash.of(new byte[9]));
    }

    @Test
    void shouldHashNothingToZeroAndOnlyThat() {
        assertEquals(0, KeyHash.of(new byte[0]));
        assertEquals(0, KeyHash.of(new UnsafeBuffer(new byte[4]), 4, 0));
        for (int length = 1; length < 100; length++) {
            assertNotEquals(0, KeyHash.of(new byte[length]), "length=" + length);
        }
    }

    @Property
    void shouldHashAlikeWhereverTheKeyLies(@ForAll final byte[] key, @ForAll @IntRange(max = 17) final int offset) {
        final long expected = KeyHash.of(key);
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[offset + key.length]);
        buffer.putBytes(offset, key);
        assertEquals(expected, KeyHash.of(buffer, offset, key.length));
        final ExpandableArrayBuffer expandable = new ExpandableArrayBuffer(offset + key.length + 1);
        expandable.putBytes(offset, key);
        assertEquals(expected, KeyHash.of(expandable, offset, key.length));
    }

    @Property
    void shouldTellAKeyFromOneWithAnotherByte(
        @ForAll @Size(min = 1, max = 64) final byte[] key, @ForAll final int at, @ForAll @IntRange(min = 1, max = 255)
        final int difference) {
        final byte[] other = key.clone();
        other[Math.floorMod(at, key.length)] ^= (byte)difference;
        assertNotEquals(KeyHash.of(key), KeyHash.of(other));
        assertNotEquals(KeyHash.of(key), KeyHash.of(Arrays.copyOf(key, key.length + 1)));
    }

    @Test
    void shouldChangeHalfOfTheBitsWhenOneBitOfTheKeyChanges() {
        final Random random = new Random(7);
        final int rounds = 2_000;
        for (final int length : new int[]{1, 4, 8, 11, 16, 36}) {
            final int[] changed = new int[Long.SIZE];
            for (int round = 0; round < rounds; round++) {
                final byte[] key = new byte[length];
                random.nextBytes(key);
                final long before = KeyHash.of(key);
                final int bit = random.nextInt(length * Byte.SIZE);
                key[bit / Byte.SIZE] ^= (byte)(1 << bit % Byte.SIZE);
                final long difference = before ^ KeyHash.of(key);
                for (int i = 0; i < Long.SIZE; i++) {
                    changed[i] += (int)(difference >>> i & 1);
                }
            }
            for (int i = 0; i < Long.SIZE; i++) {
                final double share = (double)changed[i] / rounds;
                assertTrue(share > 0.42 && share < 0.58, "length=" + length + " bit=" + i + " share=" + share);
            }
        }
    }

    @Test
    void shouldSpreadCountedKeysEvenlyOverLanesWithoutCollision() {
        final int count = 100_000;
        final int[] lowLanes = new int[LANES];
        final int[] highLanes = new int[LANES];
        final Set<Long> hashes = new HashSet<>();
        for (int i = 0; i < count; i++) {
            final long hash = KeyHash.of(("order-" + i).getBytes(UTF_8));
            hashes.add(hash);
            lowLanes[(int)(hash & (LANES - 1))]++;
            highLanes[(int)(hash >>> 61)]++;
        }
        assertEquals(count, hashes.size());
        final int even = count / LANES;
        for (int lane = 0; lane < LANES; lane++) {
            assertEquals(even, lowLanes[lane], even * 0.04, "lane=" + lane);
            assertEquals(even, highLanes[lane], even * 0.04, "lane=" + lane);
        }
    }
}
