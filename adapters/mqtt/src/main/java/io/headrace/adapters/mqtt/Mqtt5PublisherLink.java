package io.headrace.adapters.mqtt;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5Client;
import com.hivemq.client.mqtt.mqtt5.message.connect.Mqtt5Connect;
import com.hivemq.client.mqtt.mqtt5.message.connect.connack.Mqtt5ConnAck;
import com.hivemq.client.mqtt.mqtt5.message.connect.connack.Mqtt5ConnAckRestrictions;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5PublishResult;

import java.util.concurrent.CompletableFuture;

/** The thread of one lane: a connection in MQTT 5. */
final class Mqtt5PublisherLink implements PublisherLink {
    private final MqttSinkOptions options;
    private final Mqtt5Client client;
    private volatile Mqtt5ConnAckRestrictions restrictions;

    Mqtt5PublisherLink(final Clients clients, final String clientId, final MqttSinkOptions options) {
        this.options = options;
        client = clients.mqtt5(clientId, builder -> builder);
    }

    @Override
    public CompletableFuture<?> connect() {
        return client.toAsync()
            .connect(Mqtt5Connect.builder()
                .cleanStart(true)
                .keepAlive((int)options.broker().keepAlive().toSeconds())
                .restrictions().sendMaximum(options.maxInFlight()).applyRestrictions()
                .build())
            .thenAccept((final Mqtt5ConnAck connAck) -> restrictions = connAck.getRestrictions());
    }

    @Override
    public boolean connected() {
        return client.getState().isConnected();
    }

    @Override
    public String lacks() {
        if (restrictions.getMaximumQos().getCode() < options.qos()) {
            return "the broker allows QoS " + restrictions.getMaximumQos().getCode() + " at most; set qos to it";
        }
        if (options.retain() && !restrictions.isRetainAvailable()) {
            return "the broker keeps no retained messages; set retain to false";
        }
        return null;
    }

    @Override
    public CompletableFuture<?> publish(final OutgoingMessage message) {
        final var publish = Mqtt5Publish.builder()
            .topic(message.topic())
            .payload(message.payload())
            .qos(MqttQos.fromCode(options.qos()))
            .retain(options.retain())
            .contentType(message.contentType())
            .userProperties().add(OutgoingMessage.ID_PROPERTY, message.id()).applyUserProperties();
        if (message.correlationId().length > 0) {
            publish.correlationData(message.correlationId());
        }
        options.messageExpiry().ifPresent(expiry -> publish.messageExpiryInterval(expiry.toSeconds()));
        return client.toAsync().publish(publish.build()).thenAccept(Mqtt5PublisherLink::check);
    }

    private static void check(final Mqtt5PublishResult result) {
        if (result.getError().isPresent()) {
            throw new java.util.concurrent.CompletionException(result.getError().get());
        }
    }

    @Override
    public CompletableFuture<?> end() {
        return connected() ? client.toAsync().disconnect() : CompletableFuture.completedFuture(null);
    }
}
