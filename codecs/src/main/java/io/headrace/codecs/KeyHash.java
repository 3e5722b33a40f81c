package io.headrace.codecs;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

import org.agrona.DirectBuffer;

/**
 * Any thread, without state: the 64-bit hash of an event's key, by which lanes are chosen. It is part of the recorded
 * format: the same key must hash alike on every machine and in every version, or a key would change its lane.
 *
 * <p>Eight bytes at a time are spread by an odd multiplier and folded into the state, which is rotated and multiplied;
 * the end is the 64-bit finalizer of David Stafford ("Better Bit Mixing", 2011, variant 13). It does not resist
 * somebody who chooses keys in order to make them collide; lanes only become uneven then.
 */
public final class KeyHash {
    private static final VarHandle LONGS =
        MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long SEED = 0x6A09E667F3BCC909L;
    private static final long SPREAD = 0x9E3779B97F4A7C15L;
    private static final long FOLD = 0xD1342543DE82EF95L;
    private static final long FINISH_1 = 0xBF58476D1CE4E5B9L;
    private static final long FINISH_2 = 0x94D049BB133111EBL;

    private KeyHash() {
    }

    /**
     * Hash of a key in a buffer.
     *
     * @param buffer       that holds the key.
     * @param offset       of its first byte.
     * @param lengthBytes  of the key.
     * @return its hash: 0 for an empty key and never 0 for any other.
     */
    public static long of(final DirectBuffer buffer, final int offset, final int lengthBytes) {
        if (lengthBytes == 0) {
            return 0;
        }
        long hash = SEED + lengthBytes;
        int at = 0;
        for (; at + Long.BYTES <= lengthBytes; at += Long.BYTES) {
            hash = fold(hash, buffer.getLong(offset + at, ByteOrder.LITTLE_ENDIAN));
        }
        if (at < lengthBytes) {
            long word = 0;
            for (int shift = 0; at < lengthBytes; at++, shift += Byte.SIZE) {
                word |= (buffer.getByte(offset + at) & 0xFFL) << shift;
            }
            hash = fold(hash, word);
        }
        return finish(hash);
    }

    /**
     * Hash of a whole array: the same as that of these bytes in a buffer.
     *
     * @param key bytes of the key.
     * @return its hash: 0 for an empty key and never 0 for any other.
     */
    public static long of(final byte[] key) {
        if (key.length == 0) {
            return 0;
        }
        long hash = SEED + key.length;
        int at = 0;
        for (; at + Long.BYTES <= key.length; at += Long.BYTES) {
            hash = fold(hash, (long)LONGS.get(key, at));
        }
        if (at < key.length) {
            long word = 0;
            for (int shift = 0; at < key.length; at++, shift += Byte.SIZE) {
                word |= (key[at] & 0xFFL) << shift;
            }
            hash = fold(hash, word);
        }
        return finish(hash);
    }

    private static long fold(final long hash, final long word) {
        final long spread = word * SPREAD;
        return Long.rotateLeft(hash ^ spread ^ (spread >>> 32), 29) * FOLD + SEED;
    }

    private static long finish(final long hash) {
        long mixed = (hash ^ (hash >>> 30)) * FINISH_1;
        mixed = (mixed ^ (mixed >>> 27)) * FINISH_2;
        mixed ^= mixed >>> 31;
        return mixed == 0 ? SPREAD : mixed;
    }
}
