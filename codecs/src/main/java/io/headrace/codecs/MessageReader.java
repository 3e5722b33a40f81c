package io.headrace.codecs;

import java.nio.ByteOrder;

import io.headrace.codecs.sbe.MessageHeaderDecoder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The thread of the view that holds it: what all views share. It walks over a message that somebody else wrote and
 * checks each length against what is left before it reads on, so that nothing outside of the given range is ever read,
 * also when Agrona's own bounds checks are off.
 *
 * <p>A newer version of the schema may have longer blocks and more fields behind the last one known here; both are
 * passed over. Behind a message of a version that is known here nothing may follow.
 */
final class MessageReader {
    static final int NO_LONG_FIELD = MessageWriter.NO_LONG_FIELD;

    /** As long as a long: the header is read as one, and its fields are taken out of that. */
    private static final int HEADER_LENGTH = MessageHeaderDecoder.ENCODED_LENGTH;
    private static final int BLOCK_LENGTH_SHIFT = MessageHeaderDecoder.blockLengthEncodingOffset() * Byte.SIZE;
    private static final int TEMPLATE_ID_SHIFT = MessageHeaderDecoder.templateIdEncodingOffset() * Byte.SIZE;
    private static final int SCHEMA_ID_SHIFT = MessageHeaderDecoder.schemaIdEncodingOffset() * Byte.SIZE;
    private static final int VERSION_SHIFT = MessageHeaderDecoder.versionEncodingOffset() * Byte.SIZE;
    private static final int FIELD_MASK = 0xFFFF;
    private static final int FIRST_VERSION = 1;
    private static final int BLANK_LENGTH = 256;
    /** What a view reads whose message was refused: zeros, and empty fields. */
    private static final DirectBuffer BLANK = new UnsafeBuffer(new byte[BLANK_LENGTH]);

    private final int templateId;
    private final int minBlockLength;
    private final int longField;
    private final int[] fieldOffsets;
    private final int[] fieldLengths;

    private DirectBuffer buffer = BLANK;
    private int offset;
    private int length;
    private int limit;
    private int position;
    private int blockLength;
    private int version;
    private int nextLength;

    MessageReader(final int templateId, final int minBlockLength, final int fieldCount, final int longField) {
        this.templateId = templateId;
        this.minBlockLength = minBlockLength;
        this.longField = longField;
        fieldOffsets = new int[fieldCount];
        fieldLengths = new int[fieldCount];
    }

    /** Checks the range, the header and the block, and stands behind the block afterwards. */
    DecodeError begin(final DirectBuffer source, final int messageOffset, final int messageLength) {
        if (messageOffset < 0 || messageLength < 0 || messageLength > source.capacity() - messageOffset) {
            return DecodeError.BAD_RANGE;
        }
        if (messageLength < HEADER_LENGTH) {
            return DecodeError.TRUNCATED;
        }
        final long header = source.getLong(messageOffset, ByteOrder.LITTLE_ENDIAN);
        if (headerField(header, SCHEMA_ID_SHIFT) != MessageHeaderDecoder.SCHEMA_ID) {
            return DecodeError.BAD_SCHEMA;
        }
        if (headerField(header, TEMPLATE_ID_SHIFT) != templateId) {
            return DecodeError.BAD_TEMPLATE;
        }
        version = headerField(header, VERSION_SHIFT);
        if (version < FIRST_VERSION) {
            return DecodeError.BAD_VERSION;
        }
        blockLength = headerField(header, BLOCK_LENGTH_SHIFT);
        if (blockLength < minBlockLength) {
            return DecodeError.BAD_BLOCK;
        }
        if (blockLength > messageLength - HEADER_LENGTH) {
            return DecodeError.TRUNCATED;
        }
        buffer = source;
        offset = messageOffset;
        length = messageLength;
        limit = messageOffset + messageLength;
        position = messageOffset + HEADER_LENGTH + blockLength;
        return DecodeError.NONE;
    }

    private static int headerField(final long header, final int shift) {
        return (int)(header >>> shift) & FIELD_MASK;
    }

    /**
     * Reads all fields behind the block, or behind the group, to the end of the message. The same checks as in
     * {@link #next(boolean)}, but with the place in a local variable: every reader does this with each event.
     */
    DecodeError fields() {
        final DirectBuffer source = buffer;
        final int end = limit;
        int at = position;
        for (int i = 0; i < fieldOffsets.length; i++) {
            final int dataLength;
            if (i == longField) {
                if (end - at < MessageWriter.LONG_LENGTH_BYTES) {
                    return DecodeError.TRUNCATED;
                }
                dataLength = source.getInt(at, ByteOrder.LITTLE_ENDIAN);
                at += MessageWriter.LONG_LENGTH_BYTES;
                if (dataLength < 0 || dataLength > MessageWriter.MAX_LONG_LENGTH) {
                    return DecodeError.BAD_LENGTH;
                }
            } else {
                if (end - at < MessageWriter.SHORT_LENGTH_BYTES) {
                    return DecodeError.TRUNCATED;
                }
                dataLength = source.getShort(at, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
                at += MessageWriter.SHORT_LENGTH_BYTES;
                if (dataLength > MessageWriter.MAX_SHORT_LENGTH) {
                    return DecodeError.BAD_LENGTH;
                }
            }
            if (dataLength > end - at) {
                return DecodeError.TRUNCATED;
            }
            fieldOffsets[i] = at;
            fieldLengths[i] = dataLength;
            at += dataLength;
        }
        position = at;
        return version <= MessageHeaderDecoder.SCHEMA_VERSION && at != end ?
            DecodeError.TRAILING_BYTES : DecodeError.NONE;
    }

    /** Reads the length of the next field and stands at its data, of {@link #nextLength()} bytes, afterwards. */
    DecodeError next(final boolean isLong) {
        final int lengthBytes = isLong ? MessageWriter.LONG_LENGTH_BYTES : MessageWriter.SHORT_LENGTH_BYTES;
        if (limit - position < lengthBytes) {
            return DecodeError.TRUNCATED;
        }
        // An unsigned 32-bit length above 2 GiB is negative here, and refused as such.
        final int dataLength = isLong ?
            buffer.getInt(position, ByteOrder.LITTLE_ENDIAN) :
            buffer.getShort(position, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
        final int maxLength = isLong ? MessageWriter.MAX_LONG_LENGTH : MessageWriter.MAX_SHORT_LENGTH;
        if (dataLength < 0 || dataLength > maxLength) {
            return DecodeError.BAD_LENGTH;
        }
        if (dataLength > limit - position - lengthBytes) {
            return DecodeError.TRUNCATED;
        }
        position += lengthBytes;
        nextLength = dataLength;
        return DecodeError.NONE;
    }

    int nextLength() {
        return nextLength;
    }

    int remaining() {
        return limit - position;
    }

    int position() {
        return position;
    }

    /** Moves on; the caller has compared it with {@link #remaining()}. */
    void skip(final int lengthBytes) {
        position += lengthBytes;
    }

    /** Forgets the message, so that a view that refused it reads zeros and never the refused bytes. */
    void blank() {
        buffer = BLANK;
        offset = 0;
        length = 0;
        limit = 0;
        position = 0;
        blockLength = minBlockLength;
        version = MessageHeaderDecoder.SCHEMA_VERSION;
        for (int i = 0; i < fieldOffsets.length; i++) {
            fieldOffsets[i] = 0;
            fieldLengths[i] = 0;
        }
    }

    DirectBuffer buffer() {
        return buffer;
    }

    int offset() {
        return offset;
    }

    int length() {
        return length;
    }

    int blockOffset() {
        return offset + HEADER_LENGTH;
    }

    int blockLength() {
        return blockLength;
    }

    int version() {
        return version;
    }

    int fieldOffset(final int index) {
        return fieldOffsets[index];
    }

    int fieldLength(final int index) {
        return fieldLengths[index];
    }

    String text(final int index) {
        return buffer.getStringWithoutLengthUtf8(fieldOffsets[index], fieldLengths[index]);
    }
}
