package io.headrace.bus.service;

import io.headrace.bus.Bus;
import io.headrace.bus.BusContext;
import io.headrace.bus.log.EventLogs;
import io.headrace.bus.service.config.ServiceConfiguration;
import io.headrace.bus.service.config.SinkConfiguration;
import io.headrace.bus.service.config.SourceConfiguration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A configured whole: sources, one bus, sinks. It starts from the consumers to the producers and stops the other way
 * round, so that nothing is published to nobody, and nothing is closed before it is empty. Made, started and stopped by
 * one thread; {@link #status()} is for any thread.
 */
public final class HeadraceService implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HeadraceService.class);
    private static final long SAMPLE_INTERVAL_MS = 1000;

    private final ServiceConfiguration configuration;
    private final Bus bus;
    private final List<FlowAttachment> flows = new CopyOnWriteArrayList<>();
    private final List<SourceAttachment> sources = new CopyOnWriteArrayList<>();
    private final Set<String> missedObjectives = new HashSet<>();
    private final ScheduledExecutorService reporter = Executors.newSingleThreadScheduledExecutor(work -> {
        final Thread thread = new Thread(work, "headrace-reporter");
        thread.setDaemon(true);
        return thread;
    });
    private volatile Instant startedAt = Instant.EPOCH;
    private volatile ServiceStatus.State state = ServiceStatus.State.NEW;

    /**
     * Makes the bus, and opens its event log where it has one; nothing is connected yet.
     *
     * @param configuration as {@link io.headrace.bus.service.config.ConfigurationLoader} bound it.
     * @throws io.headrace.bus.log.LogException when the event log cannot be opened.
     */
    public HeadraceService(final ServiceConfiguration configuration) {
        this.configuration = configuration;
        final BusContext context = configuration.bus().busContext();
        configuration.bus().log().ifPresent(options ->
            context.log(() -> EventLogs.provider().open(options.eventLogContext())));
        this.bus = new Bus(context);
    }

    /**
     * Subscribes the sinks, builds the sources and starts them. When one cannot be built, everything is closed again.
     *
     * @throws IllegalArgumentException when an adapter refuses its options.
     */
    public void start() {
        if (state != ServiceStatus.State.NEW) {
            throw new IllegalStateException("state=" + state + ": a service is started once");
        }
        startedAt = Instant.now();
        try {
            for (final SinkConfiguration<?> sink : configuration.sinks()) {
                flows.add(new FlowAttachment(sink, bus));
            }
            for (final SourceConfiguration<?> source : configuration.sources()) {
                sources.add(new SourceAttachment(source, bus));
            }
            sources.forEach(attachment -> attachment.source().start());
        } catch (final RuntimeException ex) {
            stop(Duration.ZERO);
            throw ex;
        }
        reporter.scheduleAtFixedRate(
            this::sample, SAMPLE_INTERVAL_MS, SAMPLE_INTERVAL_MS, TimeUnit.MILLISECONDS);
        state = ServiceStatus.State.RUNNING;
        LOG.info("Service {} runs {} sources and {} flows",
            configuration.service().name(), sources.size(), flows.size());
    }

    private void sample() {
        try {
            for (final FlowAttachment flow : flows) {
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
        forEachSource(attachment -> attachment.source().quiesce());
        final boolean drained = bus.drain(timeout);
        if (!drained && bus.hasLog()) {
            LOG.info("After {} these flows were not through; they go on there after the next start: {}", timeout,
                undelivered());
        } else if (!drained) {
            LOG.warn("The bus was not drained within {}: {}", timeout, undelivered());
        }
        forEachSource(attachment -> attachment.source().close());
        bus.close();
        reporter.shutdown();
        flows.forEach(FlowAttachment::sample);
        state = ServiceStatus.State.STOPPED;
        return (drained || bus.hasLog()) && flows.stream().noneMatch(FlowAttachment::stoppedByFailure);
    }

    private List<String> undelivered() {
        return bus.subscriptions().stream()
            .filter(subscription -> subscription.lossless() && subscription.position() < bus.claimedSequence())
            .map(subscription -> subscription.name() + " at position " + subscription.position())
            .toList();
    }

    /** One source that fails to stop must not keep the others from stopping. */
    private void forEachSource(final Consumer<SourceAttachment> action) {
        for (final SourceAttachment attachment : sources) {
            try {
                action.accept(attachment);
            } catch (final RuntimeException ex) {
                LOG.error("Source {} did not stop well", attachment.name(), ex);
            }
        }
    }

    /** {@return how the service and each of its parts is now} */
    public ServiceStatus status() {
        final Map<String, Long> counters = new TreeMap<>();
        bus.counters().forEach(counters::put);
        return new ServiceStatus(
            configuration.service().name(),
            state,
            startedAt,
            Duration.between(startedAt, Instant.now()),
            bus.claimedSequence(),
            bus.logStatus(),
            sources.stream().map(attachment -> attachment.status(counters)).toList(),
            flows.stream().map(flow -> flow.status(counters)).toList());
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

    /** {@return the bus, for further subscriptions and publishers in this process} */
    public Bus bus() {
        return bus;
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
