package io.headrace.adapters.mqtt;

import com.hivemq.client.mqtt.datatypes.MqttTopic;
import com.hivemq.client.mqtt.datatypes.MqttUtf8String;
import io.headrace.adapters.json.EventJson;
import io.headrace.codecs.DecodeError;
import io.headrace.codecs.DocumentView;
import io.headrace.codecs.EventView;
import io.headrace.codecs.sbe.EventKind;
import org.agrona.DirectBuffer;

import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;

/** The thread of one lane: makes the message for an event. A document is sent as its bytes, all else as JSON. */
final class MessageFactory {
    private static final String JSON = "application/json";
    private static final byte[] NOTHING = new byte[0];

    private final EventJson json = new EventJson();
    private final DocumentView document = new DocumentView();
    private final Template topic;
    private final String logId;

    /**
     * Makes a factory.
     *
     * @param topicTemplate of the messages' topics.
     * @param logId         by which sequences of this bus are told from those of any other.
     */
    MessageFactory(final String topicTemplate, final long logId) {
        topic = Template.parse(topicTemplate);
        this.logId = String.format(Locale.ROOT, "%016x", logId);
    }

    /**
     * Makes a message.
     *
     * @throws IllegalArgumentException when the event can never be sent, with the reason.
     */
    OutgoingMessage of(final EventView event) {
        final byte[] payload;
        final String contentType;
        if (event.kind() == EventKind.DOCUMENT) {
            final DecodeError error =
                document.wrap(event.buffer(), event.payloadOffset(), event.payloadLength());
            if (error != DecodeError.NONE) {
                throw new IllegalArgumentException("the document cannot be read: " + error.description());
            }
            payload = bytes(document.buffer(), document.bodyOffset(), document.bodyLength());
            contentType = document.contentType();
        } else {
            try {
                payload = json.toBytes(event);
            } catch (final UncheckedIOException e) {
                throw new IllegalArgumentException("the event cannot be written as JSON: " + e.getMessage(), e);
            }
            contentType = JSON;
        }
        return new OutgoingMessage(
            topic(event),
            payload,
            contentType,
            id(event),
            event.correlationIdLength() == 0 ?
                NOTHING : bytes(event.buffer(), event.correlationIdOffset(), event.correlationIdLength()));
    }

    private String topic(final EventView event) {
        final String name = topic.resolve(place -> switch (place) {
            case "topic" -> event.topic();
            case "path" -> event.topic().replace('.', '/');
            case "source" -> event.source();
            case "kind" -> event.kind().name().toLowerCase(Locale.ROOT).replace('_', '-');
            case "id" -> id(event);
            default -> key(event);
        });
        if (name == null) {
            throw new IllegalArgumentException("the event has no key, which the template of the topic asks for");
        }
        try {
            MqttTopic.of(name);
        } catch (final IllegalArgumentException e) {
            throw new IllegalArgumentException("'" + name + "' is no topic for a message: " + e.getMessage(), e);
        }
        return name;
    }

    private static String key(final EventView event) {
        if (event.keyLength() == 0) {
            return null;
        }
        final byte[] key = bytes(event.buffer(), event.keyOffset(), event.keyLength());
        final String text = text(key);
        return text == null || text.indexOf('+') >= 0 || text.indexOf('#') >= 0 ? HexFormat.of().formatHex(key) : text;
    }

    /**
     * The same however often an event is delivered, also after a restart, and of no other event of the bus: its source
     * with its message id, or else with its place there. An event with neither is told by the log and its sequence,
     * which stays the same as long as the log holds the event. What stands behind the name tells the three apart.
     */
    private String id(final EventView event) {
        if (event.messageIdLength() == 0) {
            return event.sourcePositionLength() == 0 ?
                logId + "-" + event.sequence() :
                event.source() + "@" + HexFormat.of().formatHex(
                    bytes(event.buffer(), event.sourcePositionOffset(), event.sourcePositionLength()));
        }
        return event.source() + ":"
            + textOrHex(bytes(event.buffer(), event.messageIdOffset(), event.messageIdLength()));
    }

    /** In hexadecimal what is no text, or no single level of a topic. */
    private static String textOrHex(final byte[] bytes) {
        final String text = text(bytes);
        return text == null || text.indexOf('+') >= 0 || text.indexOf('#') >= 0 || text.indexOf('/') >= 0 ?
            HexFormat.of().formatHex(bytes) : text;
    }

    /** Bytes as text that MQTT allows, or null. */
    private static String text(final byte[] bytes) {
        try {
            final String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            for (int i = 0; i < text.length(); i++) {
                if (Character.isISOControl(text.charAt(i))) {
                    return null;
                }
            }
            MqttUtf8String.of(text);
            return text;
        } catch (final CharacterCodingException | IllegalArgumentException notText) {
            return null;
        }
    }

    private static byte[] bytes(final DirectBuffer buffer, final int offset, final int lengthBytes) {
        final byte[] bytes = new byte[lengthBytes];
        buffer.getBytes(offset, bytes);
        return bytes;
    }
}
