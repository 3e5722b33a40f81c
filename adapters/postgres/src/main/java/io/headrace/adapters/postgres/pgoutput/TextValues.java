package io.headrace.adapters.postgres.pgoutput;

import io.headrace.codecs.sbe.ColumnType;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

import java.nio.ByteOrder;

/**
 * The source's thread, without state: the text that PostgreSQL sends for a value becomes the encoding of its
 * {@link ColumnType}, without an object in between. The session's settings make the text canonical: ISO dates, UTC,
 * ISO intervals, shortest exact floats, hexadecimal bytea.
 *
 * <p>A text that the encoding cannot hold (infinity, years before Christ, years past 294246) stays text: nothing is
 * rounded, and nothing that a server sends is a failure here.
 */
final class TextValues {
    private static final int UUID_TEXT_LENGTH = 36;
    private static final int HEX = 16;
    private static final int UUID_BYTES = 16;

    private TextValues() {
    }

    /** The most bytes that the encoding of a text needs. */
    static int maxEncodedLength(final ColumnType type, final int textLength) {
        return type == ColumnType.UUID ? Math.max(UUID_BYTES, textLength) : Math.max(Long.BYTES, textLength);
    }

    /**
     * Encodes one value.
     *
     * @return the encoded length, or its bitwise complement when the text itself was written, for the state
     * SOURCE_TEXT.
     */
    static int encode(
        final ColumnType type,
        final DirectBuffer source,
        final int offset,
        final int lengthBytes,
        final MutableDirectBuffer target,
        final int at) {
        switch (type) {
            case BOOL:
                return bool(source, offset, lengthBytes, target, at);
            case INT16:
            case INT32:
            case INT64:
                return integer(source, offset, lengthBytes, target, at);
            case FLOAT32:
            case FLOAT64:
                return floating(type, source, offset, lengthBytes, target, at);
            case DATE:
            case TIME:
            case TIMESTAMP:
            case TIMESTAMP_TZ:
                return time(type, source, offset, lengthBytes, target, at);
            case UUID:
                return uuid(source, offset, lengthBytes, target, at);
            case BYTES:
                return bytea(source, offset, lengthBytes, target, at);
            case DECIMAL:
            case INTERVAL:
                return finite(type, source, offset, lengthBytes, target, at);
            default:
                target.putBytes(at, source, offset, lengthBytes);
                return lengthBytes;
        }
    }

    private static int sourceText(
        final DirectBuffer source,
        final int offset,
        final int lengthBytes,
        final MutableDirectBuffer target,
        final int at) {
        target.putBytes(at, source, offset, lengthBytes);
        return ~lengthBytes;
    }

    private static int bool(
        final DirectBuffer source,
        final int offset,
        final int lengthBytes,
        final MutableDirectBuffer target,
        final int at) {
        final byte first = lengthBytes == 1 ? source.getByte(offset) : 0;
        if (first != 't' && first != 'f') {
            return sourceText(source, offset, lengthBytes, target, at);
        }
        target.putByte(at, (byte)(first == 't' ? 1 : 0));
        return 1;
    }

    private static int integer(
        final DirectBuffer source,
        final int offset,
        final int lengthBytes,
        final MutableDirectBuffer target,
        final int at) {
        final boolean negative = lengthBytes > 0 && source.getByte(offset) == '-';
        final int end = offset + lengthBytes;
        int position = negative ? offset + 1 : offset;
        // Counted downwards, as the smallest value has no positive counterpart.
        long value = 0;
        boolean valid = position < end;
        while (valid && position < end) {
            final int digit = source.getByte(position++) - '0';
            final long next = value * 10 - digit;
            valid = digit >= 0 && digit <= 9 && value >= Long.MIN_VALUE / 10 && next <= value;
            value = next;
        }
        if (!valid || !negative && value == Long.MIN_VALUE) {
            return sourceText(source, offset, lengthBytes, target, at);
        }
        target.putLong(at, negative ? value : -value, ByteOrder.LITTLE_ENDIAN);
        return Long.BYTES;
    }

    private static int floating(
        final ColumnType type,
        final DirectBuffer source,
        final int offset,
        final int lengthBytes,
        final MutableDirectBuffer target,
        final int at) {
        final double value = DoubleParser.parse(source, offset, lengthBytes, type == ColumnType.FLOAT32);
        // NaN comes out only of the text NaN; every other text that is no number is not a number's text.
        if (Double.isNaN(value) && !isNaN(source, offset, lengthBytes)) {
            return sourceText(source, offset, lengthBytes, target, at);
        }
        target.putLong(at, Double.doubleToRawLongBits(value), ByteOrder.LITTLE_ENDIAN);
        return Long.BYTES;
    }

    private static boolean isNaN(final DirectBuffer source, final int offset, final int lengthBytes) {
        return lengthBytes == 3 && source.getByte(offset) == 'N' && source.getByte(offset + 1) == 'a';
    }

    private static int time(
        final ColumnType type,
        final DirectBuffer source,
        final int offset,
        final int lengthBytes,
        final MutableDirectBuffer target,
        final int at) {
        final long value = switch (type) {
            case DATE -> TimeParser.date(source, offset, lengthBytes);
            case TIME -> TimeParser.time(source, offset, lengthBytes);
            default -> TimeParser.timestamp(source, offset, lengthBytes, type == ColumnType.TIMESTAMP_TZ);
        };
        if (value == TimeParser.INVALID) {
            return sourceText(source, offset, lengthBytes, target, at);
        }
        target.putLong(at, value, ByteOrder.LITTLE_ENDIAN);
        return Long.BYTES;
    }

    private static int uuid(
        final DirectBuffer source,
        final int offset,
        final int lengthBytes,
        final MutableDirectBuffer target,
        final int at) {
        if (lengthBytes != UUID_TEXT_LENGTH) {
            return sourceText(source, offset, lengthBytes, target, at);
        }
        int written = 0;
        int position = offset;
        while (written < UUID_BYTES) {
            if (position + 1 >= offset + lengthBytes) {
                return sourceText(source, offset, lengthBytes, target, at);
            }
            if (source.getByte(position) == '-') {
                position++;
                continue;
            }
            final int octet = octet(source, position);
            if (octet < 0) {
                return sourceText(source, offset, lengthBytes, target, at);
            }
            target.putByte(at + written++, (byte)octet);
            position += 2;
        }
        return UUID_BYTES;
    }

    private static int bytea(
        final DirectBuffer source,
        final int offset,
        final int lengthBytes,
        final MutableDirectBuffer target,
        final int at) {
        if (lengthBytes < 2 || (lengthBytes & 1) != 0 ||
            source.getByte(offset) != '\\' || source.getByte(offset + 1) != 'x') {
            return sourceText(source, offset, lengthBytes, target, at);
        }
        final int count = lengthBytes / 2 - 1;
        for (int i = 0; i < count; i++) {
            final int octet = octet(source, offset + 2 + 2 * i);
            if (octet < 0) {
                return sourceText(source, offset, lengthBytes, target, at);
            }
            target.putByte(at + i, (byte)octet);
        }
        return count;
    }

    private static int octet(final DirectBuffer source, final int offset) {
        final int high = Character.digit(source.getByte(offset), HEX);
        final int low = Character.digit(source.getByte(offset + 1), HEX);
        return high < 0 || low < 0 ? -1 : high << 4 | low;
    }

    /** Text in the encoding too, but infinity is not part of it. NaN is, for a decimal. */
    private static int finite(
        final ColumnType type,
        final DirectBuffer source,
        final int offset,
        final int lengthBytes,
        final MutableDirectBuffer target,
        final int at) {
        final byte first = lengthBytes == 0 ? 0 : source.getByte(offset);
        final byte second = lengthBytes < 2 ? 0 : source.getByte(offset + 1);
        final boolean infinite = type == ColumnType.DECIMAL ?
            first == 'I' || first == '-' && second == 'I' :
            first == 'i' || first == '-' && second == 'i';
        target.putBytes(at, source, offset, lengthBytes);
        return infinite || lengthBytes == 0 ? ~lengthBytes : lengthBytes;
    }
}
