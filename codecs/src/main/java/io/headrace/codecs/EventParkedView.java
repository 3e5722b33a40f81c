package io.headrace.codecs;

import io.headrace.codecs.sbe.EventParkedDecoder;
import io.headrace.codecs.sbe.Flag;
import org.agrona.DirectBuffer;

/**
 * The thread that it belongs to: reads one EventParked, an event that a subscription set aside, that it did not
 * necessarily write.
 *
 * <p>After {@link #wrap} answered with {@link DecodeError#NONE} all accessors are plain reads within the message; after
 * any other answer they read zeros and empty fields.
 */
public final class EventParkedView {
    private static final int SUBSCRIPTION = 0;
    private static final int REASON = 1;
    private static final int EVENT_BYTES = 2;
    private static final int FIELD_COUNT = 3;

    private final EventParkedDecoder decoder = new EventParkedDecoder();
    private final MessageReader reader = new MessageReader(
        EventParkedDecoder.TEMPLATE_ID, EventParkedDecoder.BLOCK_LENGTH, FIELD_COUNT, EVENT_BYTES);

    /** A view of nothing, until it wraps a message. */
    public EventParkedView() {
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
     * When it was set aside.
     *
     * @return nanoseconds since the Unix epoch.
     */
    public long parkedAtNs() {
        return decoder.parkedAtNs();
    }

    /**
     * How often the sink was given the event and refused it.
     *
     * @return the count; 0 for one that is only held back.
     */
    public int attempts() {
        return decoder.attempts();
    }

    /**
     * Whether it is set aside only because an earlier event of its key is.
     *
     * @return true when the sink never saw it.
     */
    public boolean heldBack() {
        return decoder.heldBackRaw() == Flag.YES.value();
    }

    /**
     * Whose event it is. Allocates: for edges only.
     *
     * @return the name of the subscription.
     */
    public String subscription() {
        return reader.text(SUBSCRIPTION);
    }

    /**
     * Why. Allocates: for edges only.
     *
     * @return the reason as the sink gave it.
     */
    public String reason() {
        return reader.text(REASON);
    }

    /**
     * The event itself, with its own header.
     *
     * @return absolute offset of its first byte in {@link #buffer()}.
     */
    public int eventOffset() {
        return reader.fieldOffset(EVENT_BYTES);
    }

    /**
     * The event itself, with its own header.
     *
     * @return its length in bytes.
     */
    public int eventLength() {
        return reader.fieldLength(EVENT_BYTES);
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
