package io.headrace.adapters.mqtt;

import io.headrace.bus.adapter.CheckedOptions;
import io.headrace.bus.adapter.Option;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What an MQTT source subscribes to, and what becomes of the messages. Immutable.
 *
 * @param broker            where to connect.
 * @param subscriptions     what to subscribe to.
 * @param rules             which messages are readings.
 * @param topic             template of the events' topics.
 * @param messageIdProperty where a message's id is.
 * @param acknowledge       when a message of QoS 1 is acknowledged.
 * @param cleanStart        whether the first connection discards the broker's session.
 * @param sessionExpiry     how long the broker keeps the session without a connection.
 * @param receiveMaximum    how many unacknowledged messages may be under way.
 */
public record MqttSourceOptions(
    @Option("The broker to connect to.")
    MqttBrokerOptions broker,
    @Option("What to subscribe to; at least one.")
    List<MqttSubscriptionOptions> subscriptions,
    @Option("Which messages become readings, and how. A message that no rule matches, or that does not fit its rule, "
        + "becomes a document with its bytes as they are.")
    List<MqttRuleOptions> rules,
    @Option(value = "Template of the events' topics: {source}, {topic}, {dotted} (the message's topic with dots) and "
        + "{1}, {2} and so on, its levels. By default {source}.{dotted}.", example = "machines.{2}")
    Optional<String> topic,
    @Option(value = "Name of the MQTT 5 user property that holds a message's id, by which the bus recognises repeated "
        + "messages and drops them; without it, events have no message id.", example = "id")
    Optional<String> messageIdProperty,
    @Option(value = "When a message of QoS 1 is acknowledged to the broker: recorded (its event is in the event log, "
        + "or, on a bus without one, finished by every lossless subscription) or published (its event is on the bus, "
        + "where a crash can lose it).", defaultValue = "recorded")
    AcknowledgeWhen acknowledge,
    @Option(value = "Discard the session that the broker keeps for our client id when the source starts, and with it "
        + "the messages that arrived meanwhile and old subscriptions.", defaultValue = "false")
    boolean cleanStart,
    @Option(value = "How long the broker keeps our session, and messages of QoS 1, while we are away; 0s for not at "
        + "all. With MQTT 3.1.1 anything above 0s means for as long as the broker likes.", defaultValue = "24h",
        min = "0s", max = "87600h")
    Duration sessionExpiry,
    @Option(value = "How many messages of QoS 1 the broker may send before it waits for an acknowledgement. MQTT 3.1.1 "
        + "cannot tell it to the broker, whose own limit counts there.", defaultValue = "1024", min = "1",
        max = "65535")
    int receiveMaximum) implements CheckedOptions {

    /** When a message of QoS 1 is acknowledged. */
    public enum AcknowledgeWhen {
        /** Its event is in the event log, or, on a bus without one, finished by every lossless subscription. */
        RECORDED,
        /** Its event is on the bus, where a crash can lose it. */
        PUBLISHED
    }

    /** Keeps its own copies of the lists. */
    public MqttSourceOptions {
        subscriptions = List.copyOf(subscriptions);
        rules = List.copyOf(rules);
    }

    @Override
    public List<OptionProblem> problems() {
        final List<OptionProblem> problems = new ArrayList<>();
        if (subscriptions.isEmpty()) {
            problems.add(new OptionProblem("subscriptions", "there is nothing to subscribe to",
                "give at least one entry with a filter"));
        }
        topic.flatMap(template -> Template.problem(template, Template.SOURCE_TOPIC_NAMES))
            .ifPresent(problem -> problems.add(new OptionProblem("topic", problem, Template.SOURCE_TOPIC_HELP)));
        if (messageIdProperty.isPresent() && broker.version() == MqttBrokerOptions.MQTT_3) {
            problems.add(new OptionProblem("messageIdProperty", "MQTT 3.1.1 has no user properties",
                "set the broker's version to 5, or leave it out"));
        }
        return problems;
    }
}
