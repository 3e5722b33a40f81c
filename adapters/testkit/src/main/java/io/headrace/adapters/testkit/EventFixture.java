package io.headrace.adapters.testkit;

import io.headrace.codecs.DocumentWriter;
import io.headrace.codecs.EventWriter;
import io.headrace.codecs.ReadingWriter;
import io.headrace.codecs.RowChangeWriter;
import io.headrace.codecs.TransactionMarkWriter;
import io.headrace.codecs.sbe.EventKind;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.MutableDirectBuffer;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.ToIntFunction;

/**
 * Builds one valid event: the envelope by the setters, in any order, then the payload by one of the methods that
 * answer with the event. Owned by one thread; it may build several events, one after the other.
 */
public final class EventFixture {
    /** The source time of an event that sets none: in November 2026. */
    public static final long SOURCE_TIME_NS = 1_795_285_688_000_000_003L;
    /** The publish time that {@link EncodedEvent#sequence(long)} stamps, a millisecond later. */
    public static final long PUBLISH_TIME_NS = 1_795_285_688_001_000_007L;

    private static final byte[] NOTHING = {};

    private byte[] topic = utf8("erp.public.item");
    private byte[] source = utf8("erp");
    private byte[] key = NOTHING;
    private byte[] messageId = NOTHING;
    private byte[] correlationId = NOTHING;
    private byte[] sourcePosition = NOTHING;
    private long sourceTimeNs = SOURCE_TIME_NS;
    private int flags;

    /**
     * The bytes of a text as an event holds it.
     *
     * @param text of any length.
     * @return its UTF-8.
     */
    public static byte[] utf8(final String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Sets the topic.
     *
     * @param value {@code erp.public.item} unless set.
     * @return this.
     */
    public EventFixture topic(final String value) {
        topic = utf8(value);
        return this;
    }

    /**
     * Sets the name of the source.
     *
     * @param value {@code erp} unless set.
     * @return this.
     */
    public EventFixture source(final String value) {
        source = utf8(value);
        return this;
    }

    /**
     * Sets the key to the encoded values of key columns, each prefixed by its length.
     *
     * @param values of the key columns; empty unless set.
     * @return this.
     */
    public EventFixture key(final String... values) {
        final ByteBuffer bytes = ByteBuffer.allocate(
            Arrays.stream(values).mapToInt(value -> Integer.BYTES + utf8(value).length).sum());
        for (final String value : values) {
            bytes.putInt(utf8(value).length).put(utf8(value));
        }
        key = bytes.array();
        return this;
    }

    /**
     * Sets the message id.
     *
     * @param value empty unless set.
     * @return this.
     */
    public EventFixture messageId(final String value) {
        messageId = utf8(value);
        return this;
    }

    /**
     * Sets the correlation id.
     *
     * @param value empty unless set.
     * @return this.
     */
    public EventFixture correlationId(final String value) {
        correlationId = utf8(value);
        return this;
    }

    /**
     * Sets the source position.
     *
     * @param high its first eight bytes, big endian.
     * @param low  its last eight bytes, big endian.
     * @return this.
     */
    public EventFixture sourcePosition(final long high, final long low) {
        sourcePosition = ByteBuffer.allocate(2 * Long.BYTES).putLong(high).putLong(low).array();
        return this;
    }

    /**
     * Sets the source time.
     *
     * @param value nanoseconds since the Unix epoch; {@link #SOURCE_TIME_NS} unless set.
     * @return this.
     */
    public EventFixture sourceTimeNs(final long value) {
        sourceTimeNs = value;
        return this;
    }

    /**
     * Sets the flags.
     *
     * @param bits {@link EventWriter#SNAPSHOT} and {@link EventWriter#IN_TRANSACTION}; 0 unless set.
     * @return this.
     */
    public EventFixture flags(final int bits) {
        flags = bits;
        return this;
    }

    /**
     * Builds a row change.
     *
     * @param encoder writes the whole payload and answers with its length.
     * @return the event.
     */
    public EncodedEvent row(final ToIntFunction<RowChangeWriter> encoder) {
        return payload(EventKind.ROW_CHANGE,
            buffer -> encoder.applyAsInt(new RowChangeWriter().wrap(buffer, 0)));
    }

    /**
     * Builds a reading.
     *
     * @param encoder writes the whole payload and answers with its length.
     * @return the event.
     */
    public EncodedEvent reading(final ToIntFunction<ReadingWriter> encoder) {
        return payload(EventKind.READING,
            buffer -> encoder.applyAsInt(new ReadingWriter().wrap(buffer, 0)));
    }

    /**
     * Builds a document.
     *
     * @param contentType of the body.
     * @param body        of any bytes.
     * @return the event.
     */
    public EncodedEvent document(final String contentType, final byte[] body) {
        return payload(EventKind.DOCUMENT,
            buffer -> new DocumentWriter().wrap(buffer, 0).contentType(utf8(contentType)).body(body).length());
    }

    /**
     * Builds a transaction mark.
     *
     * @param encoder writes the whole payload and answers with its length.
     * @return the event.
     */
    public EncodedEvent mark(final ToIntFunction<TransactionMarkWriter> encoder) {
        return payload(EventKind.TRANSACTION,
            buffer -> encoder.applyAsInt(new TransactionMarkWriter().wrap(buffer, 0)));
    }

    /**
     * Builds an event whose payload is not what its kind says: a bus takes it, as it looks at the envelope only.
     *
     * @param kind  as the envelope says.
     * @param bytes of the payload.
     * @return the event.
     */
    public EncodedEvent rawPayload(final EventKind kind, final byte[] bytes) {
        return payload(kind, buffer -> {
            buffer.putBytes(0, bytes);
            return bytes.length;
        });
    }

    private EncodedEvent payload(final EventKind kind, final ToIntFunction<MutableDirectBuffer> encoder) {
        final ExpandableArrayBuffer payload = new ExpandableArrayBuffer();
        final int payloadLength = encoder.applyAsInt(payload);
        final ExpandableArrayBuffer event = new ExpandableArrayBuffer();
        final int length = new EventWriter().wrap(event, 0)
            .kind(kind).flags(flags).sourceTimeNs(sourceTimeNs)
            .topic(topic).source(source).messageId(messageId).correlationId(correlationId)
            .sourcePosition(sourcePosition).key(key)
            .payload(payload, 0, payloadLength)
            .length();
        return new EncodedEvent(Arrays.copyOf(event.byteArray(), length));
    }
}
