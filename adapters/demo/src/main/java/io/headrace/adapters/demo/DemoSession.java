package io.headrace.adapters.demo;

import io.headrace.bus.adapter.Health;
import io.headrace.bus.latency.LatencySummary;
import io.headrace.bus.service.ServiceStatus;
import io.headrace.bus.service.ServiceStatus.FlowStatus;
import io.headrace.bus.subscription.SubscriptionStatus;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The demonstration from the service's start to the verdict, between servers that run already. Owned by the thread
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
    private final DemoService service;
    private final CountDownLatch stopRequest;

    /** Asks whether something has come true. */
    @FunctionalInterface
    private interface Condition {
        boolean holds() throws SQLException, IOException;
    }

    DemoSession(
        final DemoOptions options, final DemoListener listener, final Demo.Tampering tampering,
        final DemoServers servers, final Path folder, final DemoService service, final CountDownLatch stopRequest) {
        this.options = options;
        this.listener = listener;
        this.tampering = tampering;
        this.servers = servers;
        this.folder = folder;
        this.service = service;
        this.stopRequest = stopRequest;
    }

    DemoResult run(final Instant startedAt, final HiccupRecorder hiccups)
        throws IOException, SQLException, DemoException, InterruptedException {
        try (ReplanListener replans = new ReplanListener(servers.broker())) {
            final DemoLoads loads = new DemoLoads(servers, options);
            final Targets targets = new Targets(servers, loads, replans, folder, options.seed());
            service.start();
            awaitSnapshot(targets);
            final LoadLatency latency = runLoads(loads, hiccups);
            final boolean arrived = awaitArrival(targets, loads);
            final Map<String, String> failedFlows = failedFlows(service.status());
            final boolean stoppedWell = service.stop(STOP_TIMEOUT);
            hiccups.close();
            tampering.tamper(servers, folder);
            listener.onStep(DemoStep.COMPARE, "what arrived with what was sent");
            final Verification verification = new Verification(latency.summaries(service));
            verification.compare(targets, servers);
            loads.failures().forEach(verification::reason);
            judgeService(verification, arrived, stoppedWell, failedFlows.values());
            return result(verification, startedAt, loads, hiccups.summary());
        }
    }

    private void judgeService(
        final Verification verification, final boolean arrived, final boolean stoppedWell,
        final Collection<String> failedFlows) {
        failedFlows.forEach(verification::reason);
        service.failures().forEach(verification::reason);
        if (!arrived) {
            verification.reason("not everything has arrived");
        } else if (!stoppedWell && failedFlows.isEmpty()) {
            verification.reason("the bus was not drained when the service stopped");
        }
        if (options.killEvery().isPresent() && service.kills().isEmpty()) {
            // Nothing was survived: that proves nothing.
            verification.reason("the service was never killed");
        }
    }

    private DemoResult result(
        final Verification verification, final Instant startedAt, final DemoLoads loads,
        final LatencySummary hiccups) throws SQLException {
        return new DemoResult(verification.reasons(), startedAt, Instant.now(), servers.environment(),
            Erp.INITIAL_ROWS, loads.results(), hiccups, service.kills(), verification.flows(),
            verification.tables());
    }

    private void awaitSnapshot(final Targets targets)
        throws SQLException, IOException, DemoException, InterruptedException {
        listener.onStep(DemoStep.SNAPSHOT, count(Erp.INITIAL_ROWS) + " rows that the ERP has already");
        final long startNs = System.nanoTime();
        final Condition settled = () -> !service.status().sources().isEmpty()
            && service.status().sources().stream().allMatch(source -> source.health() == Health.State.UP)
            && targets.count(DemoConfiguration.PLANNING) >= Erp.INITIAL_ROWS
            && targets.count(DemoConfiguration.AUDIT) >= Erp.INITIAL_ROWS;
        if (!await(settled, DemoStep.SNAPSHOT, targets)) {
            if (stopRequest.getCount() == 0) {
                throw new DemoException("It was stopped before the loads began.");
            }
            throw new DemoException("The snapshot did not arrive: " + allFailures());
        }
        listener.onStep(DemoStep.SNAPSHOT, count(Erp.INITIAL_ROWS) + " rows in the planning database after "
            + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs) + " ms");
    }

    /** Runs them until their time is over, or something ends them early. */
    private LoadLatency runLoads(final DemoLoads loads, final HiccupRecorder hiccups)
        throws IOException, InterruptedException {
        listener.onStep(DemoStep.LOAD, "for " + options.duration().toSeconds() + " s: "
            + options.transactionsPerSecond() + " transactions/s in the ERP; " + Machines.COUNT
            + " simulated machines send " + options.readingsPerSecond() + " readings/s and "
            + options.faultsPerSecond() + " faults/s");
        options.killEvery().ifPresent(interval -> listener.onStep(DemoStep.LOAD,
            "the service is killed (SIGKILL) about every " + interval.toMillis() / 1000.0 + " s, by the seed "
            + options.seed() + ", and started again at once"));
        listener.onLoadStarted(service::status);
        LoadLatency latency = new LoadLatency(service);
        try {
            loads.start();
            service.beginKills();
            if (goOn(options.warmUp(), loads)) {
                latency = new LoadLatency(service);
                hiccups.restart();
                goOn(options.duration().minus(options.warmUp()), loads);
            }
        } finally {
            service.endKills();
            loads.stop();
            listener.onLoadEnded();
        }
        return latency;
    }

    /** Lets the loads run; false when they are to end before the time is over. */
    private boolean goOn(final Duration time, final DemoLoads loads) throws IOException, InterruptedException {
        final long endNs = System.nanoTime() + time.toNanos();
        while (System.nanoTime() - endNs < 0) {
            final long leftMs = TimeUnit.NANOSECONDS.toMillis(endNs - System.nanoTime()) + 1;
            final boolean toStop = stopRequest.await(Math.min(leftMs, LOOK_INTERVAL_MS), TimeUnit.MILLISECONDS);
            tend(DemoStep.LOAD);
            if (toStop || !service.failures().isEmpty() || !failedFlows(service.status()).isEmpty()
                || !loads.failures().isEmpty()) {
                return false;
            }
        }
        return true;
    }

    private void tend(final DemoStep step) throws IOException, InterruptedException {
        service.tend();
        service.takeNews().forEach(news -> listener.onStep(step, news));
    }

    private boolean awaitArrival(final Targets targets, final DemoLoads loads)
        throws SQLException, IOException, InterruptedException {
        listener.onStep(DemoStep.DRAIN, "sent: " + loads);
        // One that has failed gets no more; the others are waited for all the same.
        final Condition arrived = () -> targets.complete(failedFlows(service.status()).keySet());
        return await(arrived, DemoStep.DRAIN, targets);
    }

    private boolean await(final Condition condition, final DemoStep step, final Targets targets)
        throws SQLException, IOException, InterruptedException {
        final long startNs = System.nanoTime();
        long nextProgressNs = startNs + PROGRESS_INTERVAL_NS;
        long lastProgressNs = startNs;
        long arrivedCount = 0;
        while (true) {
            tend(step);
            final long lookNs = System.nanoTime();
            if (condition.holds()) {
                return true;
            }
            final long nowNs = System.nanoTime();
            if (nowNs - nextProgressNs > 0) {
                nextProgressNs = nowNs + PROGRESS_INTERVAL_NS;
                final long count = targets.arrivedCount();
                lastProgressNs = count > arrivedCount ? nowNs : lastProgressNs;
                arrivedCount = count;
                listener.onStep(step, TimeUnit.NANOSECONDS.toSeconds(nowNs - startNs) + " s; "
                    + count(targets.count(DemoConfiguration.PLANNING)) + " of "
                    + count(targets.published(DemoConfiguration.PLANNING)) + " changes have arrived");
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

    private boolean hopeless(final DemoStep step) {
        return !service.failures().isEmpty()
            || step == DemoStep.SNAPSHOT && !failedFlows(service.status()).isEmpty();
    }

    /** What to say of each flow that has failed, by its name. */
    private static Map<String, String> failedFlows(final ServiceStatus status) {
        return status.flows().stream()
            .map(FlowStatus::subscription)
            .filter(flow -> flow.health() == Health.State.FAILED)
            .collect(Collectors.toMap(
                SubscriptionStatus::name, flow -> "flow " + flow.name() + " failed: " + flow.reason()));
    }

    private String allFailures() {
        final ServiceStatus status = service.status();
        final Stream<String> sources = status.sources().stream()
            .filter(source -> source.health() != Health.State.UP)
            .map(source -> "source " + source.name() + " is " + source.health() + " " + source.reason());
        final String failures =
            Stream.of(service.failures().stream(), sources, failedFlows(status).values().stream())
                .flatMap(lines -> lines).collect(Collectors.joining("; "));
        return failures.isEmpty() ? "nothing has come for " + STANDSTILL_TIMEOUT.toSeconds() + " s" : failures;
    }

    private static String count(final long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
