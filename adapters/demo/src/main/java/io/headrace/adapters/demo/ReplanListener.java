package io.headrace.adapters.demo;

import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Stands for the planning system that is told to plan again: a client of the broker that keeps what it receives. QoS 1
 * gives everything at least once, so it does what every receiver of such messages has to: it drops those whose message
 * id it has seen. Made and closed by one thread; messages come on the client's.
 */
final class ReplanListener implements AutoCloseable {
    /** The user property in which the sink tells the stable id of a message. */
    static final String ID_PROPERTY = "headrace-id";
    private static final int TIMEOUT_S = 10;

    private final List<String> received = new ArrayList<>();
    private final Set<String> seenIds = new HashSet<>();
    private long redelivered;
    private final Mqtt5AsyncClient client;

    /** Listens below a topic. */
    ReplanListener(final MqttBroker broker, final String topic) {
        client = broker.connect(topic.replace('/', '-'));
        client.publishes(MqttGlobalPublishFilter.ALL, publish -> add(
            messageId(publish), new String(publish.getPayloadAsBytes(), StandardCharsets.UTF_8)));
        client.subscribeWith().topicFilter(topic + "/#").qos(MqttQos.AT_LEAST_ONCE).send()
            .orTimeout(TIMEOUT_S, TimeUnit.SECONDS).join();
    }

    private static Optional<String> messageId(final Mqtt5Publish publish) {
        return publish.getUserProperties().asList().stream()
            .filter(property -> property.getName().toString().equals(ID_PROPERTY))
            .map(property -> property.getValue().toString()).findFirst();
    }

    private synchronized void add(final Optional<String> messageId, final String payload) {
        if (messageId.isPresent() && !seenIds.add(messageId.get())) {
            redelivered++;
        } else {
            received.add(payload);
        }
    }

    /** {@return how many messages were dropped, as their ids were known} */
    synchronized long redelivered() {
        return redelivered;
    }

    synchronized long count() {
        return received.size();
    }

    synchronized List<String> received() {
        return List.copyOf(received);
    }

    @Override
    public void close() {
        client.disconnect().orTimeout(TIMEOUT_S, TimeUnit.SECONDS).join();
    }
}
