package io.headrace.codecs;

import io.headrace.codecs.sbe.DocumentEncoder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * The source's thread: encodes one Document, bytes of a content type that the bus does not look into.
 *
 * <p>Order: content type, schema reference, body; omitted ones are written empty. Misuse throws, as in
 * {@link EventWriter}.
 */
public final class DocumentWriter {
    private static final int CONTENT_TYPE = 0;
    private static final int SCHEMA_REFERENCE = 1;
    private static final int BODY = 2;
    private static final int FIELD_COUNT = 3;

    private final MessageWriter writer =
        new MessageWriter(DocumentEncoder.TEMPLATE_ID, DocumentEncoder.BLOCK_LENGTH, FIELD_COUNT, BODY);

    /**
     * Starts a document: writes the SBE header.
     *
     * @param buffer to encode into.
     * @param offset where the message begins.
     * @return this.
     */
    public DocumentWriter wrap(final MutableDirectBuffer buffer, final int offset) {
        writer.wrap(buffer, offset);
        return this;
    }

    /**
     * Starts a document: writes the SBE header.
     *
     * <p>It may use only a part of the buffer, because what lies behind that part belongs to somebody else.
     *
     * @param buffer         to encode into.
     * @param offset         where the message begins.
     * @param maxLengthBytes that it may take; {@link IndexOutOfBoundsException} when it would take more.
     * @return this.
     */
    public DocumentWriter wrap(final MutableDirectBuffer buffer, final int offset, final int maxLengthBytes) {
        writer.wrap(buffer, offset, maxLengthBytes);
        return this;
    }

    /**
     * The media type of the body, in UTF-8.
     *
     * @param buffer      that holds it.
     * @param offset      of its first byte.
     * @param lengthBytes of it, at most 65534.
     * @return this.
     */
    public DocumentWriter contentType(final DirectBuffer buffer, final int offset, final int lengthBytes) {
        writer.field(CONTENT_TYPE, buffer, offset, lengthBytes);
        return this;
    }

    /**
     * The media type of the body, in UTF-8.
     *
     * @param contentType at most 65534 bytes.
     * @return this.
     */
    public DocumentWriter contentType(final byte[] contentType) {
        writer.field(CONTENT_TYPE, contentType);
        return this;
    }

    /**
     * What names the body's schema, in UTF-8.
     *
     * @param buffer      that holds it.
     * @param offset      of its first byte.
     * @param lengthBytes of it, at most 65534.
     * @return this.
     */
    public DocumentWriter schemaReference(final DirectBuffer buffer, final int offset, final int lengthBytes) {
        writer.field(SCHEMA_REFERENCE, buffer, offset, lengthBytes);
        return this;
    }

    /**
     * What names the body's schema, in UTF-8.
     *
     * @param schemaReference at most 65534 bytes.
     * @return this.
     */
    public DocumentWriter schemaReference(final byte[] schemaReference) {
        writer.field(SCHEMA_REFERENCE, schemaReference);
        return this;
    }

    /**
     * The body, already encoded elsewhere.
     *
     * @param buffer      that holds it.
     * @param offset      of its first byte.
     * @param lengthBytes of it, at most 1 GiB.
     * @return this.
     */
    public DocumentWriter body(final DirectBuffer buffer, final int offset, final int lengthBytes) {
        writer.field(BODY, buffer, offset, lengthBytes);
        return this;
    }

    /**
     * The body, already encoded elsewhere.
     *
     * @param body its bytes.
     * @return this.
     */
    public DocumentWriter body(final byte[] body) {
        writer.field(BODY, body);
        return this;
    }

    /**
     * Begins a body that is encoded in place. End it with {@link #endBody(int)}.
     *
     * @return the absolute offset in the wrapped buffer where the body's first byte belongs.
     */
    public int beginBody() {
        return writer.beginField(BODY);
    }

    /**
     * Ends a body that was encoded in place.
     *
     * @param lengthBytes of what was encoded from {@link #beginBody()} on.
     * @return this.
     */
    public DocumentWriter endBody(final int lengthBytes) {
        writer.endLong(lengthBytes);
        return this;
    }

    /**
     * Ends the message: fields that were omitted are written empty.
     *
     * @return length in bytes with the header.
     */
    public int length() {
        return writer.finish();
    }
}
