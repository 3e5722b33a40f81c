package io.headrace.adapters.mqtt;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.datatypes.MqttTopic;
import com.hivemq.client.mqtt.datatypes.MqttUtf8String;
import com.hivemq.client.mqtt.mqtt3.message.publish.Mqtt3Publish;
import com.hivemq.client.mqtt.mqtt5.datatypes.Mqtt5UserProperty;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * The thread of the source's event loop: one way to look at the messages of MQTT 5 and of 3.1.1, for which the client
 * library has types of their own. Used again for each message.
 */
final class IncomingMessage {
    private static final byte[] NOTHING = new byte[0];
    private static final byte[] UNKNOWN_CONTENT = "application/octet-stream".getBytes(StandardCharsets.US_ASCII);

    private final String messageIdProperty;
    private Mqtt5Publish publish5;
    private Mqtt3Publish publish3;
    private long receivedNs;

    /**
     * A view for messages of one source.
     *
     * @param messageIdProperty the user property that holds the message id, or null.
     */
    IncomingMessage(final String messageIdProperty) {
        this.messageIdProperty = messageIdProperty;
    }

    /**
     * Looks at a message.
     *
     * @param publish          of either type of the client library.
     * @param receivedTimeNs   when it came, since the Unix epoch.
     */
    IncomingMessage wrap(final Object publish, final long receivedTimeNs) {
        receivedNs = receivedTimeNs;
        if (publish instanceof Mqtt5Publish newer) {
            publish5 = newer;
            publish3 = null;
        } else {
            publish5 = null;
            publish3 = (Mqtt3Publish)publish;
        }
        return this;
    }

    /** Acknowledges a message of QoS 1, of either type of the client library. */
    static void acknowledge(final Object publish) {
        if (publish instanceof Mqtt5Publish newer) {
            newer.acknowledge();
        } else {
            ((Mqtt3Publish)publish).acknowledge();
        }
    }

    /** Whether a message wants an acknowledgement. */
    static boolean wantsAcknowledgement(final Object publish) {
        final MqttQos qos =
            publish instanceof Mqtt5Publish newer ? newer.getQos() : ((Mqtt3Publish)publish).getQos();
        return qos != MqttQos.AT_MOST_ONCE;
    }

    long receivedNs() {
        return receivedNs;
    }

    MqttTopic topic() {
        return publish5 != null ? publish5.getTopic() : publish3.getTopic();
    }

    /** The payload, or null when it is empty. */
    ByteBuffer payload() {
        return (publish5 != null ? publish5.getPayload() : publish3.getPayload()).orElse(null);
    }

    byte[] contentType() {
        if (publish5 != null) {
            final Optional<MqttUtf8String> contentType = publish5.getContentType();
            if (contentType.isPresent()) {
                return bytes(contentType.get().toByteBuffer());
            }
        }
        return UNKNOWN_CONTENT;
    }

    byte[] messageId() {
        if (messageIdProperty == null || publish5 == null) {
            return NOTHING;
        }
        final List<? extends Mqtt5UserProperty> properties = publish5.getUserProperties().asList();
        for (int i = 0; i < properties.size(); i++) {
            final Mqtt5UserProperty property = properties.get(i);
            if (property.getName().toString().equals(messageIdProperty)) {
                return bytes(property.getValue().toByteBuffer());
            }
        }
        return NOTHING;
    }

    byte[] correlationId() {
        if (publish5 != null) {
            final Optional<ByteBuffer> correlation = publish5.getCorrelationData();
            if (correlation.isPresent()) {
                return bytes(correlation.get());
            }
        }
        return NOTHING;
    }

    private static byte[] bytes(final ByteBuffer buffer) {
        final byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }
}
