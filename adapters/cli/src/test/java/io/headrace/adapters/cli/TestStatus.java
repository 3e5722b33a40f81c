package io.headrace.adapters.cli;

import io.headrace.adapters.cli.control.Promotion;
import io.headrace.bus.adapter.Health;
import io.headrace.bus.delivery.BreakerState;
import io.headrace.bus.latency.LatencySummary;
import io.headrace.bus.latency.Stage;
import io.headrace.bus.link.BusRole;
import io.headrace.bus.link.LinkStatus;
import io.headrace.bus.log.LogDescription;
import io.headrace.bus.log.LogStatus;
import io.headrace.bus.service.ReplicationStatus;
import io.headrace.bus.service.ServiceStatus;
import io.headrace.bus.subscription.SubscriptionStatus;
import io.headrace.bus.subscription.WhenFull;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes statuses of services that never were. */
public final class TestStatus {
    /** Of a service that nobody can follow. */
    public static final Promotion NO_PROMOTION = (force, timeout) -> {
        throw new IllegalStateException("this service is no replica");
    };

    private TestStatus() {
    }

    /** One source and flows, each with the same count. */
    public static ServiceStatus of(final Duration uptime, final long count, final Health.State health,
        final String... flowNames) {
        final ServiceStatus.SourceStatus source = new ServiceStatus.SourceStatus(
            "erp", "postgres", Health.State.UP, "", count, count * 100, 7, Map.of("retained-wal-bytes", 42L));
        return new ServiceStatus("plant-1", ServiceStatus.State.RUNNING, Instant.EPOCH, uptime, count,
            Optional.empty(), List.of(source),
            Arrays.stream(flowNames).map(name -> flow(name, count, health)).toList());
    }

    /** The same with an event log of 64 MiB in one segment. */
    public static ServiceStatus withLog(final ServiceStatus status, final Health.State health) {
        final LogDescription log = new LogDescription(
            Path.of("/var/lib/headrace/plant-1"), 0x730, 3, 0, 64 << 20, 0, 5_001, 1, 2, 1, 128 << 20);
        final String reason = health == Health.State.UP ? "" : "the disk is full";
        return new ServiceStatus(status.name(), status.state(), status.startedAt(), status.uptime(),
            status.claimedSequence(), Optional.of(new LogStatus(log, health, reason, 4_998, 2)), status.sources(),
            status.flows());
    }

    /** The same as a replica that another one follows in turn. */
    public static ServiceStatus asReplica(final ServiceStatus status) {
        return new ServiceStatus(status.name(), status.state(), status.startedAt(), status.uptime(),
            status.claimedSequence(), status.log(), new ReplicationStatus(
            BusRole.REPLICA, "catching up 38 %", Health.State.DEGRADED, "it was away", Optional.of("10.0.0.1:7730"),
            12_000, 7_440, Optional.of("10.0.0.2:7730"), List.of(
            new LinkStatus("plant-2", "replica", "10.0.0.3:40123", "live", 4_500, 12, 4_000, 0),
            new LinkStatus("meters", "publisher", "ipc", "live", -1, 0, 99, 3))),
            status.sources(), status.flows());
    }

    private static ServiceStatus.FlowStatus flow(final String name, final long count, final Health.State health) {
        final SubscriptionStatus subscription = new SubscriptionStatus(name, List.of("erp.*"), 1, WhenFull.BLOCK,
            "live", health, health == Health.State.UP ? "" : "the target is away", count, 3, count, 0, 0, 0, 0, 0, 0,
            BreakerState.CLOSED);
        return new ServiceStatus.FlowStatus(subscription, "jdbc", latencies(1_000), latencies(2_000_000),
            List.of(new ServiceStatus.ObjectiveStatus(Stage.TOTAL, 5_000_000, 6_000_000)), Map.of());
    }

    private static Map<Stage, LatencySummary> latencies(final long p50Ns) {
        final Map<Stage, LatencySummary> latencies = new EnumMap<>(Stage.class);
        for (final Stage stage : Stage.values()) {
            latencies.put(stage, new LatencySummary(100, p50Ns, 2 * p50Ns, 3 * p50Ns, 4 * p50Ns, 5 * p50Ns));
        }
        return latencies;
    }
}
