package io.headrace.adapters.mqtt;

import com.hivemq.client.mqtt.datatypes.MqttTopicFilter;
import io.headrace.bus.adapter.CheckedOptions;
import io.headrace.bus.adapter.Option;

import java.util.List;

/**
 * One subscription at the broker. Immutable.
 *
 * @param filter which topics.
 * @param qos    the quality of service asked for.
 */
public record MqttSubscriptionOptions(
    @Option(value = "Topic filter, with + for one level and # for the rest; $share/GROUP/FILTER shares the messages "
        + "among the clients of a group.", example = "plant/+/machine/#")
    String filter,
    @Option(value = "Quality of service asked for: 1 waits for the bus and loses nothing, 0 is fire-and-forget.",
        defaultValue = "1", min = "0", max = "1")
    int qos) implements CheckedOptions {

    @Override
    public List<OptionProblem> problems() {
        return filterProblems("filter", filter);
    }

    static List<OptionProblem> filterProblems(final String option, final String filter) {
        try {
            MqttTopicFilter.of(filter);
            return List.of();
        } catch (final IllegalArgumentException e) {
            return List.of(new OptionProblem(option, "'" + filter + "' is not a topic filter: " + e.getMessage(),
                "+ stands alone between slashes, # stands alone at the end"));
        }
    }
}
