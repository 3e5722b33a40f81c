package io.headrace.bus.delivery;

import io.headrace.bus.adapter.CheckedOptions;
import io.headrace.bus.adapter.Option;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How a retriable failure is tried again.
 *
 * @param initial     the first pause.
 * @param max         the longest pause.
 * @param jitter      the random part of a pause.
 * @param maxRetries  the budget in attempts.
 * @param maxDuration the budget in time.
 */
public record RetryOptions(
    @Option(value = "The pause before the first retry; each further one is twice as long.",
        defaultValue = "50ms", min = "1ms", max = "1h") Duration initial,
    @Option(value = "The longest pause between two retries.",
        defaultValue = "30s", min = "1ms", max = "1h") Duration max,
    @Option(value = "The random part of each pause, so that many flows do not retry at once: 0 for none, 0.2 for up "
        + "to a fifth more or less.", defaultValue = "0.2", min = "0", max = "1") double jitter,
    @Option(value = "How often a batch is tried again before the flow stops. Without it: without end.",
        min = "0", example = "100") Optional<Integer> maxRetries,
    @Option(value = "How long a batch is tried again before the flow stops. Without it: without end.",
        min = "1ms", example = "1h") Optional<Duration> maxDuration) implements CheckedOptions {

    /** {@return the defaults} */
    public static RetryOptions defaults() {
        return new RetryOptions(
            Duration.ofMillis(50), Duration.ofSeconds(30), 0.2, Optional.empty(), Optional.empty());
    }

    @Override
    public List<OptionProblem> problems() {
        final List<OptionProblem> problems = new ArrayList<>();
        if (initial.compareTo(max) > 0) {
            problems.add(new OptionProblem("initial", "is longer than max", "Make initial at most max."));
        }
        if (maxDuration.isPresent() && maxDuration.get().compareTo(initial) <= 0) {
            problems.add(new OptionProblem(
                "maxDuration", "is not longer than initial", "Make it longer than initial, or leave it out."));
        }
        return problems;
    }
}
