package io.headrace.codecs;

import io.headrace.codecs.sbe.DocumentDecoder;
import org.agrona.DirectBuffer;

/**
 * The thread of the subscription that it belongs to: reads one Document that it did not necessarily write.
 *
 * <p>After {@link #wrap} answered with {@link DecodeError#NONE} all accessors are plain reads within the message; after
 * any other answer its fields are empty.
 */
public final class DocumentView {
    private static final int CONTENT_TYPE = 0;
    private static final int SCHEMA_REFERENCE = 1;
    private static final int BODY = 2;
    private static final int FIELD_COUNT = 3;

    private final MessageReader reader =
        new MessageReader(DocumentDecoder.TEMPLATE_ID, DocumentDecoder.BLOCK_LENGTH, FIELD_COUNT, BODY);

    /** A view of nothing, until it wraps a document. */
    public DocumentView() {
        reader.blank();
    }

    /**
     * Checks a document and, if it is well-formed, shows it. Newer versions of the schema are accepted. Never throws
     * for what the bytes hold, and never reads outside of the range.
     *
     * @param buffer that holds the message.
     * @param offset of its SBE header.
     * @param length of the message in bytes, exactly.
     * @return {@link DecodeError#NONE}, or why it is refused.
     */
    public DecodeError wrap(final DirectBuffer buffer, final int offset, final int length) {
        DecodeError error = reader.begin(buffer, offset, length);
        if (error == DecodeError.NONE) {
            error = reader.fields();
        }
        if (error != DecodeError.NONE) {
            reader.blank();
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
     * The media type of the body.
     *
     * @return absolute offset of its first byte in {@link #buffer()}.
     */
    public int contentTypeOffset() {
        return reader.fieldOffset(CONTENT_TYPE);
    }

    /**
     * The media type of the body.
     *
     * @return its length in bytes; 0 if there is none.
     */
    public int contentTypeLength() {
        return reader.fieldLength(CONTENT_TYPE);
    }

    /**
     * The media type of the body. Allocates: for edges only.
     *
     * @return its text, empty if there is none; bytes that are not UTF-8 are replaced.
     */
    public String contentType() {
        return reader.text(CONTENT_TYPE);
    }

    /**
     * What names the body's schema.
     *
     * @return absolute offset of its first byte in {@link #buffer()}.
     */
    public int schemaReferenceOffset() {
        return reader.fieldOffset(SCHEMA_REFERENCE);
    }

    /**
     * What names the body's schema.
     *
     * @return its length in bytes; 0 if there is none.
     */
    public int schemaReferenceLength() {
        return reader.fieldLength(SCHEMA_REFERENCE);
    }

    /**
     * What names the body's schema. Allocates: for edges only.
     *
     * @return its text, empty if there is none; bytes that are not UTF-8 are replaced.
     */
    public String schemaReference() {
        return reader.text(SCHEMA_REFERENCE);
    }

    /**
     * The body.
     *
     * @return absolute offset of its first byte in {@link #buffer()}.
     */
    public int bodyOffset() {
        return reader.fieldOffset(BODY);
    }

    /**
     * The body.
     *
     * @return its length in bytes; 0 if there is none.
     */
    public int bodyLength() {
        return reader.fieldLength(BODY);
    }
}
