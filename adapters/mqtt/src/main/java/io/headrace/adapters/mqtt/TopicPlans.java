package io.headrace.adapters.mqtt;

import com.hivemq.client.mqtt.datatypes.MqttTopic;
import com.hivemq.client.mqtt.datatypes.MqttTopicFilter;
import org.agrona.concurrent.status.AtomicCounter;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The thread of the source's event loop: finds the plan for a topic, by matching the rules on the topic's first message
 * and by look-up from then on. A broker can have any number of topics, so what is remembered is bounded.
 */
final class TopicPlans {
    static final int MAX_TOPICS = 16_384;
    private static final byte[] NOTHING = new byte[0];

    private final Map<String, TopicPlan> plans = new HashMap<>();
    private final List<Rule> rules = new ArrayList<>();
    private final String sourceName;
    private final Optional<Template> eventTopic;
    private final AtomicCounter resets;

    private record Rule(
        MqttTopicFilter filter, Template sensor, Optional<Template> eventTopic, ReadingParser parser, byte[] unit) {
    }

    /**
     * Prepares the rules.
     *
     * @param resets counts how often the remembered topics were forgotten because there were too many.
     */
    TopicPlans(
        final String sourceName,
        final Optional<String> eventTopic,
        final List<MqttRuleOptions> rules,
        final AtomicCounter resets) {
        this.sourceName = sourceName;
        this.eventTopic = eventTopic.map(Template::parse);
        this.resets = resets;
        for (final MqttRuleOptions rule : rules) {
            this.rules.add(new Rule(
                MqttTopicFilter.of(rule.filter()),
                Template.parse(rule.sensor()),
                rule.topic().map(Template::parse),
                rule.format() == MqttRuleOptions.PayloadFormat.JSON ?
                    new JsonReadingParser(rule) : new TextReadingParser(rule.type()),
                rule.unit().map(unit -> unit.getBytes(StandardCharsets.UTF_8)).orElse(NOTHING)));
        }
    }

    /** The plan for a message's topic. */
    TopicPlan of(final MqttTopic topic) {
        final String name = topic.toString();
        final TopicPlan known = plans.get(name);
        if (known != null) {
            return known;
        }
        if (plans.size() >= MAX_TOPICS) {
            plans.clear();
            resets.incrementRelease();
        }
        final TopicPlan plan = make(topic, name);
        plans.put(name, plan);
        return plan;
    }

    private TopicPlan make(final MqttTopic topic, final String name) {
        final List<String> levels = topic.getLevels();
        for (final Rule rule : rules) {
            if (chooses(rule, topic)) {
                final String sensor = rule.sensor().resolve(place -> value(place, name, levels, null));
                if (sensor != null) {
                    final String event = rule.eventTopic().or(() -> eventTopic)
                        .map(template -> template.resolve(place -> value(place, name, levels, sensor)))
                        .orElseGet(() -> usualTopic(name));
                    return new TopicPlan(utf8(event), utf8(name), utf8(sensor), rule.parser(), rule.unit());
                }
            }
        }
        final String event = eventTopic
            .map(template -> template.resolve(place -> value(place, name, levels, null)))
            .orElseGet(() -> usualTopic(name));
        return new TopicPlan(utf8(event), utf8(name), null, null, NOTHING);
    }

    /** A filter that begins with a wildcard leaves out the topics of the broker itself (MQTT 5.0, section 4.7.2). */
    private static boolean chooses(final Rule rule, final MqttTopic topic) {
        final char first = rule.filter().toString().charAt(0);
        return !(topic.toString().startsWith("$") && (first == '#' || first == '+')) && rule.filter().matches(topic);
    }

    private String usualTopic(final String name) {
        return sourceName + "." + name.replace('/', '.');
    }

    private String value(final String place, final String name, final List<String> levels, final String sensor) {
        return switch (place) {
            case "source" -> sourceName;
            case "topic" -> name;
            case "dotted" -> name.replace('/', '.');
            case "sensor" -> sensor;
            default -> {
                final int level = Integer.parseInt(place);
                yield level <= levels.size() ? levels.get(level - 1) : null;
            }
        };
    }

    private static byte[] utf8(final String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
