package io.headrace.bus.service.config;

import io.headrace.bus.adapter.CheckedOptions;
import io.headrace.bus.adapter.Option;

import java.time.Duration;
import java.util.List;

/**
 * The options of the service itself: the section {@code service}. Immutable.
 *
 * @param name            of the service.
 * @param control         where commands reach the running service.
 * @param shutdownTimeout how long a graceful stop may take.
 * @param reportInterval  how often the service reports its figures.
 */
public record ServiceOptions(
    @Option(value = "The name of the service, as logs and reports show it: lower-case letters, digits and hyphens.",
        defaultValue = "headrace", example = "plant-1")
    String name,
    @Option("Where commands, as `headrace tail`, reach the running service.")
    ControlOptions control,
    @Option(value = "How long a graceful stop may drain what is on the bus before it closes all the same.",
        defaultValue = "10s", min = "0s", max = "1h")
    Duration shutdownTimeout,
    @Option(value = "How often the service reports its figures.", defaultValue = "10s", min = "100ms", max = "1d")
    Duration reportInterval) implements CheckedOptions {
    @Override
    public List<OptionProblem> problems() {
        return Names.NAME.matcher(name).matches() ? List.of() :
            List.of(new OptionProblem("name", Names.shown(name) + " is no valid name", Names.NAME_REMEDY));
    }

    /**
     * Where commands reach the running service. Immutable.
     *
     * @param enabled whether they can.
     * @param host    the address to listen on.
     * @param port    the TCP port to listen on.
     */
    public record ControlOptions(
        @Option(value = "Whether commands can reach the running service.", defaultValue = "true")
        boolean enabled,
        @Option(value = "The address to listen on. Whoever reaches it can read every event.",
            defaultValue = "127.0.0.1")
        String host,
        @Option(value = "The TCP port to listen on; 0 takes any free one.", defaultValue = "7475", min = "0",
            max = "65535")
        int port) {
    }
}
