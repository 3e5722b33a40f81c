package io.headrace.bus.service;

import io.headrace.bus.adapter.Health;
import io.headrace.bus.latency.LatencySummary;
import io.headrace.bus.latency.Stage;
import io.headrace.bus.log.LogStatus;
import io.headrace.bus.subscription.SubscriptionStatus;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a service and each of its parts is, at one moment. Immutable.
 *
 * @param name            of the service.
 * @param state           of the service.
 * @param startedAt       when it was started.
 * @param uptime          since then.
 * @param claimedSequence the last place in the total order that was given away, -1 for none.
 * @param log             how the event log is; empty without one.
 * @param replication     how it stands to other processes.
 * @param sources         in the order of the configuration.
 * @param flows           in the order of the configuration.
 */
public record ServiceStatus(
    String name,
    State state,
    Instant startedAt,
    Duration uptime,
    long claimedSequence,
    Optional<LogStatus> log,
    ReplicationStatus replication,
    List<SourceStatus> sources,
    List<FlowStatus> flows) {

    /**
     * The status of a service that has nothing to do with other processes.
     *
     * @param name            of the service.
     * @param state           of the service.
     * @param startedAt       when it was started.
     * @param uptime          since then.
     * @param claimedSequence the last place in the total order that was given away, -1 for none.
     * @param log             how the event log is; empty without one.
     * @param sources         in the order of the configuration.
     * @param flows           in the order of the configuration.
     */
    public ServiceStatus(
        final String name,
        final State state,
        final Instant startedAt,
        final Duration uptime,
        final long claimedSequence,
        final Optional<LogStatus> log,
        final List<SourceStatus> sources,
        final List<FlowStatus> flows) {
        this(name, state, startedAt, uptime, claimedSequence, log, ReplicationStatus.ALONE, sources, flows);
    }

    /** Where a service is in its life. */
    public enum State {
        /** Made, not started. */
        NEW,
        /** Sinks are subscribed and sources started. */
        RUNNING,
        /** Sources publish no more, and the bus drains. */
        STOPPING,
        /** Everything is closed. */
        STOPPED
    }

    /**
     * Whether everything works.
     *
     * @return true when the event log records, what is shared with other processes is well, and no source and no flow
     * is down or has failed.
     */
    public boolean healthy() {
        return log.stream().noneMatch(status -> isIll(status.health()))
            && !isIll(replication.health())
            && sources.stream().noneMatch(source -> isIll(source.health()))
            && flows.stream().noneMatch(flow -> isIll(flow.subscription().health()));
    }

    private static boolean isIll(final Health.State health) {
        return health == Health.State.DOWN || health == Health.State.FAILED;
    }

    /**
     * How a source is.
     *
     * @param name            in the configuration.
     * @param type            of its adapter.
     * @param health          how it is.
     * @param reason          why, empty when it is well.
     * @param publishedEvents on the bus.
     * @param publishedBytes  on the bus.
     * @param backPressured   how often it found no room.
     * @param counters        of the adapter, by name.
     */
    public record SourceStatus(
        String name,
        String type,
        Health.State health,
        String reason,
        long publishedEvents,
        long publishedBytes,
        long backPressured,
        Map<String, Long> counters) {
    }

    /**
     * How a flow is: a sink with its subscription.
     *
     * @param subscription of the sink; its name is the flow's.
     * @param type         of the sink's adapter.
     * @param interval     the latencies of the last full second.
     * @param whole        the latencies since the start.
     * @param objectives   those declared.
     * @param counters     of the adapter, by name.
     */
    public record FlowStatus(
        SubscriptionStatus subscription,
        String type,
        Map<Stage, LatencySummary> interval,
        Map<Stage, LatencySummary> whole,
        List<ObjectiveStatus> objectives,
        Map<String, Long> counters) {
    }

    /**
     * A declared latency and what is observed.
     *
     * @param stage      which stage.
     * @param limitNs    99 of 100 events are meant to take at most this, in nanoseconds.
     * @param observedNs what 99 of 100 took in the last full second, in nanoseconds; 0 without events.
     */
    public record ObjectiveStatus(Stage stage, long limitNs, long observedNs) {
        /** {@return whether the objective was met} */
        public boolean met() {
            return observedNs <= limitNs;
        }
    }
}
