package io.headrace.adapters.mqtt;

import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5Client;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5SubAckException;
import com.hivemq.client.mqtt.mqtt5.lifecycle.Mqtt5ClientConnectedContext;
import com.hivemq.client.mqtt.mqtt5.message.connect.Mqtt5Connect;
import com.hivemq.client.mqtt.mqtt5.message.disconnect.Mqtt5Disconnect;
import com.hivemq.client.mqtt.mqtt5.message.subscribe.Mqtt5Subscribe;
import com.hivemq.client.mqtt.mqtt5.message.subscribe.Mqtt5Subscription;
import com.hivemq.client.mqtt.mqtt5.message.subscribe.suback.Mqtt5SubAck;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The thread of the source's event loop: a link in MQTT 5. */
final class Mqtt5SubscriberLink extends SubscriberLink {
    private final MqttSourceOptions options;
    private final Mqtt5Client client;

    Mqtt5SubscriberLink(
        final Clients clients, final String clientId, final MqttSourceOptions options, final Listener listener) {
        super(listener);
        this.options = options;
        client = clients.mqtt5(clientId, builder -> builder
            .addConnectedListener(context ->
                connected(((Mqtt5ClientConnectedContext)context).getConnAck().isSessionPresent()))
            .addDisconnectedListener(this::disconnected));
        client.toRx().publishes(MqttGlobalPublishFilter.ALL, true).subscribe(messages());
    }

    @Override
    void connect(final boolean cleanStart, final int receiveMaximum) {
        final MqttBrokerOptions broker = options.broker();
        // Failures are told to the listener of disconnections; the future would only repeat them.
        client.toAsync().connect(Mqtt5Connect.builder()
            .cleanStart(cleanStart)
            .sessionExpiryInterval(options.sessionExpiry().toSeconds())
            .keepAlive((int)broker.keepAlive().toSeconds())
            .restrictions().receiveMaximum(receiveMaximum).applyRestrictions()
            .build());
    }

    @Override
    CompletableFuture<List<Integer>> subscribe() {
        final List<Mqtt5Subscription> subscriptions = options.subscriptions().stream()
            .map(subscription -> Mqtt5Subscription.builder()
                .topicFilter(subscription.filter())
                .qos(MqttQos.fromCode(subscription.qos()))
                .build())
            .toList();
        return client.toAsync().subscribe(Mqtt5Subscribe.builder().addSubscriptions(subscriptions).build())
            .handle((subAck, cause) -> {
                if (subAck != null) {
                    return CompletableFuture.completedFuture(codes(subAck));
                }
                return cause instanceof Mqtt5SubAckException refused ?
                    CompletableFuture.completedFuture(codes(refused.getMqttMessage())) :
                    CompletableFuture.<List<Integer>>failedFuture(cause);
            })
            .thenCompose(answer -> answer);
    }

    private static List<Integer> codes(final Mqtt5SubAck subAck) {
        return subAck.getReasonCodes().stream().map(code -> code.getCode()).toList();
    }

    @Override
    CompletableFuture<Void> disconnect(final boolean dropSession) {
        if (!client.getState().isConnected()) {
            return CompletableFuture.completedFuture(null);
        }
        return client.toAsync().disconnect(dropSession ?
            Mqtt5Disconnect.builder().sessionExpiryInterval(0).build() : Mqtt5Disconnect.builder().build());
    }
}
