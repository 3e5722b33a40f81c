package io.headrace.codecs;

import java.nio.ByteOrder;

import io.headrace.codecs.sbe.LongBytesEncoder;
import io.headrace.codecs.sbe.MessageHeaderEncoder;
import io.headrace.codecs.sbe.ShortBytesEncoder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * The thread of the writer that holds it: what all writers share. It writes the header and an empty block, then
 * length-prefixed fields strictly in the schema's order, an omitted one as empty.
 *
 * <p>Every write is checked against the room there is, because a bus may run with Agrona's own bounds checks off, and
 * the memory behind an event is another event.
 */
final class MessageWriter {
    static final int SHORT_LENGTH_BYTES = ShortBytesEncoder.varDataEncodingOffset();
    static final int LONG_LENGTH_BYTES = LongBytesEncoder.varDataEncodingOffset();
    static final int MAX_SHORT_LENGTH = ShortBytesEncoder.lengthMaxValue();
    static final int MAX_LONG_LENGTH = (int)LongBytesEncoder.lengthMaxValue();
    static final int NO_LONG_FIELD = -1;

    private static final int NOT_OPEN = -1;
    private static final int NOT_WRAPPED = Integer.MAX_VALUE;

    /** The whole SBE header, which is the same for each message. */
    private final long header;
    private final int blockLength;
    private final int fieldCount;
    private final int longField;

    private MutableDirectBuffer buffer;
    private int offset;
    private int limit;
    private int position;
    private int nextField = NOT_WRAPPED;
    private int openLengthOffset = NOT_OPEN;

    /**
     * A writer of one message of the schema.
     *
     * @param longField index of the field that has a length of 32 bits, or {@link #NO_LONG_FIELD}.
     */
    MessageWriter(final int templateId, final int blockLength, final int fieldCount, final int longField) {
        header = headerField(MessageHeaderEncoder.blockLengthEncodingOffset(), blockLength)
            | headerField(MessageHeaderEncoder.templateIdEncodingOffset(), templateId)
            | headerField(MessageHeaderEncoder.schemaIdEncodingOffset(), MessageHeaderEncoder.SCHEMA_ID)
            | headerField(MessageHeaderEncoder.versionEncodingOffset(), MessageHeaderEncoder.SCHEMA_VERSION);
        this.blockLength = blockLength;
        this.fieldCount = fieldCount;
        this.longField = longField;
    }

    private static long headerField(final int offset, final int value) {
        return (long)value << (offset * Byte.SIZE);
    }

    /** Starts a message that may use the buffer to its end. */
    void wrap(final MutableDirectBuffer target, final int messageOffset) {
        start(target, messageOffset, capacityOf(target));
    }

    /** Starts a message that may use so many bytes of the buffer. */
    void wrap(final MutableDirectBuffer target, final int messageOffset, final int maxLengthBytes) {
        final int room = capacityOf(target);
        if (maxLengthBytes < 0 || maxLengthBytes > room - messageOffset) {
            throw new IllegalArgumentException(
                "maxLength=" + maxLengthBytes + " at offset=" + messageOffset + " is outside of capacity=" + room);
        }
        start(target, messageOffset, messageOffset + maxLengthBytes);
    }

    private static int capacityOf(final MutableDirectBuffer target) {
        return target.isExpandable() ? Integer.MAX_VALUE : target.capacity();
    }

    private void start(final MutableDirectBuffer target, final int messageOffset, final int end) {
        nextField = NOT_WRAPPED;
        if (messageOffset < 0 || messageOffset > end) {
            throw new IllegalArgumentException("offset=" + messageOffset + " is outside of capacity=" + end);
        }
        buffer = target;
        offset = messageOffset;
        limit = end;
        openLengthOffset = NOT_OPEN;
        position = messageOffset;
        ensure(MessageHeaderEncoder.ENCODED_LENGTH + blockLength);
        target.putLong(messageOffset, header, ByteOrder.LITTLE_ENDIAN);
        position = blockOffset() + blockLength;
        clear(blockOffset(), position);
        nextField = 0;
    }

    /** In plain stores: for so few bytes a call of setMemory costs more than they do. */
    private void clear(final int from, final int to) {
        int at = from;
        for (; at + Long.BYTES <= to; at += Long.BYTES) {
            buffer.putLong(at, 0);
        }
        for (; at + Short.BYTES <= to; at += Short.BYTES) {
            buffer.putShort(at, (short)0);
        }
        if (at < to) {
            buffer.putByte(at, (byte)0);
        }
    }

    int blockOffset() {
        return offset + MessageHeaderEncoder.ENCODED_LENGTH;
    }

    int position() {
        return position;
    }

    void field(final int index, final DirectBuffer source, final int sourceOffset, final int lengthBytes) {
        startField(index);
        append(source, sourceOffset, lengthBytes, index == longField);
    }

    void field(final int index, final byte[] source) {
        startField(index);
        append(source, index == longField);
    }

    /** Opens the long field and answers where its bytes go. */
    int beginField(final int index) {
        startField(index);
        return beginLong();
    }

    /** Writes what was omitted as empty. After this no field can be written. */
    int finish() {
        startField(fieldCount);
        nextField = fieldCount;
        return position - offset;
    }

    void append(
        final DirectBuffer source, final int sourceOffset, final int lengthBytes, final boolean isLong) {
        putLength(lengthBytes, isLong);
        if (lengthBytes > 0) {
            buffer.putBytes(position, source, sourceOffset, lengthBytes);
            position += lengthBytes;
        }
    }

    void append(final byte[] source, final boolean isLong) {
        putLength(source.length, isLong);
        if (source.length > 0) {
            buffer.putBytes(position, source);
            position += source.length;
        }
    }

    int beginLong() {
        putLength(0, true);
        openLengthOffset = position - LONG_LENGTH_BYTES;
        return position;
    }

    void endLong(final int lengthBytes) {
        if (openLengthOffset == NOT_OPEN) {
            throw new IllegalStateException("nothing was begun that could be ended");
        }
        checkLength(lengthBytes, MAX_LONG_LENGTH);
        ensure(lengthBytes);
        buffer.putInt(openLengthOffset, lengthBytes, ByteOrder.LITTLE_ENDIAN);
        openLengthOffset = NOT_OPEN;
        position += lengthBytes;
    }

    /** Makes room for a fixed part, such as the header of a group, and answers where it begins. */
    int claim(final int lengthBytes) {
        checkNotOpen();
        if (nextField == NOT_WRAPPED) {
            throw new IllegalStateException("wrap a buffer first");
        }
        ensure(lengthBytes);
        final int claimed = position;
        position += lengthBytes;
        return claimed;
    }

    private void startField(final int index) {
        checkNotOpen();
        if (index < nextField) {
            throw new IllegalStateException(nextField == NOT_WRAPPED ?
                "wrap a buffer first" :
                "field=" + index + " comes after field=" + (nextField - 1) + ", against the schema's order");
        }
        if (nextField < index) {
            omit(index);
        }
        nextField = index + 1;
    }

    /** Writes the fields before one as empty. */
    private void omit(final int index) {
        final boolean withLong = nextField <= longField && longField < index;
        final int lengthBytes = (index - nextField) * SHORT_LENGTH_BYTES
            + (withLong ? LONG_LENGTH_BYTES - SHORT_LENGTH_BYTES : 0);
        ensure(lengthBytes);
        clear(position, position + lengthBytes);
        position += lengthBytes;
        nextField = index;
    }

    private void putLength(final int lengthBytes, final boolean isLong) {
        checkNotOpen();
        checkLength(lengthBytes, isLong ? MAX_LONG_LENGTH : MAX_SHORT_LENGTH);
        if (isLong) {
            ensure(LONG_LENGTH_BYTES + lengthBytes);
            buffer.putInt(position, lengthBytes, ByteOrder.LITTLE_ENDIAN);
            position += LONG_LENGTH_BYTES;
        } else {
            ensure(SHORT_LENGTH_BYTES + lengthBytes);
            buffer.putShort(position, (short)lengthBytes, ByteOrder.LITTLE_ENDIAN);
            position += SHORT_LENGTH_BYTES;
        }
    }

    private void checkNotOpen() {
        if (openLengthOffset != NOT_OPEN) {
            throw new IllegalStateException("what was begun in place must be ended first");
        }
    }

    private static void checkLength(final int lengthBytes, final int maxLength) {
        if (lengthBytes < 0 || lengthBytes > maxLength) {
            throw new IllegalArgumentException("length=" + lengthBytes + " is not within 0.." + maxLength);
        }
    }

    /** Refuses what the buffer has no room for. */
    void ensure(final int lengthBytes) {
        if (lengthBytes > limit - position) {
            throw new IndexOutOfBoundsException(
                "need=" + lengthBytes + " at position=" + position + " exceeds capacity=" + limit);
        }
    }
}
