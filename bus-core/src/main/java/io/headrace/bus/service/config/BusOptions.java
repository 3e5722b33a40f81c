package io.headrace.bus.service.config;

import io.headrace.bus.BusContext;
import io.headrace.bus.adapter.CheckedOptions;
import io.headrace.bus.adapter.Option;
import io.headrace.bus.ring.ProducerMode;
import io.headrace.bus.ring.WaitProfile;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The options of the bus, its ring and its event log: the section {@code bus}. Immutable.
 *
 * @param capacity         in slots.
 * @param slotBytes        the size of a slot.
 * @param waitProfile      how threads wait.
 * @param producers        how many threads publish.
 * @param log              the event log, where there is one.
 * @param listen           where other processes link to it, where they may.
 * @param follow           whose recording it follows, where it is a replica.
 * @param replicatedCopies how many replicas must have an event before it counts as replicated.
 */
public record BusOptions(
    @Option(value = "The size of the ring in slots: a power of two.", defaultValue = "65536",
        min = "64", max = "16777216")
    int capacity,
    @Option(value = "The size of a slot in bytes: a power of two. An event takes as many slots as it" +
        " needs.", defaultValue = "256", min = "64", max = "4096")
    int slotBytes,
    @Option(value = "How threads wait for events: `eco` blocks until it is signalled and costs next to nothing when" +
        " idle, `yield` and `spin` keep a core busy for each thread and react faster.", defaultValue = "eco")
    WaitProfile waitProfile,
    @Option(value = "Whether one thread publishes or several: `single` makes claims cheaper and is right only with" +
        " one source that publishes from one thread.", defaultValue = "multi")
    ProducerMode producers,
    @Option("The event log: with it the bus keeps every event beyond the process, sources and flows go on after a" +
        " crash where they were, and a slow flow holds nobody up. Without it nothing is kept.")
    Optional<LogOptions> log,
    @Option("Where other processes link to the bus: remote publishers, remote subscribers, replicas. Without it" +
        " nobody does.")
    Optional<ListenOptions> listen,
    @Option("Whose recording the bus follows: with it this service is a replica. It keeps the leader's events in a" +
        " log of its own and delivers them to sinks of its own; its sources stand by until it is promoted.")
    Optional<FollowOptions> follow,
    @Option(value = "How many replicas must have recorded an event before it counts as replicated. A replica counts" +
        " itself as one of them.", defaultValue = "1", min = "1", max = "64")
    int replicatedCopies) implements CheckedOptions {
    /** The largest ring in bytes: the largest power of two that one buffer can hold. */
    public static final long MAX_RING_BYTES = 1L << 30;

    @Override
    public List<OptionProblem> problems() {
        final List<OptionProblem> problems = new ArrayList<>();
        requirePowerOfTwo("capacity", capacity, problems);
        requirePowerOfTwo("slotBytes", slotBytes, problems);
        if (problems.isEmpty() && (long)capacity * slotBytes > MAX_RING_BYTES) {
            problems.add(new OptionProblem("capacity",
                capacity + " slots of " + slotBytes + " bytes are more than the " + MAX_RING_BYTES +
                " bytes that a ring may have", "Give at most " + MAX_RING_BYTES / slotBytes));
        }
        if (follow.isPresent() && log.isEmpty()) {
            problems.add(new OptionProblem("follow", "a replica needs an event log, and the bus has none",
                "Add bus.log with a path"));
        }
        if (follow.isPresent() && listen.isPresent() && !listen.get().peers().isEmpty()) {
            problems.add(new OptionProblem("listen.peers", "a replica asks nobody whether it may lead",
                "Leave peers out, or follow"));
        }
        return problems;
    }

    /**
     * The bus that these options describe.
     *
     * @return its configuration.
     */
    public BusContext busContext() {
        return new BusContext().ring(capacity, slotBytes).waitProfile(waitProfile).producerMode(producers)
            .replicatedCopies(replicatedCopies);
    }

    private static void requirePowerOfTwo(final String option, final int value, final List<OptionProblem> problems) {
        if (Integer.bitCount(value) != 1) {
            final int below = Integer.highestOneBit(value);
            problems.add(new OptionProblem(option, "'" + value + "' is not a power of two",
                "Give " + below + " or " + below * 2));
        }
    }
}
