package io.headrace.adapters.mqtt;

import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt3.Mqtt3Client;
import com.hivemq.client.mqtt.mqtt3.exceptions.Mqtt3SubAckException;
import com.hivemq.client.mqtt.mqtt3.lifecycle.Mqtt3ClientConnectedContext;
import com.hivemq.client.mqtt.mqtt3.message.connect.Mqtt3Connect;
import com.hivemq.client.mqtt.mqtt3.message.subscribe.Mqtt3Subscribe;
import com.hivemq.client.mqtt.mqtt3.message.subscribe.Mqtt3Subscription;
import com.hivemq.client.mqtt.mqtt3.message.subscribe.suback.Mqtt3SubAck;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The thread of the source's event loop: a link in MQTT 3.1.1, which knows no expiry of sessions and no receive
 * maximum: a session is kept or not, and the broker's own limit bounds what is under way.
 */
final class Mqtt3SubscriberLink extends SubscriberLink {
    private final MqttSourceOptions options;
    private final Mqtt3Client client;

    Mqtt3SubscriberLink(
        final Clients clients, final String clientId, final MqttSourceOptions options, final Listener listener) {
        super(listener);
        this.options = options;
        client = clients.mqtt3(clientId, builder -> builder
            .addConnectedListener(context ->
                connected(((Mqtt3ClientConnectedContext)context).getConnAck().isSessionPresent()))
            .addDisconnectedListener(this::disconnected));
        client.toRx().publishes(MqttGlobalPublishFilter.ALL, true).subscribe(messages());
    }

    @Override
    void connect(final boolean cleanStart, final int receiveMaximum) {
        // In MQTT 3.1.1 a session that begins clean is also one that the broker does not keep.
        client.toAsync().connect(Mqtt3Connect.builder()
            .cleanSession(cleanStart)
            .keepAlive((int)options.broker().keepAlive().toSeconds())
            .build());
    }

    @Override
    CompletableFuture<List<Integer>> subscribe() {
        final List<Mqtt3Subscription> subscriptions = options.subscriptions().stream()
            .map(subscription -> Mqtt3Subscription.builder()
                .topicFilter(subscription.filter())
                .qos(MqttQos.fromCode(subscription.qos()))
                .build())
            .toList();
        return client.toAsync().subscribe(Mqtt3Subscribe.builder().addSubscriptions(subscriptions).build())
            .handle((subAck, cause) -> {
                if (subAck != null) {
                    return CompletableFuture.completedFuture(codes(subAck));
                }
                return cause instanceof Mqtt3SubAckException refused ?
                    CompletableFuture.completedFuture(codes(refused.getMqttMessage())) :
                    CompletableFuture.<List<Integer>>failedFuture(cause);
            })
            .thenCompose(answer -> answer);
    }

    private static List<Integer> codes(final Mqtt3SubAck subAck) {
        return subAck.getReturnCodes().stream().map(code -> code.getCode()).toList();
    }

    @Override
    CompletableFuture<Void> disconnect(final boolean dropSession) {
        return client.getState().isConnected() ?
            client.toAsync().disconnect() : CompletableFuture.completedFuture(null);
    }
}
