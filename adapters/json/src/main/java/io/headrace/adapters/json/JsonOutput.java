package io.headrace.adapters.json;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import org.agrona.DirectBuffer;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/**
 * The thread of its renderer: where an event is rendered whole before a byte of it leaves. Holds one generator and the
 * scratch memory for bytes on their way out of the event's buffer; what one very large event needed is given back.
 */
final class JsonOutput {
    private static final int INITIAL_BYTES = 4 * 1024;
    private static final int MAX_KEPT_BYTES = 4 * 1024 * 1024;
    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private final JsonFactory factory = new JsonFactoryBuilder()
        .rootValueSeparator((String)null)
        .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
        .build();
    private ByteArrayOutputStream bytes = new ByteArrayOutputStream(INITIAL_BYTES);
    private byte[] scratch = new byte[INITIAL_BYTES];
    private JsonGenerator json;
    private boolean complete = true;

    /** Forgets what was rendered before, also what was left half done by an exception. */
    JsonGenerator begin() throws IOException {
        if (bytes.size() > MAX_KEPT_BYTES || scratch.length > MAX_KEPT_BYTES) {
            bytes = new ByteArrayOutputStream(INITIAL_BYTES);
            scratch = new byte[INITIAL_BYTES];
            complete = false;
        }
        if (json == null || !complete) {
            json = factory.createGenerator(bytes, JsonEncoding.UTF8);
        }
        bytes.reset();
        complete = false;
        return json;
    }

    /** Ends what was begun. */
    void end() throws IOException {
        json.flush();
        complete = true;
    }

    /** Separates two objects of the same event. */
    void newLine() throws IOException {
        json.flush();
        bytes.write('\n');
    }

    void writeTo(final OutputStream out) throws IOException {
        bytes.writeTo(out);
    }

    byte[] toBytes() {
        return bytes.toByteArray();
    }

    /** Writes the name of the next value. */
    JsonOutput name(final String name) throws IOException {
        json.writeFieldName(name);
        return this;
    }

    /** A string; bytes that are not UTF-8 become an object with one field, base64, as nothing may be lost. */
    void text(final DirectBuffer buffer, final int offset, final int lengthBytes) throws IOException {
        load(buffer, offset, lengthBytes);
        if (Utf8.isValid(scratch, lengthBytes)) {
            json.writeUTF8String(scratch, 0, lengthBytes);
        } else {
            json.writeStartObject();
            json.writeFieldName("base64");
            json.writeBinary(scratch, 0, lengthBytes);
            json.writeEndObject();
        }
    }

    void base64(final DirectBuffer buffer, final int offset, final int lengthBytes) throws IOException {
        load(buffer, offset, lengthBytes);
        json.writeBinary(scratch, 0, lengthBytes);
    }

    void hex(final DirectBuffer buffer, final int offset, final int lengthBytes) throws IOException {
        final char[] text = new char[2 * lengthBytes];
        for (int i = 0; i < lengthBytes; i++) {
            final int value = buffer.getByte(offset + i) & 0xFF;
            text[2 * i] = HEX[value >>> 4];
            text[2 * i + 1] = HEX[value & 0xF];
        }
        json.writeString(text, 0, text.length);
    }

    /**
     * Writes a field whose value is the JSON found in the bytes, without its white space.
     *
     * @return false, and nothing written, when the bytes are not one JSON value.
     */
    boolean embed(
        final String name, final DirectBuffer buffer, final int offset, final int lengthBytes) throws IOException {
        load(buffer, offset, lengthBytes);
        if (!Utf8.isValid(scratch, lengthBytes) || !EmbeddedJson.isValid(factory, scratch, lengthBytes)) {
            return false;
        }
        json.writeFieldName(name);
        EmbeddedJson.copy(factory, scratch, lengthBytes, json);
        return true;
    }

    boolean isText(final DirectBuffer buffer, final int offset, final int lengthBytes) {
        load(buffer, offset, lengthBytes);
        return Utf8.isValid(scratch, lengthBytes);
    }

    boolean isPrintable(final DirectBuffer buffer, final int offset, final int lengthBytes) {
        load(buffer, offset, lengthBytes);
        return Utf8.isValid(scratch, lengthBytes) && !Utf8.hasControls(scratch, lengthBytes);
    }

    private void load(final DirectBuffer buffer, final int offset, final int lengthBytes) {
        if (scratch.length < lengthBytes) {
            scratch = new byte[Math.max(lengthBytes, (int)Math.min(2L * scratch.length, Integer.MAX_VALUE - 8))];
        }
        buffer.getBytes(offset, scratch, 0, lengthBytes);
    }
}
