package io.headrace.codecs;

import io.headrace.codecs.sbe.EventDecoder;
import io.headrace.codecs.sbe.EventKind;
import org.agrona.DirectBuffer;

/**
 * The thread of the subscription that it belongs to: reads one Event that it did not necessarily write.
 *
 * <p>{@link #wrap} checks everything once; after {@link DecodeError#NONE} all accessors are plain reads within the
 * event. After any other answer they read zeros and empty fields, and {@link #kind()} is null. The view holds on to the
 * buffer and never copies: it is valid as long as the bytes are.
 */
public final class EventView {
    private static final int TOPIC = 0;
    private static final int SOURCE = 1;
    private static final int MESSAGE_ID = 2;
    private static final int CORRELATION_ID = 3;
    private static final int SOURCE_POSITION = 4;
    private static final int KEY = 5;
    private static final int PAYLOAD = 6;
    private static final int FIELD_COUNT = 7;

    private final EventDecoder decoder = new EventDecoder();
    private final MessageReader reader =
        new MessageReader(EventDecoder.TEMPLATE_ID, EventDecoder.BLOCK_LENGTH, FIELD_COUNT, PAYLOAD);
    private EventKind kind;

    /** A view of nothing, until it wraps an event. */
    public EventView() {
        blank();
    }

    /**
     * Checks an event and, if it is well-formed, shows it. Newer versions of the schema are accepted. Never throws for
     * what the bytes hold, and never reads outside of the range.
     *
     * @param buffer that holds the event.
     * @param offset of the event's SBE header.
     * @param length of the event in bytes, exactly.
     * @return {@link DecodeError#NONE}, or why it is refused.
     */
    public DecodeError wrap(final DirectBuffer buffer, final int offset, final int length) {
        final DecodeError error = read(buffer, offset, length);
        if (error != DecodeError.NONE) {
            blank();
        }
        return error;
    }

    private DecodeError read(final DirectBuffer buffer, final int offset, final int length) {
        final DecodeError error = reader.begin(buffer, offset, length);
        if (error != DecodeError.NONE) {
            return error;
        }
        decoder.wrap(buffer, reader.blockOffset(), reader.blockLength(), reader.version());
        kind = Enums.eventKind(decoder.kindRaw());
        return kind == null ? DecodeError.BAD_ENUM : reader.fields();
    }

    private void blank() {
        reader.blank();
        decoder.wrap(reader.buffer(), reader.blockOffset(), reader.blockLength(), reader.version());
        kind = null;
    }

    /**
     * The buffer that holds the event.
     *
     * @return the wrapped buffer itself.
     */
    public DirectBuffer buffer() {
        return reader.buffer();
    }

    /**
     * Where the event begins in the buffer.
     *
     * @return offset of its SBE header.
     */
    public int offset() {
        return reader.offset();
    }

    /**
     * How long the event is.
     *
     * @return length in bytes with the header; 0 if none is wrapped.
     */
    public int length() {
        return reader.length();
    }

    /**
     * Place in the bus's total order.
     *
     * @return the sequence; 0 as long as the event is not committed.
     */
    public long sequence() {
        return decoder.sequence();
    }

    /**
     * When the event was committed to the bus.
     *
     * @return nanoseconds since the Unix epoch; 0 as long as the event is not committed.
     */
    public long publishTimeNs() {
        return decoder.publishTimeNs();
    }

    /**
     * When the event happened, by its source's clock.
     *
     * @return nanoseconds since the Unix epoch.
     */
    public long sourceTimeNs() {
        return decoder.sourceTimeNs();
    }

    /**
     * Hash of the key.
     *
     * @return as its writer computed it with {@link KeyHash}; 0 without a key.
     */
    public long keyHash() {
        return decoder.keyHash();
    }

    /**
     * What the payload is.
     *
     * @return its kind; null if no event is wrapped.
     */
    public EventKind kind() {
        return kind;
    }

    /**
     * All flags.
     *
     * @return bits; those of newer versions among them.
     */
    public int flags() {
        return EventStamp.flags(reader.buffer(), reader.offset());
    }

    /**
     * Whether this is part of an initial snapshot.
     *
     * @return false for the stream.
     */
    public boolean snapshot() {
        return (flags() & EventWriter.SNAPSHOT) != 0;
    }

    /**
     * Whether this stands between the begin and the commit mark of its source.
     *
     * @return true inside a transaction.
     */
    public boolean inTransaction() {
        return (flags() & EventWriter.IN_TRANSACTION) != 0;
    }

    /**
     * The label by which subscriptions select.
     *
     * @return absolute offset of its first byte in {@link #buffer()}.
     */
    public int topicOffset() {
        return reader.fieldOffset(TOPIC);
    }

    /**
     * The label by which subscriptions select.
     *
     * @return its length in bytes; 0 if there is none.
     */
    public int topicLength() {
        return reader.fieldLength(TOPIC);
    }

    /**
     * The label by which subscriptions select. Allocates: for edges only.
     *
     * @return its text, empty if there is none; bytes that are not UTF-8 are replaced.
     */
    public String topic() {
        return reader.text(TOPIC);
    }

    /**
     * Name of the source that published this.
     *
     * @return absolute offset of its first byte in {@link #buffer()}.
     */
    public int sourceOffset() {
        return reader.fieldOffset(SOURCE);
    }

    /**
     * Name of the source that published this.
     *
     * @return its length in bytes; 0 if there is none.
     */
    public int sourceLength() {
        return reader.fieldLength(SOURCE);
    }

    /**
     * Name of the source that published this. Allocates: for edges only.
     *
     * @return its text, empty if there is none; bytes that are not UTF-8 are replaced.
     */
    public String source() {
        return reader.text(SOURCE);
    }

    /**
     * The id by which a repeated message is recognised.
     *
     * @return absolute offset of its first byte in {@link #buffer()}.
     */
    public int messageIdOffset() {
        return reader.fieldOffset(MESSAGE_ID);
    }

    /**
     * The id by which a repeated message is recognised.
     *
     * @return its length in bytes; 0 if there is none.
     */
    public int messageIdLength() {
        return reader.fieldLength(MESSAGE_ID);
    }

    /**
     * What ties this event to others.
     *
     * @return absolute offset of its first byte in {@link #buffer()}.
     */
    public int correlationIdOffset() {
        return reader.fieldOffset(CORRELATION_ID);
    }

    /**
     * What ties this event to others.
     *
     * @return its length in bytes; 0 if there is none.
     */
    public int correlationIdLength() {
        return reader.fieldLength(CORRELATION_ID);
    }

    /**
     * Where in its source the event came from, ordered as unsigned bytes.
     *
     * @return absolute offset of its first byte in {@link #buffer()}.
     */
    public int sourcePositionOffset() {
        return reader.fieldOffset(SOURCE_POSITION);
    }

    /**
     * Where in its source the event came from, ordered as unsigned bytes.
     *
     * @return its length in bytes; 0 if there is none.
     */
    public int sourcePositionLength() {
        return reader.fieldLength(SOURCE_POSITION);
    }

    /**
     * The key, by which lanes are chosen.
     *
     * @return absolute offset of its first byte in {@link #buffer()}.
     */
    public int keyOffset() {
        return reader.fieldOffset(KEY);
    }

    /**
     * The key, by which lanes are chosen.
     *
     * @return its length in bytes; 0 if there is none.
     */
    public int keyLength() {
        return reader.fieldLength(KEY);
    }

    /**
     * The payload, a message with its own header, of the kind that {@link #kind()} says.
     *
     * @return absolute offset of its first byte in {@link #buffer()}.
     */
    public int payloadOffset() {
        return reader.fieldOffset(PAYLOAD);
    }

    /**
     * The payload, a message with its own header, of the kind that {@link #kind()} says.
     *
     * @return its length in bytes; 0 if there is none.
     */
    public int payloadLength() {
        return reader.fieldLength(PAYLOAD);
    }
}
