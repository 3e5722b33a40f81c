package io.headrace.codecs;

import org.agrona.DirectBuffer;

/** Any thread, without state: compares bytes in a buffer with an array, without a wrapper around either. */
final class Bytes {
    private Bytes() {
    }

    static boolean equal(final DirectBuffer buffer, final int offset, final int lengthBytes, final byte[] expected) {
        if (lengthBytes != expected.length) {
            return false;
        }
        for (int i = 0; i < lengthBytes; i++) {
            if (buffer.getByte(offset + i) != expected[i]) {
                return false;
            }
        }
        return true;
    }
}
