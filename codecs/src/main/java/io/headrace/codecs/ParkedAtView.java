package io.headrace.codecs;

import io.headrace.codecs.sbe.ParkedAtDecoder;
import org.agrona.DirectBuffer;

/**
 * The thread that it belongs to: reads one ParkedAt, the place of a parked event in the log, that it did not
 * necessarily write.
 *
 * <p>After {@link #wrap} answered with {@link DecodeError#NONE} all accessors are plain reads within the message; after
 * any other answer they read zeros and empty fields.
 */
public final class ParkedAtView {
    private static final int SUBSCRIPTION = 0;
    private static final int FIELD_COUNT = 1;

    private final ParkedAtDecoder decoder = new ParkedAtDecoder();
    private final MessageReader reader = new MessageReader(
        ParkedAtDecoder.TEMPLATE_ID, ParkedAtDecoder.BLOCK_LENGTH, FIELD_COUNT, MessageReader.NO_LONG_FIELD);

    /** A view of nothing, until it wraps a message. */
    public ParkedAtView() {
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
     * Which event.
     *
     * @return its sequence.
     */
    public long sequence() {
        return decoder.sequence();
    }

    /**
     * Where its EventParked stands.
     *
     * @return the log position at which that record begins.
     */
    public long logPosition() {
        return decoder.logPosition();
    }

    /**
     * Whose event it is. Allocates: for edges only.
     *
     * @return the name of the subscription.
     */
    public String subscription() {
        return reader.text(SUBSCRIPTION);
    }

    private DecodeError read(final DirectBuffer buffer, final int offset, final int length) {
        final DecodeError error = reader.begin(buffer, offset, length);
        if (error != DecodeError.NONE) {
            return error;
        }
        decoder.wrap(buffer, reader.blockOffset(), reader.blockLength(), reader.version());
        return reader.fields();
    }

    private void blank() {
        reader.blank();
        decoder.wrap(reader.buffer(), reader.blockOffset(), reader.blockLength(), reader.version());
    }
}
