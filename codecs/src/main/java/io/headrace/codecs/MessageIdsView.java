package io.headrace.codecs;

import java.nio.ByteOrder;

import io.headrace.codecs.sbe.Flag;
import io.headrace.codecs.sbe.GroupSizeEncodingDecoder;
import io.headrace.codecs.sbe.MessageIdsDecoder;
import io.headrace.codecs.sbe.MessageIdsDecoder.IdsDecoder;
import org.agrona.DirectBuffer;

/**
 * The thread that it belongs to: reads one MessageIds, a part of the window of seen message ids of a source, that it
 * did not necessarily write.
 *
 * <p>After {@link #wrap} answered with {@link DecodeError#NONE} all accessors are plain reads within the message; after
 * any other answer there are no ids, and everything else is 0 or empty.
 */
public final class MessageIdsView {
    private static final int SOURCE = 0;
    private static final int FIELD_COUNT = 1;

    private final MessageIdsDecoder decoder = new MessageIdsDecoder();
    private final MessageReader reader = new MessageReader(
        MessageIdsDecoder.TEMPLATE_ID, MessageIdsDecoder.BLOCK_LENGTH, FIELD_COUNT, MessageReader.NO_LONG_FIELD);
    private int idsOffset;
    private int idLength;
    private int idCount;

    /** A view of nothing, until it wraps a message. */
    public MessageIdsView() {
        blank();
    }

    /**
     * Checks a message and, if it is well-formed, shows it. Newer versions of the schema are accepted. Never throws for
     * what the bytes hold, and never reads outside of the range.
     *
     * @param buffer that holds the message.
     * @param offset of its SBE header.
     * @param length of the message in bytes, exactly.
     * @return {@link DecodeError#NONE}, or why it is refused.
     */
    public DecodeError wrap(final DirectBuffer buffer, final int offset, final int length) {
        final DecodeError error = read(buffer, offset, length);
        if (error != DecodeError.NONE) {
            blank();
        }
        return error;
    }

    /**
     * The buffer that holds the message.
     *
     * @return the wrapped buffer itself.
     */
    public DirectBuffer buffer() {
        return reader.buffer();
    }

    /**
     * Where the message begins in the buffer.
     *
     * @return offset of its SBE header.
     */
    public int offset() {
        return reader.offset();
    }

    /**
     * How long the message is.
     *
     * @return length in bytes with the header; 0 if none is wrapped.
     */
    public int length() {
        return reader.length();
    }

    /**
     * Whether the window begins anew with this message.
     *
     * @return false when its ids follow those of the message before.
     */
    public boolean first() {
        return decoder.firstRaw() == Flag.YES.value();
    }

    /**
     * Whose window it is. Allocates: for edges only.
     *
     * @return the name of the source.
     */
    public String source() {
        return reader.text(SOURCE);
    }

    /**
     * How many ids there are, oldest first.
     *
     * @return the count.
     */
    public int idCount() {
        return idCount;
    }

    /**
     * The first half of the hash of an id.
     *
     * @param index from 0 to {@link #idCount()} - 1.
     * @return 64 bits.
     */
    public long high(final int index) {
        return half(index, 0);
    }

    /**
     * The second half of the hash of an id.
     *
     * @param index from 0 to {@link #idCount()} - 1.
     * @return 64 bits.
     */
    public long low(final int index) {
        return half(index, IdsDecoder.lowEncodingOffset());
    }

    private long half(final int index, final int halfOffset) {
        if (index < 0 || index >= idCount) {
            throw new IndexOutOfBoundsException("index=" + index + " idCount=" + idCount);
        }
        return reader.buffer().getLong(idsOffset + index * idLength + halfOffset, ByteOrder.LITTLE_ENDIAN);
    }

    private DecodeError read(final DirectBuffer buffer, final int offset, final int length) {
        final DecodeError error = reader.begin(buffer, offset, length);
        if (error != DecodeError.NONE) {
            return error;
        }
        decoder.wrap(buffer, reader.blockOffset(), reader.blockLength(), reader.version());
        if (reader.remaining() < GroupSizeEncodingDecoder.ENCODED_LENGTH) {
            return DecodeError.TRUNCATED;
        }
        idLength = unsignedShort(buffer, GroupSizeEncodingDecoder.blockLengthEncodingOffset());
        idCount = unsignedShort(buffer, GroupSizeEncodingDecoder.numInGroupEncodingOffset());
        reader.skip(GroupSizeEncodingDecoder.ENCODED_LENGTH);
        if (idCount > 0 && idLength < IdsDecoder.sbeBlockLength()) {
            return DecodeError.BAD_BLOCK;
        }
        if ((long)idCount * idLength > reader.remaining()) {
            return DecodeError.TRUNCATED;
        }
        idsOffset = reader.position();
        reader.skip(idCount * idLength);
        return reader.fields();
    }

    private int unsignedShort(final DirectBuffer buffer, final int fieldOffset) {
        return buffer.getShort(reader.position() + fieldOffset, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
    }

    private void blank() {
        reader.blank();
        decoder.wrap(reader.buffer(), reader.blockOffset(), reader.blockLength(), reader.version());
        idCount = 0;
    }
}
