package io.headrace.perf.postgres;

import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes messages of the pgoutput protocol as the server would. Set up by one thread before a measurement. */
final class PgOutputBytes {
    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
    private int length;

    PgOutputBytes(final char type) {
        int8(type);
    }

    PgOutputBytes int8(final int value) {
        buffer.putByte(length, (byte)value);
        length += Byte.BYTES;
        return this;
    }

    PgOutputBytes int16(final int value) {
        buffer.putShort(length, (short)value, ByteOrder.BIG_ENDIAN);
        length += Short.BYTES;
        return this;
    }

    PgOutputBytes int32(final int value) {
        buffer.putInt(length, value, ByteOrder.BIG_ENDIAN);
        length += Integer.BYTES;
        return this;
    }

    PgOutputBytes int64(final long value) {
        buffer.putLong(length, value, ByteOrder.BIG_ENDIAN);
        length += Long.BYTES;
        return this;
    }

    PgOutputBytes text(final String text) {
        return raw(text).int8(0);
    }

    private PgOutputBytes raw(final String text) {
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        buffer.putBytes(length, bytes);
        length += bytes.length;
        return this;
    }

    PgOutputBytes column(final String name, final int typeOid, final boolean key) {
        return int8(key ? 1 : 0).text(name).int32(typeOid).int32(-1);
    }

    PgOutputBytes tuple(final char part, final String... values) {
        int8(part).int16(values.length);
        for (final String value : values) {
            int8('t').int32(value.getBytes(StandardCharsets.UTF_8).length).raw(value);
        }
        return this;
    }

    UnsafeBuffer bytes() {
        final UnsafeBuffer bytes = new UnsafeBuffer(new byte[length]);
        bytes.putBytes(0, buffer, 0, length);
        return bytes;
    }
}
