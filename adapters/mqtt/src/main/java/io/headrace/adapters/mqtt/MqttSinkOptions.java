package io.headrace.adapters.mqtt;

import io.headrace.bus.adapter.CheckedOptions;
import io.headrace.bus.adapter.Option;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where and how an MQTT sink publishes events. Immutable.
 *
 * @param broker          where to connect.
 * @param topic           template of the messages' topics.
 * @param qos             the quality of service.
 * @param retain          whether the broker keeps the last message of each topic.
 * @param messageExpiry   how long the broker keeps a message for absent subscribers.
 * @param maxInFlight     how many messages may wait for their acknowledgement.
 * @param deliveryTimeout the longest wait for one acknowledgement.
 */
public record MqttSinkOptions(
    @Option("The broker to connect to.")
    MqttBrokerOptions broker,
    @Option(value = "Template of a message's topic: {topic} is the event's topic, {path} the same with slashes for "
        + "dots, {key} the event's key (in hexadecimal where it is no text for a topic), {source} its source, {kind} "
        + "what it is, {id} what tells it from every other event, the same each time it is delivered.",
        defaultValue = "{topic}", example = "erp/{path}")
    String topic,
    @Option(value = "Quality of service: 1 waits for the broker's acknowledgement, 0 does not.", defaultValue = "1",
        min = "0", max = "1")
    int qos,
    @Option(value = "Whether the broker keeps the last message of each topic for later subscribers.",
        defaultValue = "false")
    boolean retain,
    @Option(value = "How long the broker keeps a message for subscribers that are away; MQTT 5 only.",
        example = "1h", min = "1s")
    Optional<Duration> messageExpiry,
    @Option(value = "How many messages may wait for the broker's acknowledgement; the broker's own receive maximum "
        + "counts where it is lower.", defaultValue = "256", min = "1", max = "65535")
    int maxInFlight,
    @Option(value = "The longest wait for one acknowledgement; after it the connection is given up and the delivery "
        + "tried again.", defaultValue = "30s", min = "100ms", max = "10m")
    Duration deliveryTimeout) implements CheckedOptions {

    @Override
    public List<OptionProblem> problems() {
        final List<OptionProblem> problems = new ArrayList<>();
        Template.problem(topic, Template.SINK_TOPIC_NAMES)
            .ifPresent(problem -> problems.add(new OptionProblem("topic", problem, Template.SINK_TOPIC_HELP)));
        if (topic.indexOf('+') >= 0 || topic.indexOf('#') >= 0) {
            problems.add(new OptionProblem("topic", "+ and # are for topic filters; a message has one topic",
                "leave them out"));
        }
        if (messageExpiry.isPresent() && broker.version() == MqttBrokerOptions.MQTT_3) {
            problems.add(new OptionProblem("messageExpiry", "MQTT 3.1.1 has no message expiry",
                "set the broker's version to 5, or leave it out"));
        }
        return problems;
    }
}
