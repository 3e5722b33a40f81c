package io.headrace.adapters.demo;

import io.headrace.bus.adapter.Health;
import io.headrace.bus.latency.LatencySummary;
import io.headrace.bus.service.HeadraceService;
import io.headrace.bus.service.ServiceStatus;
import io.headrace.bus.service.ServiceStatus.FlowStatus;
import io.headrace.bus.service.config.ConfigurationException;
import io.headrace.bus.subscription.SubscriptionStatus;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The whole path on one machine: starts the systems at both ends, runs the service between them under load, and
 * compares afterwards what arrived with what was sent. Run once, by one thread; {@link #requestStop} and
 * {@link #abandon} are for any other.
 */
public final class Demo {
    private static final Duration START_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(60);
    private static final List<String> FAULT_FLOWS =
        List.of(DemoConfiguration.TICKET, DemoConfiguration.REPLAN, DemoConfiguration.FLAG);
    private static final int LOOK_INTERVAL_MS = 100;
    private static final int PROGRESS_INTERVAL_MS = 2000;

    private final DemoOptions options;
    private final DemoListener listener;
    private final Tampering tampering;
    private final CountDownLatch stopRequest = new CountDownLatch(1);
    private volatile DemoServers servers;
    private volatile Path folder;

    /** What a test does to the targets before they are compared, on the demonstration's thread. */
    @FunctionalInterface
    interface Tampering {
        void tamper(DemoServers servers, Path folder) throws IOException, SQLException;
    }

    /** Asks whether something has come true. */
    @FunctionalInterface
    private interface Condition {
        boolean holds() throws SQLException;
    }

    /**
     * Makes a demonstration; nothing is started yet.
     *
     * @param options  what it is to do.
     * @param listener is told how it goes.
     */
    public Demo(final DemoOptions options, final DemoListener listener) {
        this(options, listener, (startedServers, workFolder) -> { });
    }

    Demo(final DemoOptions options, final DemoListener listener, final Tampering tampering) {
        this.options = options;
        this.listener = listener;
        this.tampering = tampering;
    }

    /** Ends the loads early; what was sent by then is delivered and compared all the same. */
    public void requestStop() {
        stopRequest.countDown();
    }

    /** Stops the servers and removes their folders at once, for a process that is about to end. */
    public void abandon() {
        final DemoServers started = servers;
        if (started != null) {
            started.close();
        }
        removeFolder();
    }

    /**
     * Carries it out, and writes the report when there is to be one.
     *
     * @return what was found.
     * @throws DemoException        when it could not be carried out.
     * @throws InterruptedException when the thread was interrupted; everything is stopped then.
     */
    public DemoResult run() throws DemoException, InterruptedException {
        final Instant startedAt = Instant.now();
        try (HiccupRecorder hiccups = new HiccupRecorder()) {
            requireGoingOn();
            folder = workFolder();
            listener.onStep(DemoStep.SERVERS, "two PostgreSQL servers (ERP and planning) and an MQTT broker");
            servers = new DemoServers();
            servers.await();
            requireGoingOn();
            final DemoResult result = runService(startedAt, hiccups);
            if (options.report().isPresent()) {
                DemoReport.write(result, options, options.report().get());
            }
            return result;
        } catch (final IOException | SQLException | CompletionException e) {
            throw new DemoException("The demonstration failed: " + e.getMessage(), e);
        } catch (final ConfigurationException e) {
            throw new DemoException("The generated configuration is refused: " + e.getMessage(), e);
        } finally {
            listener.onStep(DemoStep.CLEANUP, "");
            abandon();
        }
    }

    private Path workFolder() throws IOException, DemoException {
        if (options.keep().isEmpty()) {
            return Files.createTempDirectory("headrace-demo-");
        }
        final Path kept = Files.createDirectories(options.keep().get().toAbsolutePath());
        try (Stream<Path> present = Files.list(kept)) {
            if (present.findAny().isPresent()) {
                throw new DemoException("The folder " + kept + " is not empty: name an empty or a missing one.");
            }
        }
        return kept;
    }

    private void removeFolder() {
        if (options.keep().isEmpty() && folder != null) {
            DemoServers.remove(folder);
        }
    }

    private void requireGoingOn() throws DemoException {
        if (stopRequest.getCount() == 0) {
            throw new DemoException("It was stopped before the loads began.");
        }
    }

    private DemoResult runService(final Instant startedAt, final HiccupRecorder hiccups)
        throws IOException, SQLException, ConfigurationException, DemoException, InterruptedException {
        final Path file = DemoConfiguration.write(folder, servers.erp(), servers.planning(), servers.broker());
        listener.onStep(DemoStep.SERVICE, "with " + file);
        try (ReplanListener replans = new ReplanListener(servers.broker());
            HeadraceService service = new HeadraceService(DemoConfiguration.load(file))) {
            final DemoLoads loads = new DemoLoads(servers, options);
            service.start();
            awaitSnapshot(service);
            final LoadLatency latency = runLoads(service, loads, hiccups);
            final boolean arrived = awaitArrival(service, loads, replans);
            final boolean drained = service.stop(DRAIN_TIMEOUT);
            hiccups.close();
            tampering.tamper(servers, folder);
            listener.onStep(DemoStep.COMPARE, "what arrived with what was sent");
            final Verification verification = new Verification(latency.summaries());
            verification.compare(servers, loads, replans.received(), folder, options.seed());
            loads.failures().forEach(verification::reason);
            final Collection<String> failedFlows = failedFlows(service.status()).values();
            failedFlows.forEach(verification::reason);
            if (!arrived) {
                verification.reason("not everything had arrived after " + DRAIN_TIMEOUT.toSeconds() + " s");
            } else if (!drained && failedFlows.isEmpty()) {
                verification.reason("the bus was not drained when the service stopped");
            }
            return result(verification, startedAt, loads, hiccups.summary());
        }
    }

    private DemoResult result(
        final Verification verification, final Instant startedAt, final DemoLoads loads,
        final LatencySummary hiccups) throws SQLException {
        final Map<String, String> environment = servers.environment();
        return new DemoResult(verification.reasons(), startedAt, Instant.now(), environment, Erp.INITIAL_ROWS,
            loads.results(), hiccups, verification.flows(), verification.tables());
    }

    private void awaitSnapshot(final HeadraceService service)
        throws SQLException, DemoException, InterruptedException {
        listener.onStep(DemoStep.SNAPSHOT, count(Erp.INITIAL_ROWS) + " rows that the ERP has already");
        final long startNs = System.nanoTime();
        final Condition settled = () -> service.status().sources().stream()
            .allMatch(source -> source.health() == Health.State.UP)
            && ledgerCount() >= Erp.INITIAL_ROWS && delivered(service, DemoConfiguration.AUDIT) >= Erp.INITIAL_ROWS;
        if (!await(settled, START_TIMEOUT, service, DemoStep.SNAPSHOT, () -> "")) {
            requireGoingOn();
            throw new DemoException("The snapshot did not arrive within " + START_TIMEOUT.toSeconds() + " s: "
                + failures(service.status()));
        }
        listener.onStep(DemoStep.SNAPSHOT, count(Erp.INITIAL_ROWS) + " rows in the planning database after "
            + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs) + " ms");
    }

    /** Runs them until their time is over, or something ends them early. */
    private LoadLatency runLoads(
        final HeadraceService service, final DemoLoads loads, final HiccupRecorder hiccups)
        throws InterruptedException {
        listener.onStep(DemoStep.LOAD, "for " + options.duration().toSeconds() + " s: "
            + options.transactionsPerSecond() + " transactions/s in the ERP; " + Machines.COUNT
            + " simulated machines send " + options.readingsPerSecond() + " readings/s and "
            + options.faultsPerSecond() + " faults/s");
        listener.onLoadStarted(service::status);
        LoadLatency latency = new LoadLatency(service.bus());
        try {
            loads.start();
            if (goOn(options.warmUp(), service, loads)) {
                latency = new LoadLatency(service.bus());
                hiccups.restart();
                goOn(options.duration().minus(options.warmUp()), service, loads);
            }
        } finally {
            loads.stop();
            listener.onLoadEnded();
        }
        return latency;
    }

    /** Lets the loads run; false when they are to end before the time is over. */
    private boolean goOn(final Duration time, final HeadraceService service, final DemoLoads loads)
        throws InterruptedException {
        final long endNs = System.nanoTime() + time.toNanos();
        while (System.nanoTime() - endNs < 0) {
            final long leftMs = TimeUnit.NANOSECONDS.toMillis(endNs - System.nanoTime()) + 1;
            if (stopRequest.await(Math.min(leftMs, LOOK_INTERVAL_MS), TimeUnit.MILLISECONDS)
                || !failedFlows(service.status()).isEmpty() || !loads.failures().isEmpty()) {
                return false;
            }
        }
        return true;
    }

    /** Waits by counts only, which a duplicate could spoil; the comparison afterwards is by identity. */
    private boolean awaitArrival(
        final HeadraceService service, final DemoLoads loads, final ReplanListener replans)
        throws SQLException, InterruptedException {
        listener.onStep(DemoStep.DRAIN, "sent: " + loads);
        final long changes = loads.changes().count();
        final long faults = loads.faults().count();
        final Condition arrived = () -> {
            // One that has failed gets no more; the others are waited for all the same.
            final Set<String> failed = failedFlows(service.status()).keySet();
            return FAULT_FLOWS.stream().allMatch(flow -> failed.contains(flow) || delivered(service, flow) >= faults)
                && (failed.contains(DemoConfiguration.REPLAN) || replans.count() >= faults)
                && (failed.contains(DemoConfiguration.READINGS)
                    || delivered(service, DemoConfiguration.READINGS) >= loads.readings().count())
                && (failed.contains(DemoConfiguration.AUDIT)
                    || delivered(service, DemoConfiguration.AUDIT) >= changes)
                && (failed.contains(DemoConfiguration.PLANNING) || ledgerCount() >= changes);
        };
        return await(arrived, DRAIN_TIMEOUT, service, DemoStep.DRAIN, () -> count(
            delivered(service, DemoConfiguration.AUDIT)) + " of " + count(changes) + " changes have arrived");
    }

    private boolean await(
        final Condition condition, final Duration timeout, final HeadraceService service, final DemoStep step,
        final Supplier<String> progress) throws SQLException, InterruptedException {
        final long startNs = System.nanoTime();
        long nextProgressMs = PROGRESS_INTERVAL_MS;
        while (!condition.holds()) {
            final long elapsedMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs);
            final boolean hopeless = step == DemoStep.SNAPSHOT && !failedFlows(service.status()).isEmpty();
            if (hopeless || elapsedMs > timeout.toMillis()) {
                return false;
            }
            if (elapsedMs > nextProgressMs) {
                nextProgressMs += PROGRESS_INTERVAL_MS;
                listener.onStep(step, elapsedMs / 1000 + " s; " + progress.get());
            }
            if (step != DemoStep.SNAPSHOT) {
                TimeUnit.MILLISECONDS.sleep(LOOK_INTERVAL_MS);
            } else if (stopRequest.await(LOOK_INTERVAL_MS, TimeUnit.MILLISECONDS)) {
                return false;
            }
        }
        return true;
    }

    private long ledgerCount() throws SQLException {
        return Long.parseLong(servers.planning().query("SELECT count(*) FROM measure.ledger"));
    }

    private static long delivered(final HeadraceService service, final String flow) {
        return service.status().flows().stream()
            .filter(status -> status.subscription().name().equals(flow))
            .mapToLong(status -> status.subscription().delivered()).sum();
    }

    /** What to say of each flow that has failed, by its name. */
    private static Map<String, String> failedFlows(final ServiceStatus status) {
        return status.flows().stream()
            .map(FlowStatus::subscription)
            .filter(flow -> flow.health() == Health.State.FAILED)
            .collect(Collectors.toMap(
                SubscriptionStatus::name, flow -> "flow " + flow.name() + " failed: " + flow.reason()));
    }

    private static String failures(final ServiceStatus status) {
        final Stream<String> sources = status.sources().stream()
            .filter(source -> source.health() != Health.State.UP)
            .map(source -> "source " + source.name() + " is " + source.health() + " " + source.reason());
        return String.join("; ", Stream.concat(sources, failedFlows(status).values().stream()).toList());
    }

    private static String count(final long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
