package io.headrace.adapters.postgres.pgoutput;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteOrder;

/**
 * The source's thread: walks over one message that the server sent, and compares each step with what is left, so that
 * a message that ends too early is a clear failure and never a read outside of it.
 */
final class MessageCursor {
    private final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);
    private int position;
    private int limit;
    private int textOffset;
    private int textLength;
    private char type;
    private long lsn;

    void wrap(final DirectBuffer source, final int offset, final int lengthBytes, final long messageLsn) {
        if (offset < 0 || lengthBytes < 0 || lengthBytes > source.capacity() - offset) {
            throw new IllegalArgumentException(
                "offset=" + offset + " lengthBytes=" + lengthBytes + " capacity=" + source.capacity());
        }
        buffer.wrap(source);
        position = offset;
        limit = offset + lengthBytes;
        lsn = messageLsn;
        type = '?';
        type = (char)int8();
    }

    char type() {
        return type;
    }

    long lsn() {
        return lsn;
    }

    DirectBuffer buffer() {
        return buffer;
    }

    int remaining() {
        return limit - position;
    }

    int int8() {
        need(Byte.BYTES);
        return buffer.getByte(position++) & 0xFF;
    }

    int int16() {
        need(Short.BYTES);
        final int value = buffer.getShort(position, ByteOrder.BIG_ENDIAN) & 0xFFFF;
        position += Short.BYTES;
        return value;
    }

    int int32() {
        need(Integer.BYTES);
        final int value = buffer.getInt(position, ByteOrder.BIG_ENDIAN);
        position += Integer.BYTES;
        return value;
    }

    long int64() {
        need(Long.BYTES);
        final long value = buffer.getLong(position, ByteOrder.BIG_ENDIAN);
        position += Long.BYTES;
        return value;
    }

    /** A length that must lie within the message; moves past the bytes, which begin at {@link #textOffset()}. */
    void bytes(final int lengthBytes) {
        if (lengthBytes < 0) {
            throw malformed("has a length of " + lengthBytes);
        }
        need(lengthBytes);
        textOffset = position;
        textLength = lengthBytes;
        position += lengthBytes;
    }

    /** A text that ends with a zero byte; found at {@link #textOffset()} afterwards. */
    void zeroTerminated() {
        int end = position;
        while (end < limit && buffer.getByte(end) != 0) {
            end++;
        }
        if (end == limit) {
            throw malformed("has a text without an end at byte " + position);
        }
        textOffset = position;
        textLength = end - position;
        position = end + 1;
    }

    String string() {
        zeroTerminated();
        return buffer.getStringWithoutLengthUtf8(textOffset, textLength);
    }

    int textOffset() {
        return textOffset;
    }

    int textLength() {
        return textLength;
    }

    FatalSourceException malformed(final String problem) {
        return new FatalSourceException("pgoutput message '" + type + "' at LSN " + Lsn.format(lsn) + " " + problem +
            "; the server's plugin does not speak the protocol that was asked for, or a proxy damages the stream");
    }

    private void need(final int lengthBytes) {
        if (lengthBytes > limit - position) {
            throw malformed("is truncated: " + lengthBytes + " bytes needed, " + (limit - position) + " left");
        }
    }
}
