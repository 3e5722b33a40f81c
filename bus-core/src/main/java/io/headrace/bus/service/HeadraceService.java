package io.headrace.bus.service;

import io.headrace.bus.Bus;
import io.headrace.bus.link.LinkProvider;
import io.headrace.bus.log.EventLogProvider;
import io.headrace.bus.log.EventLogs;
import io.headrace.bus.service.config.ServiceConfiguration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * A configured whole: sources, one bus, sinks. It starts from the consumers to the producers and stops the other way
 * round, so that nothing is published to nobody, and nothing is closed before it is empty. Made, started and stopped by
 * one thread; {@link #status()} is for any thread.
 */
public final class HeadraceService implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HeadraceService.class);
    private static final long SAMPLE_INTERVAL_MS = 1000;

    private final ServiceConfiguration configuration;
    private final Replication replication;
    private final Set<String> missedObjectives = new HashSet<>();
    private final ScheduledExecutorService reporter = Executors.newSingleThreadScheduledExecutor(work -> {
        final Thread thread = new Thread(work, "headrace-reporter");
        thread.setDaemon(true);
        return thread;
    });
    private volatile Instant startedAt = Instant.EPOCH;
    private volatile ServiceStatus.State state = ServiceStatus.State.NEW;

    /**
     * Makes the bus, and opens its event log where it has one; nothing is connected yet. A replica whose log is empty
     * has no bus until it has found its leader.
     *
     * @param configuration as {@link io.headrace.bus.service.config.ConfigurationLoader} bound it.
     * @throws io.headrace.bus.log.LogException when the event log cannot be opened.
     * @throws IllegalStateException            when another service leads this bus.
     */
    public HeadraceService(final ServiceConfiguration configuration) {
        this(configuration, EventLogs::provider, LinkProvider::load);
    }

    /** Makes a service on given implementations of the ports. */
    HeadraceService(
        final ServiceConfiguration configuration, final Supplier<EventLogProvider> logs,
        final Supplier<LinkProvider> links) {
        this.configuration = configuration;
        replication = new Replication(configuration, new BusOpener(configuration.bus(), logs), links);
        replication.open();
    }

    /**
     * Subscribes the sinks, lets others link, builds the sources and starts them. When one cannot be built, everything
     * is closed again. A replica begins to look for its leader instead, and goes on by itself.
     *
     * @throws IllegalArgumentException when an adapter refuses its options.
     */
    public void start() {
        if (state != ServiceStatus.State.NEW) {
            throw new IllegalStateException("state=" + state + ": a service is started once");
        }
        startedAt = Instant.now();
        try {
            replication.start();
        } catch (final RuntimeException ex) {
            stop(Duration.ZERO);
            throw ex;
        }
        reporter.scheduleAtFixedRate(
            this::sample, SAMPLE_INTERVAL_MS, SAMPLE_INTERVAL_MS, TimeUnit.MILLISECONDS);
        state = ServiceStatus.State.RUNNING;
        LOG.info("Service {} runs with {} sources and {} flows, {}", configuration.service().name(),
            configuration.sources().size(), configuration.sinks().size(), replication.status().state());
    }

    /**
     * Makes a replica the leader: its leader steps down, and when everything that it has is recorded here too, this
     * service begins a new epoch and starts its sources. The caller waits meanwhile.
     *
     * @param force   whether to lead also when the leader does not answer; what only it has is lost to this bus then.
     * @param timeout how long to wait at the most.
     * @return what came of it, in a sentence.
     * @throws InterruptedException  when the thread was interrupted.
     * @throws IllegalStateException when the service does not lead now, with what would help.
     */
    public String promote(final boolean force, final Duration timeout) throws InterruptedException {
        synchronized (replication) {
            return replication.promotion().promote(force, timeout);
        }
    }

    private void sample() {
        try {
            final BusRun run = replication.run();
            for (final FlowAttachment flow : run == null ? List.<FlowAttachment>of() : run.flows()) {
                flow.sample();
                for (final ServiceStatus.ObjectiveStatus objective : flow.status(Map.of()).objectives()) {
                    reportObjective(flow.name(), objective);
                }
            }
        } catch (final RuntimeException ex) {
            // The executor would end the sampling silently.
            LOG.error("Sampling the latencies failed", ex);
        }
    }

    private void reportObjective(final String flowName, final ServiceStatus.ObjectiveStatus objective) {
        final String key = flowName + " " + objective.stage();
        if (!objective.met() && missedObjectives.add(key)) {
            LOG.warn("Flow {} misses its objective: p99 of {} is {} µs, meant to be at most {} µs", flowName,
                objective.stage(), objective.observedNs() / 1000, objective.limitNs() / 1000);
        } else if (objective.met() && objective.observedNs() > 0 && missedObjectives.remove(key)) {
            LOG.info("Flow {} meets its objective for {} again", flowName, objective.stage());
        }
    }

    /**
     * Stops: sources publish no more, the bus drains, sources confirm what is finished, sinks close.
     *
     * @param timeout how long the bus may drain; what is not finished by then is given again after a restart, where
     *                the source can.
     * @return true when nothing published is lost: it was finished, or it is in the event log.
     */
    public boolean stop(final Duration timeout) {
        synchronized (this) {
            if (state == ServiceStatus.State.STOPPING || state == ServiceStatus.State.STOPPED) {
                return true;
            }
            state = ServiceStatus.State.STOPPING;
        }
        replication.end();
        final BusRun run = replication.run();
        final boolean drained = run == null || stopRun(run, timeout);
        replication.close();
        reporter.shutdown();
        state = ServiceStatus.State.STOPPED;
        return drained;
    }

    private boolean stopRun(final BusRun run, final Duration timeout) {
        run.quiesceSources();
        final boolean drained = run.drain(timeout);
        // Those who follow get what was drained; whoever publishes is told.
        replication.close();
        run.closeSources();
        run.close();
        return (drained || run.bus().hasLog()) && !run.failedFlow();
    }

    /** {@return how the service and each of its parts is now} */
    public ServiceStatus status() {
        final BusRun run = replication.run();
        final Map<String, Long> counters = new TreeMap<>();
        if (run != null) {
            run.bus().counters().forEach(counters::put);
        }
        return new ServiceStatus(
            configuration.service().name(),
            state,
            startedAt,
            Duration.between(startedAt, Instant.now()),
            run == null ? -1 : run.bus().claimedSequence(),
            run == null ? Optional.empty() : run.bus().logStatus(),
            replication.status(),
            run == null ? List.of() : run.sourceStatus(counters),
            run == null ? List.of() : run.flowStatus(counters));
    }

    static Map<String, Long> withPrefix(final Map<String, Long> counters, final String prefix) {
        final Map<String, Long> selected = new TreeMap<>(Comparator.naturalOrder());
        counters.forEach((name, value) -> {
            if (name.startsWith(prefix)) {
                selected.put(name.substring(prefix.length()), value);
            }
        });
        return selected;
    }

    /**
     * The bus, for further subscriptions and publishers in this process. A replica whose log is cut gets another one.
     *
     * @return the bus of now.
     * @throws IllegalStateException while a replica with an empty log waits for its leader.
     */
    public Bus bus() {
        final BusRun run = replication.run();
        if (run == null) {
            throw new IllegalStateException("this replica waits for its leader, and has no bus yet");
        }
        return run.bus();
    }

    /** {@return the configuration} */
    public ServiceConfiguration configuration() {
        return configuration;
    }

    /** Stops with the configured time-out. */
    @Override
    public void close() {
        stop(configuration.service().shutdownTimeout());
    }
}
