package io.headrace.bus.service;

import io.headrace.bus.Bus;
import io.headrace.bus.service.config.ServiceConfiguration;
import io.headrace.bus.service.config.SinkConfiguration;
import io.headrace.bus.service.config.SourceConfiguration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * One bus of a service with its flows and sources. A service has one after the other where it is a replica whose log is
 * cut. Started and stopped by one thread at a time; the rest is for any.
 */
final class BusRun {
    private static final Logger LOG = LoggerFactory.getLogger(BusRun.class);

    private final ServiceConfiguration configuration;
    private final Bus bus;
    private final List<FlowAttachment> flows = new CopyOnWriteArrayList<>();
    private final List<SourceAttachment> sources = new CopyOnWriteArrayList<>();
    private boolean quiesced;
    private boolean closed;

    BusRun(final ServiceConfiguration configuration, final Bus bus) {
        this.configuration = configuration;
        this.bus = bus;
    }

    Bus bus() {
        return bus;
    }

    List<FlowAttachment> flows() {
        return flows;
    }

    /**
     * Subscribes the sinks.
     *
     * @throws IllegalArgumentException when an adapter refuses its options.
     */
    void startFlows() {
        for (final SinkConfiguration<?> sink : configuration.sinks()) {
            flows.add(new FlowAttachment(sink, bus));
        }
    }

    /**
     * Builds the sources, all of them before the first is started.
     *
     * @throws IllegalArgumentException when an adapter refuses its options.
     */
    void startSources() {
        for (final SourceConfiguration<?> source : configuration.sources()) {
            sources.add(new SourceAttachment(source, bus));
        }
        sources.forEach(attachment -> attachment.source().start());
    }

    int sourceCount() {
        return sources.size();
    }

    /** The sources publish no more. Doing it again does nothing. */
    synchronized void quiesceSources() {
        if (!quiesced) {
            quiesced = true;
            forEachSource(attachment -> attachment.source().quiesce());
        }
    }

    /** The sources confirm what is finished, and end. Doing it again does nothing. */
    synchronized void closeSources() {
        if (!closed) {
            closed = true;
            forEachSource(attachment -> attachment.source().close());
        }
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

    /**
     * Lets the flows finish what is published.
     *
     * @return true when they did.
     */
    boolean drain(final Duration timeout) {
        final boolean drained = bus.drain(timeout);
        if (!drained && bus.hasLog()) {
            LOG.info("After {} these flows were not through; they go on there after the next start: {}", timeout,
                undelivered());
        } else if (!drained) {
            LOG.warn("The bus was not drained within {}: {}", timeout, undelivered());
        }
        return drained;
    }

    private List<String> undelivered() {
        return bus.subscriptions().stream()
            .filter(subscription -> subscription.lossless() && subscription.position() < bus.claimedSequence())
            .map(subscription -> subscription.name() + " at position " + subscription.position())
            .toList();
    }

    void close() {
        bus.close();
        flows.forEach(FlowAttachment::sample);
    }

    boolean failedFlow() {
        return flows.stream().anyMatch(FlowAttachment::stoppedByFailure);
    }

    List<ServiceStatus.SourceStatus> sourceStatus(final Map<String, Long> counters) {
        return sources.stream().map(attachment -> attachment.status(counters)).toList();
    }

    List<ServiceStatus.FlowStatus> flowStatus(final Map<String, Long> counters) {
        return flows.stream().map(flow -> flow.status(counters)).toList();
    }
}
