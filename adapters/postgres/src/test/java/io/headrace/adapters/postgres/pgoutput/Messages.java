package io.headrace.adapters.postgres.pgoutput;

import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Builds messages of the pgoutput protocol, byte by byte as the documentation of PostgreSQL describes them. */
final class Messages {
    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
    private int length;

    static Messages of(final char type) {
        return new Messages().int8(type);
    }

    static Messages begin(final long finalLsn, final int xid) {
        return of('B').int64(finalLsn).int64(0).int32(xid);
    }

    static Messages commit(final long lsn, final long endLsn) {
        return of('C').int8(0).int64(lsn).int64(endLsn).int64(0);
    }

    /** Table public.stock with id int4 as its key, item text, amount numeric. */
    static Messages relation(final int oid) {
        return of('R').relationBody(oid);
    }

    Messages relationBody(final int oid) {
        return int32(oid).text("public").text("stock").int8('d').int16(3)
            .int8(1).text("id").int32(23).int32(-1)
            .int8(0).text("item").int32(25).int32(-1)
            .int8(0).text("amount").int32(1700).int32(-1);
    }

    static Messages insert(final int oid, final String... values) {
        return of('I').int32(oid).int8('N').tuple(values);
    }

    Messages tuple(final String... values) {
        int16(values.length);
        for (final String value : values) {
            if (value == null) {
                int8('n');
            } else {
                int8('t').int32(value.getBytes(StandardCharsets.UTF_8).length).raw(value);
            }
        }
        return this;
    }

    Messages int8(final int value) {
        buffer.putByte(length, (byte)value);
        length += Byte.BYTES;
        return this;
    }

    Messages int16(final int value) {
        buffer.putShort(length, (short)value, ByteOrder.BIG_ENDIAN);
        length += Short.BYTES;
        return this;
    }

    Messages int32(final int value) {
        buffer.putInt(length, value, ByteOrder.BIG_ENDIAN);
        length += Integer.BYTES;
        return this;
    }

    Messages int64(final long value) {
        buffer.putLong(length, value, ByteOrder.BIG_ENDIAN);
        length += Long.BYTES;
        return this;
    }

    Messages raw(final String text) {
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        buffer.putBytes(length, bytes);
        length += bytes.length;
        return this;
    }

    Messages text(final String text) {
        return raw(text).int8(0);
    }

    DirectBuffer buffer() {
        return buffer;
    }

    int length() {
        return length;
    }
}
