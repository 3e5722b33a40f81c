package io.headrace.bus.service;

import io.headrace.bus.Bus;
import io.headrace.bus.adapter.Health;
import io.headrace.bus.adapter.RecordedSource;
import io.headrace.bus.adapter.Source;
import io.headrace.bus.adapter.SourceContext;
import io.headrace.bus.monitor.HealthIndicator;
import io.headrace.bus.publish.Publisher;
import io.headrace.bus.service.config.SourceConfiguration;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.status.AtomicCounter;

import java.util.Map;
import java.util.Optional;

/** A source and what the bus gives to it. Made and closed by the service's thread; the context is for any thread. */
final class SourceAttachment implements SourceContext {
    private final SourceConfiguration<?> configuration;
    private final Bus bus;
    private final HealthIndicator health;
    private final Publisher publisher;
    private final Source source;

    SourceAttachment(final SourceConfiguration<?> configuration, final Bus bus) {
        this.configuration = configuration;
        this.bus = bus;
        health = new HealthIndicator("source " + configuration.name());
        publisher = bus.newPublisher(configuration.name());
        source = configuration.createSource(this);
    }

    Source source() {
        return source;
    }

    ServiceStatus.SourceStatus status(final Map<String, Long> allCounters) {
        final String publisherPrefix = "publisher." + name() + ".";
        return new ServiceStatus.SourceStatus(
            name(),
            configuration.type(),
            health.state(),
            health.reason(),
            allCounters.getOrDefault(publisherPrefix + "published-events", 0L),
            allCounters.getOrDefault(publisherPrefix + "published-bytes", 0L),
            allCounters.getOrDefault(publisherPrefix + "back-pressured", 0L),
            HeadraceService.withPrefix(allCounters, counterPrefix()));
    }

    private String counterPrefix() {
        return "source." + name() + ".";
    }

    @Override
    public String name() {
        return configuration.name();
    }

    @Override
    public Optional<RecordedSource> recorded() {
        return bus.recorded(name());
    }

    @Override
    public boolean durable() {
        return bus.hasLog();
    }

    @Override
    public EpochNanoClock epochClock() {
        return bus.context().epochClock();
    }

    @Override
    public NanoClock nanoClock() {
        return bus.context().nanoClock();
    }

    @Override
    public Health health() {
        return health;
    }

    @Override
    public AtomicCounter counter(final String counterName) {
        return bus.counters().counter(counterPrefix() + counterName);
    }

    @Override
    public Publisher publisher() {
        return publisher;
    }

    @Override
    public long finishedSequence() {
        return bus.finishedSequence();
    }
}
