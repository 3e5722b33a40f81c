package io.headrace.adapters.mqtt;

import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.lifecycle.MqttClientDisconnectedContext;
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
import java.util.concurrent.TimeUnit;

/** The thread of the source's event loop: a link in MQTT 5. */
final class Mqtt5SubscriberLink implements SubscriberLink {
    private final MqttSourceOptions options;
    private final Listener listener;
    private final Mqtt5Client client;
    private final MessageSubscriber messages = new MessageSubscriber(this::publish, this::over);
    private boolean ended;

    Mqtt5SubscriberLink(
        final Clients clients, final String clientId, final MqttSourceOptions options, final Listener listener) {
        this.options = options;
        this.listener = listener;
        client = clients.mqtt5(clientId, builder -> builder
            .addConnectedListener(context -> connected(((Mqtt5ClientConnectedContext)context)))
            .addDisconnectedListener(this::disconnected));
        // Before connecting: what a resumed session brings must find somebody to take it, or the library confirms it.
        client.toRx().publishes(MqttGlobalPublishFilter.ALL, true).subscribe(messages);
    }

    private void connected(final Mqtt5ClientConnectedContext context) {
        if (ended) {
            disconnect(true);
        } else {
            listener.onConnected(this, context.getConnAck().isSessionPresent());
        }
    }

    private void disconnected(final MqttClientDisconnectedContext context) {
        final long delayNs = ended ? GIVE_UP : listener.onDisconnected(this, context.getCause());
        if (delayNs != GIVE_UP) {
            context.getReconnector().reconnect(true).resubscribeIfSessionExpired(false)
                .delay(delayNs, TimeUnit.NANOSECONDS);
        }
    }

    private void publish(final Object publish) {
        // What comes after the end is not acknowledged, so that the broker keeps it.
        if (!ended) {
            listener.onPublish(publish);
        }
    }

    private void over() {
        if (!ended) {
            listener.onEnd(this);
        }
    }

    @Override
    public void connect(final boolean cleanStart, final int receiveMaximum) {
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
    public CompletableFuture<List<Integer>> subscribe() {
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
    public CompletableFuture<Void> end(final boolean dropSession) {
        ended = true;
        // Not before: without anybody to take them, the library acknowledges what still comes.
        return disconnect(dropSession).whenComplete((nothing, cause) -> messages.cancel());
    }

    private CompletableFuture<Void> disconnect(final boolean dropSession) {
        if (!client.getState().isConnected()) {
            return CompletableFuture.completedFuture(null);
        }
        return client.toAsync().disconnect(dropSession ?
            Mqtt5Disconnect.builder().sessionExpiryInterval(0).build() : Mqtt5Disconnect.builder().build());
    }
}
