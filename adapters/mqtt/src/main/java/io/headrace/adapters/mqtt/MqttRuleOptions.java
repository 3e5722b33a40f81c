package io.headrace.adapters.mqtt;

import com.hivemq.client.mqtt.datatypes.MqttTopicFilter;
import io.headrace.bus.adapter.CheckedOptions;
import io.headrace.bus.adapter.Option;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How messages of some topics become readings. Immutable.
 *
 * @param filter        which topics.
 * @param sensor        template of the sensor's id.
 * @param format        of the payload.
 * @param valueAt       where the value is.
 * @param type          of the value.
 * @param unit          of every value.
 * @param unitAt        where the unit is.
 * @param qualityAt     where the quality is.
 * @param qualityFormat how the quality is written.
 * @param timeAt        where the time is.
 * @param timeFormat    how the time is written.
 * @param topic         template of the event's topic.
 */
public record MqttRuleOptions(
    @Option(value = "Topic filter that chooses the messages; the first rule that matches is the one that counts.",
        example = "plant/+/machine/+/temperature")
    String filter,
    @Option(value = "Template of the sensor's id, which is also the event's key: {1}, {2} and so on are the levels of "
        + "the message's topic, {topic} is all of it.", example = "{2}/{4}/temperature")
    String sensor,
    @Option(value = "What the payload is: json, or text for a bare number, boolean or text.", defaultValue = "json")
    PayloadFormat format,
    @Option(value = "JSON pointer (RFC 6901) to the value; empty for the whole payload.", defaultValue = "",
        example = "/value")
    String valueAt,
    @Option(value = "Type of the value: float, integer, boolean, text, or auto for what the payload shows. A value "
        + "that is not of the type makes the message a document.", defaultValue = "auto")
    ValueKind type,
    @Option(value = "Unit of every value, when the messages do not tell it.", example = "°C")
    Optional<String> unit,
    @Option(value = "JSON pointer to the unit; where a message has none, the option unit counts.", example = "/unit")
    Optional<String> unitAt,
    @Option(value = "JSON pointer to the quality; a message without one is good.", example = "/quality")
    Optional<String> qualityAt,
    @Option(value = "How the quality is written: text (good, uncertain, bad, true, false), opc-ua (a status code) or "
        + "opc-da (192 good, 64 uncertain, 0 bad).", defaultValue = "text")
    QualityFormat qualityFormat,
    @Option(value = "JSON pointer to the time at which the sensor took the value; without it, the time of receipt "
        + "counts.", example = "/ts")
    Optional<String> timeAt,
    @Option(value = "How the time is written: iso-8601 with its offset, or epoch-s, epoch-ms, epoch-us, epoch-ns "
        + "since 1970-01-01T00:00Z.", defaultValue = "iso-8601")
    TimeFormat timeFormat,
    @Option(value = "Template of the event's topic: as in sensor, and {source}, {sensor} and {dotted}, the message's "
        + "topic with dots. By default the source's option topic.", example = "{source}.temperature.{2}")
    Optional<String> topic) implements CheckedOptions {

    /** What a payload is. */
    public enum PayloadFormat {
        /** A JSON document. */
        JSON,
        /** A bare number, boolean or text in UTF-8. */
        TEXT
    }

    /** Of which type a value must be. */
    public enum ValueKind {
        /** What the payload shows. */
        AUTO,
        /** An IEEE 754 double. */
        FLOAT,
        /** A signed 64-bit integer. */
        INTEGER,
        /** True or false. */
        BOOLEAN,
        /** Text in UTF-8. */
        TEXT
    }

    /** How a quality is written. */
    public enum QualityFormat {
        /** As a word or a boolean. */
        TEXT,
        /** As a status code of OPC UA, whose two highest bits of 32 are the severity. */
        OPC_UA,
        /** As a quality of OPC DA, whose bits 6 and 7 count. */
        OPC_DA
    }

    /** How a time is written. */
    public enum TimeFormat {
        /** As text in ISO 8601 with its offset from UTC. */
        ISO_8601,
        /** As seconds since the Unix epoch, with or without a fraction. */
        EPOCH_S,
        /** As milliseconds since the Unix epoch. */
        EPOCH_MS,
        /** As microseconds since the Unix epoch. */
        EPOCH_US,
        /** As nanoseconds since the Unix epoch. */
        EPOCH_NS
    }

    @Override
    public List<OptionProblem> problems() {
        final List<OptionProblem> problems =
            new ArrayList<>(MqttSubscriptionOptions.filterProblems("filter", filter));
        if (problems.isEmpty() && MqttTopicFilter.of(filter).isShared()) {
            problems.add(new OptionProblem("filter", "a rule matches the topics of messages, which name no group",
                "leave $share/GROUP/ out here"));
        }
        Template.problem(sensor, Template.SENSOR_NAMES)
            .ifPresent(problem -> problems.add(new OptionProblem("sensor", problem, Template.SENSOR_HELP)));
        topic.flatMap(template -> Template.problem(template, Template.EVENT_TOPIC_NAMES))
            .ifPresent(problem -> problems.add(new OptionProblem("topic", problem, Template.EVENT_TOPIC_HELP)));
        pointerProblem("valueAt", Optional.of(valueAt), problems);
        pointerProblem("unitAt", unitAt, problems);
        pointerProblem("qualityAt", qualityAt, problems);
        pointerProblem("timeAt", timeAt, problems);
        return problems;
    }

    private void pointerProblem(
        final String option, final Optional<String> pointer, final List<OptionProblem> problems) {
        if (pointer.isEmpty()) {
            return;
        }
        JsonPath.problem(pointer.get())
            .ifPresent(problem -> problems.add(new OptionProblem(option, problem, "write it as /field/0/field")));
        if (format == PayloadFormat.TEXT && !pointer.get().isEmpty()) {
            problems.add(new OptionProblem(option, "a text payload has no fields to point at",
                "leave it out, or set format to json"));
        }
    }
}
