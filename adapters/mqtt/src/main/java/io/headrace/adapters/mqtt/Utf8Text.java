package io.headrace.adapters.mqtt;

import org.agrona.concurrent.UnsafeBuffer;

import java.util.Arrays;

/** One thread: a text in UTF-8 that grows as it needs to and is used again, so that setting it allocates nothing. */
final class Utf8Text {
    private static final int INITIAL_BYTES = 64;
    private static final int MAX_BYTES_PER_CHAR = 3;

    private byte[] bytes = new byte[INITIAL_BYTES];
    private final UnsafeBuffer buffer = new UnsafeBuffer(bytes);
    private int lengthBytes;

    void clear() {
        lengthBytes = 0;
    }

    int lengthBytes() {
        return lengthBytes;
    }

    UnsafeBuffer buffer() {
        return buffer;
    }

    void set(final byte[] source, final int offset, final int length) {
        ensure(length);
        System.arraycopy(source, offset, bytes, 0, length);
        lengthBytes = length;
    }

    /** Encodes characters; half a surrogate pair becomes a question mark, as the JDK has it. */
    void set(final char[] source, final int offset, final int length) {
        ensure(Math.multiplyExact(length, MAX_BYTES_PER_CHAR));
        final int end = offset + length;
        int at = 0;
        int i = offset;
        while (i < end) {
            final char c = source[i++];
            if (c < 0x80) {
                bytes[at++] = (byte)c;
            } else if (c < 0x800) {
                bytes[at++] = (byte)(0xC0 | c >> 6);
                bytes[at++] = (byte)(0x80 | c & 0x3F);
            } else if (!Character.isSurrogate(c)) {
                bytes[at++] = (byte)(0xE0 | c >> 12);
                bytes[at++] = (byte)(0x80 | c >> 6 & 0x3F);
                bytes[at++] = (byte)(0x80 | c & 0x3F);
            } else if (Character.isHighSurrogate(c) && i < end && Character.isLowSurrogate(source[i])) {
                final int point = Character.toCodePoint(c, source[i++]);
                bytes[at++] = (byte)(0xF0 | point >> 18);
                bytes[at++] = (byte)(0x80 | point >> 12 & 0x3F);
                bytes[at++] = (byte)(0x80 | point >> 6 & 0x3F);
                bytes[at++] = (byte)(0x80 | point & 0x3F);
            } else {
                bytes[at++] = '?';
            }
        }
        lengthBytes = at;
    }

    private void ensure(final int needed) {
        if (needed > bytes.length) {
            bytes = new byte[Math.max(needed, Math.min(bytes.length * 2, 1 << 20))];
            buffer.wrap(bytes);
        }
    }

    @Override
    public String toString() {
        return new String(Arrays.copyOf(bytes, lengthBytes), java.nio.charset.StandardCharsets.UTF_8);
    }
}
