package io.headrace.aeron.log;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

import java.nio.ByteOrder;

/**
 * The layout of a record's header: what stands before each event and control message in the log. Little endian. The
 * checksum is CRC32C over everything behind it: the rest of the header and the payload.
 *
 * <pre>
 *    0        4       6      7      8               16                   24            32
 *    ├────────┼───────┼──────┼──────┼───────────────┼────────────────────┼─────────────┤
 *    │ crc32c │ magic │ vers │ type │ sequence      │ nextSequence       │ timeNs      │ payload …
 *    ├────────┴───────┴──────┴──────┴───────────────┴────────────────────┴─────────────┤
 * </pre>
 *
 * The payload's length is that of the Aeron message less the header, and is checked by the checksum as well: a message
 * of another length has another one.
 */
final class RecordDescriptor {
    static final int CHECKSUM_OFFSET = 0;
    static final int CHECKED_FROM_OFFSET = 4;
    static final int MAGIC_OFFSET = 4;
    static final int VERSION_OFFSET = 6;
    static final int TYPE_OFFSET = 7;
    static final int SEQUENCE_OFFSET = 8;
    static final int NEXT_SEQUENCE_OFFSET = 16;
    static final int TIME_OFFSET = 24;
    static final int HEADER_LENGTH = 32;

    static final short MAGIC = 0x4852;
    static final byte VERSION = 1;

    /** Magic, version and type are written as one word. */
    private static final int TYPE_SHIFT = (TYPE_OFFSET - MAGIC_OFFSET) * Byte.SIZE;
    private static final int MAGIC_AND_VERSION =
        MAGIC & 0xFFFF | (VERSION & 0xFF) << (VERSION_OFFSET - MAGIC_OFFSET) * Byte.SIZE;

    private RecordDescriptor() {
    }

    /** Writes everything but the checksum. */
    static void putHeader(
        final MutableDirectBuffer buffer,
        final int offset,
        final int typeCode,
        final long sequence,
        final long nextSequence,
        final long timeNs) {
        buffer.putInt(offset + MAGIC_OFFSET, MAGIC_AND_VERSION | (typeCode & 0xFF) << TYPE_SHIFT,
            ByteOrder.LITTLE_ENDIAN);
        buffer.putLong(offset + SEQUENCE_OFFSET, sequence, ByteOrder.LITTLE_ENDIAN);
        buffer.putLong(offset + NEXT_SEQUENCE_OFFSET, nextSequence, ByteOrder.LITTLE_ENDIAN);
        buffer.putLong(offset + TIME_OFFSET, timeNs, ByteOrder.LITTLE_ENDIAN);
    }

    static void putChecksum(final MutableDirectBuffer buffer, final int offset, final int checksum) {
        buffer.putInt(offset + CHECKSUM_OFFSET, checksum, ByteOrder.LITTLE_ENDIAN);
    }

    static int checksum(final DirectBuffer buffer, final int offset) {
        return buffer.getInt(offset + CHECKSUM_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    /** Whether a record begins there, of whatever version. */
    static boolean hasMagic(final DirectBuffer buffer, final int offset) {
        return buffer.getShort(offset + MAGIC_OFFSET, ByteOrder.LITTLE_ENDIAN) == MAGIC;
    }

    /** Whether it can be a header at all: magic and version fit. */
    static boolean hasHeader(final DirectBuffer buffer, final int offset, final int lengthBytes) {
        return lengthBytes >= HEADER_LENGTH
            && buffer.getShort(offset + MAGIC_OFFSET, ByteOrder.LITTLE_ENDIAN) == MAGIC
            && buffer.getByte(offset + VERSION_OFFSET) == VERSION;
    }

    static int typeCode(final DirectBuffer buffer, final int offset) {
        return buffer.getByte(offset + TYPE_OFFSET);
    }

    static long sequence(final DirectBuffer buffer, final int offset) {
        return buffer.getLong(offset + SEQUENCE_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    static long nextSequence(final DirectBuffer buffer, final int offset) {
        return buffer.getLong(offset + NEXT_SEQUENCE_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    static long timeNs(final DirectBuffer buffer, final int offset) {
        return buffer.getLong(offset + TIME_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }
}
