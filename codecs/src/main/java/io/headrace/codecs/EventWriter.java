package io.headrace.codecs;

import java.nio.ByteOrder;

import io.headrace.codecs.sbe.EventEncoder;
import io.headrace.codecs.sbe.EventKind;
import io.headrace.codecs.sbe.MessageHeaderEncoder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * The publisher's thread: encodes one Event in place, usually in a claimed part of the ring.
 *
 * <p>The fields of the fixed block (kind, flags, source time) may be set in any order and at any time before the event
 * is committed; the others strictly in the schema's order: topic, source, messageId, correlationId, sourcePosition,
 * key, payload. An omitted one is written empty. Only the kind must be set: readers refuse an event without it.
 *
 * <p>Misuse throws: {@link IllegalStateException} for a field out of order, {@link IllegalArgumentException} for a
 * length above its limit (65534 bytes, 1 GiB for the payload), {@link IndexOutOfBoundsException} when the buffer is
 * full. What was written until then is no event.
 */
public final class EventWriter {
    /** Flag: part of an initial snapshot, not of the stream. */
    public static final int SNAPSHOT = 1;
    /** Flag: between the begin and the commit mark of its source. */
    public static final int IN_TRANSACTION = 1 << 1;

    private static final int TOPIC = 0;
    private static final int SOURCE = 1;
    private static final int MESSAGE_ID = 2;
    private static final int CORRELATION_ID = 3;
    private static final int SOURCE_POSITION = 4;
    private static final int KEY = 5;
    private static final int PAYLOAD = 6;
    private static final int FIELD_COUNT = 7;
    private static final int FIXED_LENGTH = MessageHeaderEncoder.ENCODED_LENGTH + EventEncoder.BLOCK_LENGTH +
        (FIELD_COUNT - 1) * MessageWriter.SHORT_LENGTH_BYTES + MessageWriter.LONG_LENGTH_BYTES;

    private final EventEncoder encoder = new EventEncoder();
    private final MessageWriter writer =
        new MessageWriter(EventEncoder.TEMPLATE_ID, EventEncoder.BLOCK_LENGTH, FIELD_COUNT, PAYLOAD);

    /**
     * Bytes that an event takes without its payload: header, block, length fields and the data of these lengths.
     *
     * @param topicLength          in bytes.
     * @param sourceLength         in bytes.
     * @param messageIdLength      in bytes.
     * @param correlationIdLength  in bytes.
     * @param positionLength       of the source position in bytes.
     * @param keyLength            in bytes.
     * @return the length in bytes; add the payload's length to know what to claim.
     */
    public static int overheadLength(
        final int topicLength,
        final int sourceLength,
        final int messageIdLength,
        final int correlationIdLength,
        final int positionLength,
        final int keyLength) {
        return FIXED_LENGTH +
            topicLength + sourceLength + messageIdLength + correlationIdLength + positionLength + keyLength;
    }

    /**
     * Starts an event: writes the SBE header and clears the block.
     *
     * @param buffer to encode into.
     * @param offset where the event begins.
     * @return this.
     */
    public EventWriter wrap(final MutableDirectBuffer buffer, final int offset) {
        writer.wrap(buffer, offset);
        encoder.wrap(buffer, writer.blockOffset());
        return this;
    }

    /**
     * Starts an event: writes the SBE header and clears the block.
     *
     * <p>It may use only a part of the buffer, because what lies behind that part belongs to somebody else.
     *
     * @param buffer         to encode into.
     * @param offset         where the event begins.
     * @param maxLengthBytes that it may take; {@link IndexOutOfBoundsException} when it would take more.
     * @return this.
     */
    public EventWriter wrap(final MutableDirectBuffer buffer, final int offset, final int maxLengthBytes) {
        writer.wrap(buffer, offset, maxLengthBytes);
        encoder.wrap(buffer, writer.blockOffset());
        return this;
    }

    /**
     * What the payload is. Required.
     *
     * @param kind of the payload.
     * @return this.
     */
    public EventWriter kind(final EventKind kind) {
        encoder.kind(kind);
        return this;
    }

    /**
     * Marks the event.
     *
     * @param bits {@link #SNAPSHOT} and {@link #IN_TRANSACTION}, or 0.
     * @return this.
     */
    public EventWriter flags(final int bits) {
        final int at = encoder.offset() + EventEncoder.flagsEncodingOffset();
        encoder.buffer().putShort(at, (short)bits, ByteOrder.LITTLE_ENDIAN);
        return this;
    }

    /**
     * When the event happened, by its source's clock.
     *
     * @param sourceTimeNs since the Unix epoch.
     * @return this.
     */
    public EventWriter sourceTimeNs(final long sourceTimeNs) {
        encoder.sourceTimeNs(sourceTimeNs);
        return this;
    }

    /**
     * The label by which subscriptions select, in UTF-8.
     *
     * @param buffer      that holds it.
     * @param offset      of its first byte.
     * @param lengthBytes of it, at most 65534.
     * @return this.
     */
    public EventWriter topic(final DirectBuffer buffer, final int offset, final int lengthBytes) {
        writer.field(TOPIC, buffer, offset, lengthBytes);
        return this;
    }

    /**
     * The label by which subscriptions select, in UTF-8.
     *
     * @param topic at most 65534 bytes.
     * @return this.
     */
    public EventWriter topic(final byte[] topic) {
        writer.field(TOPIC, topic);
        return this;
    }

    /**
     * Name of the source that publishes this, in UTF-8.
     *
     * @param buffer      that holds it.
     * @param offset      of its first byte.
     * @param lengthBytes of it, at most 65534.
     * @return this.
     */
    public EventWriter source(final DirectBuffer buffer, final int offset, final int lengthBytes) {
        writer.field(SOURCE, buffer, offset, lengthBytes);
        return this;
    }

    /**
     * Name of the source that publishes this, in UTF-8.
     *
     * @param source at most 65534 bytes.
     * @return this.
     */
    public EventWriter source(final byte[] source) {
        writer.field(SOURCE, source);
        return this;
    }

    /**
     * The id by which a source without an order of its own recognises a repeated message.
     *
     * @param buffer      that holds it.
     * @param offset      of its first byte.
     * @param lengthBytes of it, at most 65534.
     * @return this.
     */
    public EventWriter messageId(final DirectBuffer buffer, final int offset, final int lengthBytes) {
        writer.field(MESSAGE_ID, buffer, offset, lengthBytes);
        return this;
    }

    /**
     * The id by which a source without an order of its own recognises a repeated message.
     *
     * @param messageId at most 65534 bytes.
     * @return this.
     */
    public EventWriter messageId(final byte[] messageId) {
        writer.field(MESSAGE_ID, messageId);
        return this;
    }

    /**
     * What ties this event to others, for the sinks.
     *
     * @param buffer      that holds it.
     * @param offset      of its first byte.
     * @param lengthBytes of it, at most 65534.
     * @return this.
     */
    public EventWriter correlationId(final DirectBuffer buffer, final int offset, final int lengthBytes) {
        writer.field(CORRELATION_ID, buffer, offset, lengthBytes);
        return this;
    }

    /**
     * What ties this event to others, for the sinks.
     *
     * @param correlationId at most 65534 bytes.
     * @return this.
     */
    public EventWriter correlationId(final byte[] correlationId) {
        writer.field(CORRELATION_ID, correlationId);
        return this;
    }

    /**
     * Where in its source the event came from, ordered as unsigned bytes.
     *
     * @param buffer      that holds it.
     * @param offset      of its first byte.
     * @param lengthBytes of it, at most 65534.
     * @return this.
     */
    public EventWriter sourcePosition(final DirectBuffer buffer, final int offset, final int lengthBytes) {
        writer.field(SOURCE_POSITION, buffer, offset, lengthBytes);
        return this;
    }

    /**
     * Where in its source the event came from, ordered as unsigned bytes.
     *
     * @param sourcePosition at most 65534 bytes.
     * @return this.
     */
    public EventWriter sourcePosition(final byte[] sourcePosition) {
        writer.field(SOURCE_POSITION, sourcePosition);
        return this;
    }

    /**
     * The key, by which lanes are chosen; also sets the key's hash.
     *
     * @param buffer      that holds it.
     * @param offset      of its first byte.
     * @param lengthBytes of it, at most 65534.
     * @return this.
     */
    public EventWriter key(final DirectBuffer buffer, final int offset, final int lengthBytes) {
        writer.field(KEY, buffer, offset, lengthBytes);
        encoder.keyHash(KeyHash.of(buffer, offset, lengthBytes));
        return this;
    }

    /**
     * The key, by which lanes are chosen; also sets the key's hash.
     *
     * @param key at most 65534 bytes.
     * @return this.
     */
    public EventWriter key(final byte[] key) {
        writer.field(KEY, key);
        encoder.keyHash(KeyHash.of(key));
        return this;
    }

    /**
     * The payload, already encoded elsewhere.
     *
     * @param buffer      that holds it.
     * @param offset      of its first byte.
     * @param lengthBytes of it, at most 1 GiB.
     * @return this.
     */
    public EventWriter payload(final DirectBuffer buffer, final int offset, final int lengthBytes) {
        writer.field(PAYLOAD, buffer, offset, lengthBytes);
        return this;
    }

    /**
     * The payload, already encoded elsewhere.
     *
     * @param payload its bytes.
     * @return this.
     */
    public EventWriter payload(final byte[] payload) {
        writer.field(PAYLOAD, payload);
        return this;
    }

    /**
     * Begins a payload that is encoded in place. End it with {@link #endPayload(int)}.
     *
     * @return the absolute offset in the wrapped buffer where the payload's first byte belongs.
     */
    public int beginPayload() {
        return writer.beginField(PAYLOAD);
    }

    /**
     * Ends a payload that was encoded in place.
     *
     * @param lengthBytes of what was encoded from {@link #beginPayload()} on.
     * @return this.
     */
    public EventWriter endPayload(final int lengthBytes) {
        writer.endLong(lengthBytes);
        return this;
    }

    /**
     * Ends the event: fields that were omitted, the payload among them, are written empty.
     *
     * @return length of the whole event in bytes, with its header.
     */
    public int length() {
        return writer.finish();
    }
}
