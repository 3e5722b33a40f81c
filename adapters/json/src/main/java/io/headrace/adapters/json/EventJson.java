package io.headrace.adapters.json;

import com.fasterxml.jackson.core.JsonGenerator;
import io.headrace.codecs.DecodeError;
import io.headrace.codecs.DocumentView;
import io.headrace.codecs.EventView;
import io.headrace.codecs.ReadingView;
import io.headrace.codecs.TransactionMarkView;
import io.headrace.codecs.sbe.EventKind;
import org.agrona.DirectBuffer;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/**
 * The thread that made it, usually one lane's: writes any event as one JSON object on one line. The object is rendered
 * whole before its first byte leaves, so an event that cannot be rendered writes nothing.
 *
 * <p>Nothing is rounded: 64-bit integers stay integers, decimals are strings, times are ISO 8601 with six digits of
 * fraction, and bytes that are not text are base64 under a name that says so.
 */
public final class EventJson {
    private static final String BASE64_SUFFIX = "Base64";

    private final JsonOutput output = new JsonOutput();
    private final RowChangeJson rowChange = new RowChangeJson(output);
    private final ReadingView reading = new ReadingView();
    private final DocumentView document = new DocumentView();
    private final TransactionMarkView mark = new TransactionMarkView();

    /** Makes a renderer; it keeps its buffers from event to event. */
    public EventJson() {
    }

    /**
     * Writes one event, without a line end.
     *
     * @param event to write, wrapped without error.
     * @param out   to write to, in one call.
     * @throws UnrenderableEventException when the event's payload is malformed, or a value has no JSON form.
     * @throws IOException                when the stream fails.
     */
    public void write(final EventView event, final OutputStream out) throws IOException {
        render(event);
        output.writeTo(out);
    }

    /**
     * Renders one event, without a line end.
     *
     * @param event to render, wrapped without error.
     * @return its JSON in UTF-8.
     * @throws UncheckedIOException with an {@link UnrenderableEventException} when the event's payload is malformed, or
     *                              a value has no JSON form.
     */
    public byte[] toBytes(final EventView event) {
        try {
            render(event);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
        return output.toBytes();
    }

    private void render(final EventView event) throws IOException {
        final EventKind kind = event.kind();
        if (kind == null) {
            throw new IllegalArgumentException("event=" + event + " wraps no event");
        }
        final JsonGenerator json = output.begin();
        json.writeStartObject();
        json.writeNumberField("sequence", event.sequence());
        output.name("topic").text(event.buffer(), event.topicOffset(), event.topicLength());
        output.name("source").text(event.buffer(), event.sourceOffset(), event.sourceLength());
        json.writeStringField("kind", kindName(kind));
        json.writeNumberField("publishTimeNs", event.publishTimeNs());
        json.writeNumberField("sourceTimeNs", event.sourceTimeNs());
        json.writeBooleanField("snapshot", event.snapshot());
        json.writeBooleanField("inTransaction", event.inTransaction());
        identifier("messageId", event.buffer(), event.messageIdOffset(), event.messageIdLength());
        identifier("correlationId", event.buffer(), event.correlationIdOffset(), event.correlationIdLength());
        identifier("key", event.buffer(), event.keyOffset(), event.keyLength());
        if (event.sourcePositionLength() > 0) {
            output.name("sourcePosition")
                .hex(event.buffer(), event.sourcePositionOffset(), event.sourcePositionLength());
        }
        json.writeFieldName("payload");
        payload(event, json);
        json.writeEndObject();
        output.end();
    }

    private void payload(final EventView event, final JsonGenerator json) throws IOException {
        switch (event.kind()) {
            case ROW_CHANGE -> rowChange.write(event, json);
            case READING -> reading(event, json);
            case DOCUMENT -> document(event, json);
            case TRANSACTION -> transaction(event, json);
            default -> throw new UnrenderableEventException("kind=" + event.kind() + " is not known");
        }
    }

    private void reading(final EventView event, final JsonGenerator json) throws IOException {
        check(event, reading.wrap(event.buffer(), event.payloadOffset(), event.payloadLength()));
        final DirectBuffer buffer = reading.buffer();
        json.writeStartObject();
        output.name("sensorId").text(buffer, reading.sensorIdOffset(), reading.sensorIdLength());
        json.writeNumberField("timeNs", reading.timeNs());
        json.writeStringField("quality", switch (reading.quality()) {
            case GOOD -> "good";
            case UNCERTAIN -> "uncertain";
            case BAD -> "bad";
            default -> "unknown";
        });
        switch (reading.readingType()) {
            case FLOAT -> {
                json.writeStringField("type", "float");
                json.writeNumberField("value", reading.doubleValue());
            }
            case INTEGER -> {
                json.writeStringField("type", "integer");
                json.writeNumberField("value", reading.longValue());
            }
            case BOOLEAN -> {
                json.writeStringField("type", "boolean");
                json.writeBooleanField("value", reading.boolValue());
            }
            case TEXT -> {
                json.writeStringField("type", "text");
                output.name("value").text(buffer, reading.textOffset(), reading.textLength());
            }
            default -> throw new UnrenderableEventException("readingType=" + reading.readingType() + " is not known");
        }
        if (reading.unitLength() > 0) {
            output.name("unit").text(buffer, reading.unitOffset(), reading.unitLength());
        }
        json.writeEndObject();
    }

    private void document(final EventView event, final JsonGenerator json) throws IOException {
        check(event, document.wrap(event.buffer(), event.payloadOffset(), event.payloadLength()));
        final DirectBuffer buffer = document.buffer();
        json.writeStartObject();
        output.name("contentType").text(buffer, document.contentTypeOffset(), document.contentTypeLength());
        if (document.schemaReferenceLength() > 0) {
            output.name("schemaReference")
                .text(buffer, document.schemaReferenceOffset(), document.schemaReferenceLength());
        }
        final ContentType contentType = ContentType.of(document.contentType());
        final int offset = document.bodyOffset();
        final int length = document.bodyLength();
        if (contentType != ContentType.JSON || !output.embed("body", buffer, offset, length)) {
            if (contentType != ContentType.BINARY && output.isText(buffer, offset, length)) {
                output.name("bodyText").text(buffer, offset, length);
            } else {
                output.name("bodyBase64").base64(buffer, offset, length);
            }
        }
        json.writeEndObject();
    }

    private void transaction(final EventView event, final JsonGenerator json) throws IOException {
        check(event, mark.wrap(event.buffer(), event.payloadOffset(), event.payloadLength()));
        json.writeStartObject();
        json.writeStringField("mark", switch (mark.mark()) {
            case BEGIN -> "begin";
            case COMMIT -> "commit";
            case SNAPSHOT_END -> "snapshot-end";
            default -> throw new IllegalStateException("mark=" + mark.mark());
        });
        json.writeNumberField("transactionId", mark.transactionId());
        json.writeNumberField("commitTimeNs", mark.commitTimeNs());
        json.writeStringField("commitLsn", PostgresText.lsn(mark.commitLsn()));
        json.writeNumberField("eventCount", mark.eventCount());
        json.writeEndObject();
    }

    /** Keys and ids are often binary: text with control characters in it is taken for that, and shown as base64. */
    private void identifier(
        final String name, final DirectBuffer buffer, final int offset, final int lengthBytes) throws IOException {
        if (lengthBytes == 0) {
            return;
        }
        if (output.isPrintable(buffer, offset, lengthBytes)) {
            output.name(name).text(buffer, offset, lengthBytes);
        } else {
            output.name(name + BASE64_SUFFIX).base64(buffer, offset, lengthBytes);
        }
    }

    private static String kindName(final EventKind kind) {
        return switch (kind) {
            case ROW_CHANGE -> "row-change";
            case READING -> "reading";
            case DOCUMENT -> "document";
            case TRANSACTION -> "transaction";
            default -> "unknown";
        };
    }

    static void check(final EventView event, final DecodeError error) throws UnrenderableEventException {
        if (error != DecodeError.NONE) {
            throw new UnrenderableEventException("the " + kindName(event.kind()) + " of event sequence=" +
                event.sequence() + " topic=" + event.topic() + " cannot be read: " + error.description() + "; " +
                error.remedy());
        }
    }
}
