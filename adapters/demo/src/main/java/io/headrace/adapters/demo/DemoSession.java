package io.headrace.adapters.demo;

import io.headrace.adapters.demo.DemoResult.ReplicaResult;
import io.headrace.bus.latency.LatencySummary;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * The demonstration from the services' start to the verdict, between servers that run already. Owned by the thread
 * that runs the demonstration.
 */
final class DemoSession {
    /** Without anything arriving: how long it takes altogether depends on the machine. */
    private static final Duration STANDSTILL_TIMEOUT = Duration.ofSeconds(120);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(60);
    private static final int LOOK_INTERVAL_MS = 50;
    /** Looking costs something, too: at most a third of the time. */
    private static final int LOOK_PAUSES = 2;
    private static final long PROGRESS_INTERVAL_NS = TimeUnit.SECONDS.toNanos(2);

    private final DemoOptions options;
    private final DemoListener listener;
    private final Demo.Tampering tampering;
    private final DemoServers servers;
    private final Path folder;
    private final List<DemoMember> members;
    private final DemoMember leader;
    private final DemoLoads loads;
    private final CountDownLatch stopRequest;

    /** Asks whether something has come true at one of the members. */
    @FunctionalInterface
    private interface Condition {
        boolean holds(DemoMember member) throws SQLException, IOException;
    }

    /** The first member is the leader, or the only service. */
    DemoSession(
        final DemoOptions options, final DemoListener listener, final Demo.Tampering tampering,
        final DemoServers servers, final Path folder, final List<DemoMember> members, final DemoLoads loads,
        final CountDownLatch stopRequest) {
        this.options = options;
        this.listener = listener;
        this.tampering = tampering;
        this.servers = servers;
        this.folder = folder;
        this.members = List.copyOf(members);
        this.leader = members.get(0);
        this.loads = loads;
        this.stopRequest = stopRequest;
    }

    DemoResult run(final Instant startedAt, final HiccupRecorder hiccups)
        throws IOException, SQLException, DemoException, InterruptedException {
        for (final DemoMember member : members) {
            member.service().start();
        }
        awaitSnapshot();
        runLoads(hiccups);
        awaitArrival();
        // The replicas first: a leader that is gone would be away for them.
        for (int i = members.size() - 1; i >= 0; i--) {
            members.get(i).stop(STOP_TIMEOUT);
        }
        hiccups.close();
        tampering.tamper(servers, folder);
        listener.onStep(DemoStep.COMPARE, "what arrived with what was sent");
        return result(startedAt, hiccups.summary());
    }

    private DemoResult result(final Instant startedAt, final LatencySummary hiccups)
        throws SQLException, IOException, InterruptedException {
        final boolean mustHaveBeenKilled = options.killEvery().isPresent();
        final Verification verification = leader.verify(mustHaveBeenKilled);
        loads.failures().forEach(verification::reason);
        final List<ReplicaResult> replicas = new ArrayList<>();
        for (final DemoMember member : members) {
            if (member.isReplica()) {
                replicas.add(member.replicaResult(member.verify(mustHaveBeenKilled)));
            }
        }
        return new DemoResult(verification.reasons(), startedAt, Instant.now(), servers.environment(),
            Erp.INITIAL_ROWS, loads.results(), hiccups, leader.service().kills(), verification.flows(),
            verification.tables(), replicas);
    }

    private void awaitSnapshot() throws SQLException, IOException, DemoException, InterruptedException {
        listener.onStep(DemoStep.SNAPSHOT, count(Erp.INITIAL_ROWS) + " rows that the ERP has already");
        final long startNs = System.nanoTime();
        if (!await(DemoMember::snapshotArrived, DemoStep.SNAPSHOT)) {
            if (stopRequest.getCount() == 0) {
                throw new DemoException("It was stopped before the loads began.");
            }
            throw new DemoException("The snapshot did not arrive: " + allFailures());
        }
        listener.onStep(DemoStep.SNAPSHOT, count(Erp.INITIAL_ROWS) + " rows in "
            + (members.size() == 1 ? "the planning database" : "all " + members.size() + " planning databases")
            + " after " + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs) + " ms");
    }

    /** Runs them until their time is over, or something ends them early. */
    private void runLoads(final HiccupRecorder hiccups) throws IOException, InterruptedException {
        listener.onStep(DemoStep.LOAD, "for " + options.duration().toSeconds() + " s: "
            + options.transactionsPerSecond() + " transactions/s in the ERP; " + Machines.COUNT
            + " simulated machines send " + options.readingsPerSecond() + " readings/s and "
            + options.faultsPerSecond() + " faults/s");
        options.killEvery().ifPresent(interval -> listener.onStep(DemoStep.LOAD,
            (members.size() == 1 ? "the service is" : "leader and replicas are each") + " killed (SIGKILL) about every "
            + interval.toMillis() / 1000.0 + " s, by the seed " + options.seed() + ", and started again at once"));
        if (options.replicas().lossPercent() > 0) {
            listener.onStep(DemoStep.LOAD, "of 100 packets between leader and replicas "
                + options.replicas().lossPercent() + " are dropped");
        }
        listener.onLoadStarted(leader.service()::status);
        beginLatencies();
        try {
            loads.start();
            members.forEach(member -> member.service().beginKills());
            if (goOn(options.warmUp())) {
                beginLatencies();
                hiccups.restart();
                goOn(options.duration().minus(options.warmUp()));
            }
        } finally {
            members.forEach(member -> member.service().endKills());
            loads.stop();
            listener.onLoadEnded();
        }
    }

    private void beginLatencies() throws InterruptedException {
        for (final DemoMember member : members) {
            member.beginLatencies();
        }
    }

    /** Lets the loads run; false when they are to end before the time is over. */
    private boolean goOn(final Duration time) throws IOException, InterruptedException {
        final long endNs = System.nanoTime() + time.toNanos();
        while (System.nanoTime() - endNs < 0) {
            final long leftMs = TimeUnit.NANOSECONDS.toMillis(endNs - System.nanoTime()) + 1;
            final boolean toStop = stopRequest.await(Math.min(leftMs, LOOK_INTERVAL_MS), TimeUnit.MILLISECONDS);
            tend(DemoStep.LOAD);
            if (toStop || !members.stream().allMatch(DemoMember::goesOn) || !loads.failures().isEmpty()) {
                return false;
            }
        }
        return true;
    }

    private void tend(final DemoStep step) throws IOException, InterruptedException {
        for (final DemoMember member : members) {
            member.service().tend();
            member.service().takeNews().forEach(news -> listener.onStep(step, news));
        }
    }

    private void awaitArrival() throws SQLException, IOException, InterruptedException {
        listener.onStep(DemoStep.DRAIN, "sent: " + loads);
        await(DemoMember::arrived, DemoStep.DRAIN);
    }

    private boolean await(final Condition condition, final DemoStep step)
        throws SQLException, IOException, InterruptedException {
        final long startNs = System.nanoTime();
        long nextProgressNs = startNs + PROGRESS_INTERVAL_NS;
        long lastProgressNs = startNs;
        long arrivedCount = 0;
        while (true) {
            tend(step);
            final long lookNs = System.nanoTime();
            if (allHold(condition)) {
                return true;
            }
            final long nowNs = System.nanoTime();
            if (nowNs - nextProgressNs > 0) {
                nextProgressNs = nowNs + PROGRESS_INTERVAL_NS;
                final long count = arrivedCount();
                lastProgressNs = count > arrivedCount ? nowNs : lastProgressNs;
                arrivedCount = count;
                listener.onStep(step, TimeUnit.NANOSECONDS.toSeconds(nowNs - startNs) + " s; " + progress());
            }
            if (hopeless(step) || nowNs - lastProgressNs > STANDSTILL_TIMEOUT.toNanos()) {
                return false;
            }
            final long pauseMs =
                Math.max(LOOK_INTERVAL_MS, LOOK_PAUSES * TimeUnit.NANOSECONDS.toMillis(nowNs - lookNs));
            if (step != DemoStep.SNAPSHOT) {
                TimeUnit.MILLISECONDS.sleep(pauseMs);
            } else if (stopRequest.await(pauseMs, TimeUnit.MILLISECONDS)) {
                return false;
            }
        }
    }

    /** All are asked, as each remembers what it has found. */
    private boolean allHold(final Condition condition) throws SQLException, IOException {
        boolean all = true;
        for (final DemoMember member : members) {
            all &= condition.holds(member);
        }
        return all;
    }

    private long arrivedCount() throws SQLException, IOException {
        long count = 0;
        for (final DemoMember member : members) {
            count += member.targets().arrivedCount();
        }
        return count;
    }

    private String progress() throws SQLException, IOException {
        final StringBuilder text = new StringBuilder();
        for (final DemoMember member : members) {
            final Targets targets = member.targets();
            text.append(member == leader ? "" : ", " + member.place().name() + " ")
                .append(count(targets.count(DemoConfiguration.PLANNING)));
            if (member == leader) {
                text.append(" of ").append(count(targets.published(DemoConfiguration.PLANNING)))
                    .append(" changes have arrived");
            }
        }
        return text.toString();
    }

    private boolean hopeless(final DemoStep step) {
        return members.stream().anyMatch(member -> !member.service().failures().isEmpty()
            || step == DemoStep.SNAPSHOT && !member.failedFlowsNow().isEmpty());
    }

    private String allFailures() {
        final String failures = members.stream().flatMap(member -> member.allFailures().stream())
            .collect(Collectors.joining("; "));
        return failures.isEmpty() ? "nothing has come for " + STANDSTILL_TIMEOUT.toSeconds() + " s" : failures;
    }

    private static String count(final long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
