package io.headrace.perf.site;

import io.headrace.bus.adapter.ByteSize;
import io.headrace.bus.log.EventLogContext;
import io.headrace.bus.service.config.BusOptions;
import io.headrace.bus.service.config.FlowOptions;
import io.headrace.bus.service.config.FlowOptions.ObjectiveOptions;
import io.headrace.bus.service.config.LogOptions;
import io.headrace.bus.service.config.ServiceConfiguration;
import io.headrace.bus.service.config.SinkConfiguration;
import io.headrace.bus.service.config.SourceConfiguration;
import io.headrace.bus.subscription.AfterStage;
import io.headrace.bus.subscription.WhenFull;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Immutable: the configuration that is measured, made of a site's own. Nothing of it touches what the site's own
 * service uses: sources are synthetic, the event log is in a temporary folder, and there are no links.
 *
 * @param configuration to run.
 * @param sources       in its order.
 * @param figures       of the flows, in its order.
 * @param notes         what differs from the site's own, in sentences.
 */
record SiteConfiguration(
    ServiceConfiguration configuration, List<SyntheticSourceProvider> sources, List<FlowFigures> figures,
    List<String> notes) {
    /** Behind the names of real sinks: they share no position, client id or file with the site's own service. */
    static final String SINK_SUFFIX = "-site";
    private static final long MAX_LOG_BYTES = 1L << 30;

    static SiteConfiguration of(
        final ServiceConfiguration site, final Map<String, List<SyntheticTopic>> topics, final SiteOptions options,
        final Path workFolder) {
        final List<String> notes = new ArrayList<>();
        final List<SyntheticSourceProvider> providers = new ArrayList<>();
        final List<SourceConfiguration<?>> sources = new ArrayList<>();
        for (final SourceConfiguration<?> source : site.sources()) {
            final SyntheticSourceProvider provider = new SyntheticSourceProvider();
            providers.add(provider);
            sources.add(new SourceConfiguration<>(source.name(), source.type(), provider, new SyntheticSourceOptions(
                topics.get(source.name()), options.payloadBytes(), options.keyCount(), options.transactionRows())));
        }
        final List<FlowFigures> figures = new ArrayList<>();
        final List<SinkConfiguration<?>> sinks = new ArrayList<>();
        for (final SinkConfiguration<?> sink : site.sinks()) {
            final FlowFigures flow =
                new FlowFigures(sink.flow().whenFull().stream().noneMatch(policy -> policy == WhenFull.CONFLATE));
            figures.add(flow);
            sinks.add(sink(sink, options.realSinks(), flow, notes));
        }
        return new SiteConfiguration(new ServiceConfiguration(
            site.file(), site.service(), bus(site.bus(), workFolder, notes), sources, sinks),
            providers, figures, notes);
    }

    private static <O extends Record> SinkConfiguration<O> sink(
        final SinkConfiguration<O> sink, final boolean real, final FlowFigures figures, final List<String> notes) {
        final FlowOptions flow = sink.flow();
        if (flow.after().stream().anyMatch(after -> after == AfterStage.REPLICATED)) {
            notes.add("flow " + sink.name() + " waits for recorded instead of replicated: there are no replicas");
        }
        // The service would warn of each objective that the ladder misses on purpose.
        final ObjectiveOptions none =
            new ObjectiveOptions(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
        return new SinkConfiguration<>(
            real ? sink.name() + SINK_SUFFIX : sink.name(), sink.type(),
            new MeasuredSinkProvider<>(sink.provider(), real, figures), sink.options(),
            new FlowOptions(flow.topics(), Optional.empty(),
                flow.after().map(after -> after == AfterStage.REPLICATED ? AfterStage.RECORDED : after), flow.lanes(),
                flow.whenFull(), flow.conflateMaxKeys(), flow.batch(), flow.retry(), flow.circuitBreaker(),
                flow.onPoison(), none));
    }

    private static BusOptions bus(final BusOptions bus, final Path workFolder, final List<String> notes) {
        bus.listen().ifPresent(listen -> notes.add("nobody can link to the bus: listen is off"));
        bus.follow().ifPresent(follow -> notes.add("the bus leads: follow is off"));
        return new BusOptions(bus.capacity(), bus.slotBytes(), bus.waitProfile(), bus.producers(),
            bus.log().map(log -> log(log, workFolder, notes)), Optional.empty(), Optional.empty(), 1);
    }

    private static LogOptions log(final LogOptions log, final Path workFolder, final List<String> notes) {
        final boolean external = log.driver() == EventLogContext.Driver.EXTERNAL;
        notes.add("the event log is in a temporary folder"
            + (external ? ", and its driver is invoked instead of external" : ""));
        final long limitBytes = Math.max(2 * log.segmentLength().bytes(), MAX_LOG_BYTES);
        final long sizeBytes = log.retention().size().map(ByteSize::bytes).orElse(limitBytes);
        return new LogOptions(workFolder.resolve("log").toString(), log.sync(), log.termLength(), log.segmentLength(),
            new LogOptions.RetentionOptions(
                log.retention().age(), Optional.of(new ByteSize(Math.min(limitBytes, sizeBytes)))),
            external ? EventLogContext.Driver.INVOKED : log.driver(), external ? Optional.empty() : log.driverPath());
    }
}
