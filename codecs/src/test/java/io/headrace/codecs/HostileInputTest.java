package io.headrace.codecs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;

import io.headrace.codecs.sbe.MessageHeaderDecoder;
import io.headrace.codecs.sbe.MessageHeaderEncoder;
import io.headrace.codecs.sbe.RowChangeDecoder;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Bytes that nobody meant to be a message, against every view. Each range is wrapped three times: as a buffer of
 * exactly that range, so that Agrona's bounds checks see every read outside of it, and in the middle of two buffers
 * that differ only around it, where the views must show the same.
 *
 * <p>The random tests print their seed; {@code -Dheadrace.seed=N} repeats a run.
 */
class HostileInputTest {
    private static final int HEADER_LENGTH = MessageHeaderDecoder.ENCODED_LENGTH;
    private static final int GUARD_LENGTH = 40;
    private static final int RANDOM_RANGES = 20_000;
    private static final int RANDOM_DAMAGES = 20_000;
    private static final int MAX_RANDOM_LENGTH = 300;
    private static final int MAX_FLIPS = 12;

    @BeforeAll
    static void boundsChecksMustBeOn() {
        assertTrue(UnsafeBuffer.SHOULD_BOUNDS_CHECK, "these tests prove nothing without Agrona's bounds checks");
    }

    @ParameterizedTest
    @EnumSource
    void shouldRefuseEveryTruncationOfAValidMessage(final Probe probe) {
        final byte[] message = Samples.of(probe);
        assertSame(DecodeError.NONE, check(probe, message));
        for (int length = 0; length < message.length; length++) {
            final byte[] truncated = Arrays.copyOf(message, length);
            assertNotSame(DecodeError.NONE, check(probe, truncated), "length=" + length);
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldRefuseBytesBehindTheEndOfAKnownVersion(final Probe probe) {
        final byte[] message = Samples.of(probe);
        assertSame(DecodeError.TRAILING_BYTES, check(probe, Arrays.copyOf(message, message.length + 1)));
        final byte[] newer = Arrays.copyOf(message, message.length + 1);
        new MessageHeaderEncoder().wrap(new UnsafeBuffer(newer), 0)
            .version(MessageHeaderEncoder.SCHEMA_VERSION + 1);
        assertSame(DecodeError.NONE, check(probe, newer));
    }

    @ParameterizedTest
    @EnumSource
    void shouldSurviveEveryFlippedBit(final Probe probe) {
        final byte[] message = Samples.of(probe);
        int refused = 0;
        for (int bit = 0; bit < message.length * Byte.SIZE; bit++) {
            message[bit / Byte.SIZE] ^= (byte)(1 << bit % Byte.SIZE);
            for (final Probe reader : Probe.values()) {
                refused += check(reader, message) != DecodeError.NONE && reader == probe ? 1 : 0;
            }
            message[bit / Byte.SIZE] ^= (byte)(1 << bit % Byte.SIZE);
        }
        // Template, schema and block length have 48 bits, each of which makes it another message or too short a block.
        assertTrue(refused >= 40, "refused=" + refused);
        assertSame(DecodeError.NONE, check(probe, message));
    }

    @ParameterizedTest
    @EnumSource
    void shouldSurviveRandomDamage(final Probe probe) {
        final Random random = seeded("damage of " + probe);
        final byte[] message = Samples.of(probe);
        for (int i = 0; i < RANDOM_DAMAGES; i++) {
            final byte[] damaged = Arrays.copyOf(
                message, random.nextInt(4) == 0 ? random.nextInt(message.length + 20) : message.length);
            for (int flips = 1 + random.nextInt(MAX_FLIPS); flips > 0 && damaged.length > 0; flips--) {
                // Lengths and enums are small: extreme bytes find more than flipped bits do.
                final int at = random.nextInt(damaged.length);
                damaged[at] = switch (random.nextInt(4)) {
                    case 0 -> (byte)0;
                    case 1 -> (byte)0xFF;
                    case 2 -> (byte)random.nextInt();
                    default -> (byte)(damaged[at] ^ 1 << random.nextInt(Byte.SIZE));
                };
            }
            check(probe, damaged);
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldSurviveRandomBytesBehindAValidHeader(final Probe probe) {
        final Random random = seeded("random bytes for " + probe);
        final byte[] message = Samples.of(probe);
        final int blockLength = new MessageHeaderDecoder().wrap(new UnsafeBuffer(message), 0).blockLength();
        final int beginning = HEADER_LENGTH + blockLength;
        int accepted = 0;
        for (int i = 0; i < RANDOM_RANGES; i++) {
            final byte[] bytes = new byte[random.nextInt(MAX_RANDOM_LENGTH)];
            random.nextBytes(bytes);
            // Random lengths are refused at once; small ones lead deeper.
            if (random.nextInt(4) > 0) {
                for (int at = 0; at < bytes.length; at++) {
                    bytes[at] = random.nextInt(3) == 0 ? (byte)random.nextInt(8) : 0;
                }
            }
            final int valid = random.nextInt(10) == 0 ? 0 : random.nextBoolean() ? HEADER_LENGTH : beginning;
            System.arraycopy(message, 0, bytes, 0, Math.min(bytes.length, valid));
            // A newer version may have anything behind what is known, so that more of them are accepted.
            if (valid > 0 && bytes.length >= HEADER_LENGTH && random.nextBoolean()) {
                new MessageHeaderEncoder().wrap(new UnsafeBuffer(bytes), 0).version(2 + random.nextInt(3));
            }
            accepted += check(probe, bytes) == DecodeError.NONE ? 1 : 0;
        }
        assertTrue(accepted > RANDOM_RANGES / 200, "only " + accepted + " led to the end of a message");
    }

    @ParameterizedTest
    @EnumSource
    void shouldRefuseARangeOutsideOfTheBuffer(final Probe probe) {
        final byte[] message = Samples.of(probe);
        final UnsafeBuffer buffer = new UnsafeBuffer(message);
        final int length = message.length;
        for (final int[] range : new int[][]{
            {-1, length}, {1, length}, {0, length + 1}, {0, -1}, {length + 1, 0}, {length, Integer.MAX_VALUE},
            {Integer.MAX_VALUE, Integer.MAX_VALUE}, {Integer.MIN_VALUE, Integer.MIN_VALUE},
            {Integer.MIN_VALUE, length}, {Integer.MAX_VALUE, 1}, {0, Integer.MAX_VALUE}}) {
            assertSame(DecodeError.BAD_RANGE, probe.wrap(buffer, range[0], range[1]), Arrays.toString(range));
            probe.readAll();
        }
        assertSame(DecodeError.TRUNCATED, probe.wrap(buffer, length, 0));
    }

    @ParameterizedTest
    @EnumSource
    void shouldShowNothingAfterARefusalHoweverFarInTheLastMessageLay(final Probe probe) {
        final byte[] message = Samples.of(probe);
        probe.wrap(new UnsafeBuffer(new byte[0]), 0, 0);
        final List<Object> nothing = probe.readAll();
        final int offset = 100_000;
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[offset + message.length]);
        buffer.putBytes(offset, message);
        assertSame(DecodeError.NONE, probe.wrap(buffer, offset, message.length));
        assertNotEquals(nothing, probe.readAll());
        assertSame(DecodeError.TRUNCATED, probe.wrap(buffer, offset, message.length - 1));
        assertEquals(nothing, probe.readAll());
    }

    @ParameterizedTest
    @EnumSource
    void shouldSayWhatIsWrongWithAHeader(final Probe probe) {
        final byte[] message = Samples.of(probe);
        final MessageHeaderEncoder header = new MessageHeaderEncoder().wrap(new UnsafeBuffer(message), 0);
        final int blockLength = new MessageHeaderDecoder().wrap(new UnsafeBuffer(message), 0).blockLength();
        header.schemaId(731);
        assertSame(DecodeError.BAD_SCHEMA, check(probe, message));
        header.schemaId(MessageHeaderEncoder.SCHEMA_ID).version(0);
        assertSame(DecodeError.BAD_VERSION, check(probe, message));
        header.version(1).blockLength(65535);
        assertSame(DecodeError.TRUNCATED, check(probe, message));
        if (blockLength > 0) {
            header.blockLength(blockLength - 1);
            assertSame(DecodeError.BAD_BLOCK, check(probe, message));
        }
        header.blockLength(blockLength).templateId(77);
        assertSame(DecodeError.BAD_TEMPLATE, check(probe, message));
    }

    @Test
    void shouldRefuseALengthAboveItsLimit() {
        final byte[] event = Samples.of(Probe.EVENT);
        final int topicAt = indexOf(event, "topic") - MessageWriter.SHORT_LENGTH_BYTES;
        final UnsafeBuffer buffer = new UnsafeBuffer(event);
        buffer.putShort(topicAt, (short)0xFFFF);
        assertSame(DecodeError.BAD_LENGTH, check(Probe.EVENT, event));
        buffer.putShort(topicAt, (short)0xFFFE);
        assertSame(DecodeError.TRUNCATED, check(Probe.EVENT, event));

        final byte[] document = Samples.of(Probe.DOCUMENT);
        final int bodyAt = indexOf(document, "body") - MessageWriter.LONG_LENGTH_BYTES;
        for (final int length : new int[]{-1, Integer.MIN_VALUE, Integer.MAX_VALUE, (1 << 30) + 1}) {
            new UnsafeBuffer(document).putInt(bodyAt, length);
            assertSame(DecodeError.BAD_LENGTH, check(Probe.DOCUMENT, document));
        }
        new UnsafeBuffer(document).putInt(bodyAt, 1 << 30);
        assertSame(DecodeError.TRUNCATED, check(Probe.DOCUMENT, document));
    }

    @Test
    void shouldRefuseColumnsThatTheMessageCannotHold() {
        final byte[] row = Samples.of(Probe.ROW_CHANGE);
        final UnsafeBuffer buffer = new UnsafeBuffer(row);
        final int groupAt = HEADER_LENGTH +
            RowChangeDecoder.BLOCK_LENGTH;
        buffer.putShort(groupAt + 2, (short)0xFFFE);
        assertSame(DecodeError.TRUNCATED, check(Probe.ROW_CHANGE, row));
        buffer.putShort(groupAt + 2, (short)0xFFFF);
        assertSame(DecodeError.BAD_LENGTH, check(Probe.ROW_CHANGE, row));
        buffer.putShort(groupAt, (short)3);
        assertSame(DecodeError.BAD_BLOCK, check(Probe.ROW_CHANGE, row));
    }

    @Test
    void shouldRefuseValuesThatAreNotOfTheirType() {
        final byte[] row = Samples.of(Probe.ROW_CHANGE);
        final int boolEntry = indexOf(row, "flag") - MessageWriter.SHORT_LENGTH_BYTES - 4;
        assertEquals(2, row[boolEntry]);
        row[boolEntry] = 5;
        assertSame(DecodeError.BAD_LENGTH, check(Probe.ROW_CHANGE, row));
        row[boolEntry] = 22;
        assertSame(DecodeError.BAD_ENUM, check(Probe.ROW_CHANGE, row));
        row[boolEntry] = 2;
        for (final byte state : new byte[]{1, 2, 3}) {
            row[boolEntry + 3] = state;
            assertSame(DecodeError.BAD_LENGTH, check(Probe.ROW_CHANGE, row));
        }
        row[boolEntry + 3] = 6;
        assertSame(DecodeError.BAD_ENUM, check(Probe.ROW_CHANGE, row));
        row[boolEntry + 3] = 4;
        final int boolValue = indexOf(row, "boolean") + "boolean".length() + 4 + 4;
        assertEquals(1, row[boolValue]);
        row[boolValue] = 2;
        assertSame(DecodeError.BAD_VALUE, check(Probe.ROW_CHANGE, row));
        row[boolValue] = 0;
        assertSame(DecodeError.NONE, check(Probe.ROW_CHANGE, row));
    }

    @Test
    void shouldExplainEachError() {
        for (final DecodeError error : DecodeError.values()) {
            assertTrue(error.description().length() > 10, error.name());
            assertTrue(error.remedy().length() > 10, error.name());
        }
        assertEquals(
            DecodeError.values().length,
            Arrays.stream(DecodeError.values()).map(DecodeError::description).distinct().count());
    }

    /** Wraps the bytes in the three ways of the class comment, reads all accessors, and answers with the error. */
    private static DecodeError check(final Probe probe, final byte[] message) {
        final DecodeError exact = probe.wrap(new UnsafeBuffer(message.clone()), 0, message.length);
        final List<Object> shown = probe.readAll();
        for (final byte guard : new byte[]{0, (byte)0xFF}) {
            final byte[] guarded = new byte[GUARD_LENGTH + message.length + GUARD_LENGTH];
            Arrays.fill(guarded, guard);
            System.arraycopy(message, 0, guarded, GUARD_LENGTH, message.length);
            assertSame(exact, probe.wrap(new UnsafeBuffer(guarded), GUARD_LENGTH, message.length));
            assertEquals(shown, probe.readAll());
        }
        return exact;
    }

    private static Random seeded(final String what) {
        final long seed = Long.getLong("headrace.seed", System.nanoTime());
        System.out.println(what + ": -Dheadrace.seed=" + seed);
        return new Random(seed);
    }

    private static int indexOf(final byte[] message, final String ascii) {
        final int at = new String(message, ISO_8859_1).indexOf(ascii);
        assertTrue(at > 0, ascii);
        return at;
    }
}
