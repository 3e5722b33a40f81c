package io.headrace.adapters.demo;

import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Stands for the planning system that is told to plan again: a client of the broker that keeps what it receives. Made
 * and closed by one thread; messages come on the client's.
 */
final class ReplanListener implements AutoCloseable {
    private static final int TIMEOUT_S = 10;

    private final List<String> received = new ArrayList<>();
    private final Mqtt5AsyncClient client;

    ReplanListener(final MqttBroker broker) {
        client = broker.connect("planning");
        client.publishes(MqttGlobalPublishFilter.ALL, publish -> add(
            new String(publish.getPayloadAsBytes(), StandardCharsets.UTF_8)));
        client.subscribeWith().topicFilter(DemoConfiguration.REPLAN_TOPIC + "/#").qos(MqttQos.AT_LEAST_ONCE).send()
            .orTimeout(TIMEOUT_S, TimeUnit.SECONDS).join();
    }

    private synchronized void add(final String payload) {
        received.add(payload);
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
