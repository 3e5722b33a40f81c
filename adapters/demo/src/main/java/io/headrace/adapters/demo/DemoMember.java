package io.headrace.adapters.demo;

import io.headrace.adapters.demo.DemoResult.ReplicaResult;
import io.headrace.bus.adapter.Health;
import io.headrace.bus.service.ServiceStatus;
import io.headrace.bus.service.ServiceStatus.FlowStatus;
import io.headrace.bus.subscription.SubscriptionStatus;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One service of the demonstration, the leader or a replica, with the targets that it alone brings everything to. Owned
 * by the thread that runs the demonstration.
 */
final class DemoMember implements AutoCloseable {
    private final DemoPlace place;
    private final DemoService service;
    private final DemoServers servers;
    private final ReplanListener replans;
    private final Targets targets;
    private LoadLatency latency;
    private Map<String, String> failedFlows = Map.of();
    private boolean arrived;
    private boolean stoppedWell;

    /** Begins to listen for what the service will send; it is not started yet. */
    DemoMember(
        final DemoPlace place, final DemoService service, final DemoServers servers, final DemoLoads loads,
        final long seed) {
        this.place = place;
        this.service = service;
        this.servers = servers;
        replans = new ReplanListener(servers.broker(), place.replanTopic());
        targets = new Targets(place.planning(), loads, replans, place.folder(), seed);
    }

    DemoPlace place() {
        return place;
    }

    DemoService service() {
        return service;
    }

    Targets targets() {
        return targets;
    }

    boolean isReplica() {
        return place.role() == DemoPlace.Role.REPLICA;
    }

    /** {@return whether the rows that were there before the service have arrived} */
    boolean snapshotArrived() throws SQLException, IOException {
        final ServiceStatus status = service.status();
        final boolean sourcesUp = isReplica()
            || !status.sources().isEmpty()
            && status.sources().stream().allMatch(source -> source.health() == Health.State.UP);
        return sourcesUp
            && targets.count(DemoConfiguration.PLANNING) >= Erp.INITIAL_ROWS
            && targets.count(DemoConfiguration.AUDIT) >= Erp.INITIAL_ROWS;
    }

    /** What was recorded of latencies up to now does not count. */
    void beginLatencies() throws InterruptedException {
        latency = new LoadLatency(service);
    }

    /** {@return whether everything has arrived; that does not change any more, and is not asked for again} */
    boolean arrived() throws SQLException, IOException {
        if (!arrived) {
            failedFlows = failedFlowsNow();
            arrived = targets.complete(failedFlows.keySet());
        }
        return arrived;
    }

    void stop(final Duration timeout) throws InterruptedException {
        failedFlows = failedFlowsNow();
        stoppedWell = service.stop(timeout);
    }

    /** {@return whether nothing has failed so far} */
    boolean goesOn() {
        return service.failures().isEmpty() && failedFlowsNow().isEmpty();
    }

    /** What to say of each flow that has failed, by its name. */
    Map<String, String> failedFlowsNow() {
        return service.status().flows().stream()
            .map(FlowStatus::subscription)
            .filter(flow -> flow.health() == Health.State.FAILED)
            .collect(Collectors.toMap(
                SubscriptionStatus::name, flow -> "flow " + flow.name() + " failed: " + flow.reason()));
    }

    /** {@return everything that is wrong now, each in a line} */
    List<String> allFailures() {
        final Stream<String> sources = isReplica() ? Stream.empty() : service.status().sources().stream()
            .filter(source -> source.health() != Health.State.UP)
            .map(source -> "source " + source.name() + " is " + source.health() + " " + source.reason());
        return Stream.of(service.failures().stream(), sources, failedFlowsNow().values().stream())
            .flatMap(lines -> lines).map(line -> isReplica() ? place.name() + ": " + line : line).toList();
    }

    /** Compares its targets with what was sent; after it has stopped. */
    Verification verify(final boolean mustHaveBeenKilled) throws SQLException, IOException, InterruptedException {
        final Verification verification = new Verification(latency.summaries(service));
        verification.compare(targets, servers.erp(), place.planning());
        failedFlows.values().forEach(verification::reason);
        service.failures().forEach(verification::reason);
        if (!arrived) {
            verification.reason("not everything has arrived");
        } else if (!stoppedWell && failedFlows.isEmpty()) {
            verification.reason("the bus was not drained when the service stopped");
        }
        if (mustHaveBeenKilled && service.kills().isEmpty()) {
            // Nothing was survived: that proves nothing.
            verification.reason(place.name() + " was never killed");
        }
        return verification;
    }

    ReplicaResult replicaResult(final Verification verification) {
        return new ReplicaResult(
            place.name(), verification.reasons(), service.kills(), verification.flows(), verification.tables());
    }

    @Override
    public void close() {
        replans.close();
    }
}
