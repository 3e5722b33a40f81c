package io.headrace.bus.publish;

import org.agrona.DirectBuffer;

import java.nio.ByteOrder;

/**
 * Any thread, one instance each: the 128-bit hash of a message id, Austin Appleby's MurmurHash3 (x64, 128 bits, seed
 * 0). It stands in the checkpoints of event logs and so must never change.
 *
 * <p>Who wants two ids to collide can make them; he could as well use the same id twice.
 */
final class MessageIdHash {
    private static final long C1 = 0x87C37B91114253D5L;
    private static final long C2 = 0x4CF5AD432745937FL;
    private static final long ADD_1 = 0x52DCE729L;
    private static final long ADD_2 = 0x38495AB5L;
    private static final long FINISH_1 = 0xFF51AFD7ED558CCDL;
    private static final long FINISH_2 = 0xC4CEB9FE1A85EC53L;
    private static final int BLOCK_BYTES = 2 * Long.BYTES;

    private long high;
    private long low;

    /** Computes both halves. */
    MessageIdHash of(final DirectBuffer buffer, final int offset, final int lengthBytes) {
        long h1 = 0;
        long h2 = 0;
        int at = 0;
        for (; at + BLOCK_BYTES <= lengthBytes; at += BLOCK_BYTES) {
            h1 = Long.rotateLeft(h1 ^ spread1(buffer.getLong(offset + at, ByteOrder.LITTLE_ENDIAN)), 27) + h2;
            h1 = h1 * 5 + ADD_1;
            h2 = Long.rotateLeft(
                h2 ^ spread2(buffer.getLong(offset + at + Long.BYTES, ByteOrder.LITTLE_ENDIAN)), 31) + h1;
            h2 = h2 * 5 + ADD_2;
        }
        final int restBytes = lengthBytes - at;
        h2 ^= spread2(word(buffer, offset + at + Long.BYTES, restBytes - Long.BYTES));
        h1 ^= spread1(word(buffer, offset + at, Math.min(restBytes, Long.BYTES)));
        h1 ^= lengthBytes;
        h2 ^= lengthBytes;
        h1 += h2;
        h2 += h1;
        h1 = finish(h1);
        h2 = finish(h2);
        high = h1 + h2;
        low = h2 + high;
        return this;
    }

    long high() {
        return high;
    }

    long low() {
        return low;
    }

    /** The last bytes, the first one lowest; 0 when there are none, which spreads to 0 and changes nothing. */
    private static long word(final DirectBuffer buffer, final int offset, final int lengthBytes) {
        long word = 0;
        for (int i = 0; i < lengthBytes; i++) {
            word |= (buffer.getByte(offset + i) & 0xFFL) << (i * Byte.SIZE);
        }
        return word;
    }

    private static long spread1(final long word) {
        return Long.rotateLeft(word * C1, 31) * C2;
    }

    private static long spread2(final long word) {
        return Long.rotateLeft(word * C2, 33) * C1;
    }

    private static long finish(final long hash) {
        long mixed = (hash ^ (hash >>> 33)) * FINISH_1;
        mixed = (mixed ^ (mixed >>> 33)) * FINISH_2;
        return mixed ^ (mixed >>> 33);
    }
}
