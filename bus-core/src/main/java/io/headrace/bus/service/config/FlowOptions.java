package io.headrace.bus.service.config;

import io.headrace.bus.adapter.ByteSize;
import io.headrace.bus.adapter.CheckedOptions;
import io.headrace.bus.adapter.Option;
import io.headrace.bus.delivery.CircuitBreakerOptions;
import io.headrace.bus.delivery.OnPoison;
import io.headrace.bus.delivery.RetryOptions;
import io.headrace.bus.subscription.AfterStage;
import io.headrace.bus.subscription.StartPosition;
import io.headrace.bus.subscription.WhenFull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The options of the flow from the bus to one sink: what stands beside {@code type} and {@code options} in an entry of
 * {@code sinks}. Immutable.
 *
 * @param topics          which topics the sink gets.
 * @param from            where the flow begins when it has no position yet, as {@link StartPosition} reads it.
 * @param after           what the flow waits for.
 * @param lanes           how many lanes deliver side by side.
 * @param whenFull        what happens when the sink does not keep up.
 * @param conflateMaxKeys how many keys {@link WhenFull#CONFLATE} keeps apart.
 * @param batch           the bounds of a batch.
 * @param retry           what happens after a retriable failure.
 * @param circuitBreaker  when the flow leaves its target alone for a while.
 * @param onPoison        what happens to an event that can never be delivered.
 * @param objective       the latencies that the flow is meant to keep.
 */
public record FlowOptions(
    @Option(value = "Which topics the sink gets: exact names, or prefixes with a trailing `*`. The first part of a" +
        " topic is the name of its source.", min = "1", max = "1024", example = "[\"erp.public.*\"]")
    List<String> topics,
    @Option(value = "Where the flow begins when the event log has no position of it yet: `now` with what is" +
        " published from then on, `start` with the first event that is still there, a sequence, or a time of ISO" +
        " 8601 with its zone. Without it: `now`.", example = "2026-11-21T06:00:00Z")
    Optional<String> from,
    @Option("What the flow waits for: `recorded` hands over only what the event log has, and goes on after a restart" +
        " where it was; `replicated` also waits until `bus.replicated-copies` replicas have recorded it; `published`" +
        " does not wait, and begins anew after a restart. Without it: `recorded` with an event log, `published`" +
        " without one.")
    Optional<AfterStage> after,
    @Option(value = "How many lanes deliver side by side, as far as the sink can; a key always goes to the" +
        " same lane.", defaultValue = "1", min = "1", max = "64")
    int lanes,
    @Option("What happens while the sink is busy and the ring is full: `evict` lets the flow read on from the event" +
        " log until it has caught up, `block` makes publishers wait; both lose nothing. `drop-newest` drops what is" +
        " published meanwhile, `conflate` keeps the latest event of each key of it. Without it: `evict` with an" +
        " event log, `block` without one or with `after: published`.")
    Optional<WhenFull> whenFull,
    @Option(value = "How many keys `when-full: conflate` keeps apart in each lane; events of further keys are" +
        " dropped and counted.", defaultValue = "65536", min = "1",
        max = "4194304")
    int conflateMaxKeys,
    @Option("How much is delivered at once.")
    BatchOptions batch,
    @Option("What happens after a failure that may pass.")
    RetryOptions retry,
    @Option("When the flow leaves its target alone for a while, after many failures that may pass. The pause takes" +
        " nothing of the number of retries, but counts in their time. Without it: never.")
    Optional<CircuitBreakerOptions> circuitBreaker,
    @Option(value = "What happens to an event that can never be delivered: `stop` stops the flow, `skip` counts and" +
        " logs the event and goes on, `park-event` sets it aside in the event log, from where it can be replayed or" +
        " dropped, and goes on, `park-key` also holds the later events of its key back, so that their order stays.",
        defaultValue = "stop")
    OnPoison onPoison,
    @Option("The latencies that the flow is meant to keep; the report shows where it does not.")
    ObjectiveOptions objective) implements CheckedOptions {
    /** Copies the list. */
    public FlowOptions {
        topics = List.copyOf(topics);
    }

    @Override
    public List<OptionProblem> problems() {
        final List<OptionProblem> problems = new ArrayList<>();
        for (final String topic : topics) {
            final int star = topic.indexOf('*');
            if (topic.isBlank()) {
                problems.add(new OptionProblem("topics", "a topic is empty", "Name a topic, or write \"*\" for all"));
            } else if (star >= 0 && star < topic.length() - 1) {
                problems.add(new OptionProblem("topics", Names.shown(topic) + " has a '*' before its end",
                    "Write an exact name, or a prefix with one '*' at its end"));
            }
        }
        from.ifPresent(text -> checkStart(text, problems));
        if (circuitBreaker.isPresent() && retry.maxDuration().isPresent()
            && circuitBreaker.get().delay().compareTo(retry.maxDuration().get()) >= 0) {
            problems.add(new OptionProblem("circuitBreaker.delay",
                "it is not shorter than retry.max-duration, so that the flow would stop after its first pause",
                "Make it shorter, or leave retry.max-duration out"));
        }
        return problems;
    }

    private static void checkStart(final String text, final List<OptionProblem> problems) {
        try {
            StartPosition.parse(text);
        } catch (final IllegalArgumentException e) {
            problems.add(new OptionProblem("from", Names.shown(text) + " is no place to begin at: " + e.getMessage(),
                StartPosition.REMEDY));
        }
    }

    /** {@return where the flow begins when it has no position yet} */
    public StartPosition startPosition() {
        return from.map(StartPosition::parse).orElse(StartPosition.NOW);
    }

    /**
     * The bounds of a batch: it is delivered when it reaches one of them, or when nothing more is waiting. Immutable.
     *
     * @param maxEvents           the most events.
     * @param maxBytes            the most bytes.
     * @param maxTransactionBytes the most bytes when a sink wants whole transactions.
     */
    public record BatchOptions(
        @Option(value = "The most events in a batch.", defaultValue = "1024", min = "1", max = "1048576")
        int maxEvents,
        @Option(value = "The most bytes in a batch.", defaultValue = "1MiB", min = "4KiB", max = "1GiB")
        ByteSize maxBytes,
        @Option(value = "The most bytes of one transaction that a sink which wants whole transactions gets in one" +
            " batch; a larger one comes in parts.", defaultValue = "64MiB", min = "4KiB", max = "1GiB")
        ByteSize maxTransactionBytes) implements CheckedOptions {
        @Override
        public List<OptionProblem> problems() {
            return maxTransactionBytes.bytes() >= maxBytes.bytes() ? List.of() :
                List.of(new OptionProblem("maxTransactionBytes", "it is smaller than max-bytes",
                    "Give at least as much as max-bytes"));
        }
    }

    /**
     * The latencies that the flow is meant to keep. Immutable.
     *
     * @param sourceP99      from the change at its origin to the bus.
     * @param transportP99   from the bus to the hand-over to the sink.
     * @param consumptionP99 from the hand-over until the sink has finished.
     * @param totalP99       from the change at its origin until the sink has finished.
     */
    public record ObjectiveOptions(
        @Option(value = "99 of 100 events are on the bus within this time after they happened.", min = "1us",
            example = "5ms")
        Optional<Duration> sourceP99,
        @Option(value = "99 of 100 events are handed to the sink within this time after they are on the bus.",
            min = "1us", example = "1ms")
        Optional<Duration> transportP99,
        @Option(value = "99 of 100 events are finished by the sink within this time after they were handed to it.",
            min = "1us", example = "20ms")
        Optional<Duration> consumptionP99,
        @Option(value = "99 of 100 events are finished within this time after they happened.", min = "1us",
            example = "50ms")
        Optional<Duration> totalP99) {
    }
}
