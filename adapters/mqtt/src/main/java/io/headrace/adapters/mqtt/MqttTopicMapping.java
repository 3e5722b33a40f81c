package io.headrace.adapters.mqtt;

import com.hivemq.client.mqtt.datatypes.MqttTopic;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Any thread, immutable: what a source would make of the messages of one MQTT topic, without a broker.
 *
 * @param topic   of the events.
 * @param key     of the events.
 * @param reading whether a rule matches, so that a message that fits it becomes a reading; otherwise a document.
 */
public record MqttTopicMapping(String topic, String key, boolean reading) {
    /** The most topics that are mapped at once. */
    public static final int MAX_TOPICS = TopicPlans.MAX_TOPICS;

    /**
     * Maps topics as the source would.
     *
     * @param options    of the source.
     * @param sourceName in the configuration.
     * @param mqttTopics at most {@link #MAX_TOPICS}, without wildcards.
     * @return one mapping for each topic, in their order.
     */
    public static List<MqttTopicMapping> of(
        final MqttSourceOptions options, final String sourceName, final List<String> mqttTopics) {
        if (mqttTopics.size() > MAX_TOPICS) {
            throw new IllegalArgumentException("mqttTopics=" + mqttTopics.size() + " are more than " + MAX_TOPICS);
        }
        // So few are never forgotten, so that nothing counts that.
        final TopicPlans plans = new TopicPlans(sourceName, options.topic(), options.rules(), null);
        return mqttTopics.stream().map(name -> {
            final TopicPlan plan = plans.of(MqttTopic.of(name));
            return new MqttTopicMapping(text(plan.eventTopic()),
                text(plan.mapped() ? plan.sensorId() : plan.mqttTopic()), plan.mapped());
        }).toList();
    }

    private static String text(final byte[] utf8) {
        return new String(utf8, StandardCharsets.UTF_8);
    }
}
