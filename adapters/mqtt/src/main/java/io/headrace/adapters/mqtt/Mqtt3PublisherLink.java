package io.headrace.adapters.mqtt;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt3.Mqtt3Client;
import com.hivemq.client.mqtt.mqtt3.message.connect.Mqtt3Connect;
import com.hivemq.client.mqtt.mqtt3.message.publish.Mqtt3Publish;

import java.util.concurrent.CompletableFuture;

/** The thread of one lane: a connection in MQTT 3.1.1, whose messages have no properties. */
final class Mqtt3PublisherLink implements PublisherLink {
    private final MqttSinkOptions options;
    private final Mqtt3Client client;

    Mqtt3PublisherLink(final Clients clients, final String clientId, final MqttSinkOptions options) {
        this.options = options;
        client = clients.mqtt3(clientId, builder -> builder);
    }

    @Override
    public CompletableFuture<?> connect() {
        return client.toAsync().connect(Mqtt3Connect.builder()
            .cleanSession(true)
            .keepAlive((int)options.broker().keepAlive().toSeconds())
            .restrictions().sendMaximum(options.maxInFlight()).applyRestrictions()
            .build());
    }

    @Override
    public boolean connected() {
        return client.getState().isConnected();
    }

    @Override
    public String lacks() {
        return null;
    }

    @Override
    public CompletableFuture<?> publish(final OutgoingMessage message) {
        return client.toAsync().publish(Mqtt3Publish.builder()
            .topic(message.topic())
            .payload(message.payload())
            .qos(MqttQos.fromCode(options.qos()))
            .retain(options.retain())
            .build());
    }

    @Override
    public CompletableFuture<?> end() {
        return connected() ? client.toAsync().disconnect() : CompletableFuture.completedFuture(null);
    }
}
