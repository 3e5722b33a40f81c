package io.headrace.bus.service.config;

import io.headrace.bus.adapter.AdapterProvider;
import io.headrace.bus.adapter.SinkCapabilities;
import io.headrace.bus.adapter.SinkProvider;
import io.headrace.bus.adapter.SourceProvider;
import io.headrace.bus.ring.ProducerMode;
import io.headrace.bus.subscription.AfterStage;
import io.headrace.bus.subscription.WhenFull;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/** Binds the sections of a configuration file. Owned by the thread that loads a configuration. */
final class ServiceBinder {
    static final String SERVICE = "service";
    static final String BUS = "bus";
    static final String LOG = "log";
    static final String LISTEN = "listen";
    static final String FOLLOW = "follow";
    static final String SOURCES = "sources";
    static final String SINKS = "sinks";
    static final String TYPE = "type";
    static final String OPTIONS = "options";

    private final Path file;
    private final AdapterRegistry registry;
    private final ProblemCollector problems;
    private final OptionBinder binder;
    private boolean withLog;
    private boolean withLinks;

    ServiceBinder(
        final Path file, final AdapterRegistry registry, final ProblemCollector problems, final OptionBinder binder) {
        this.file = file;
        this.registry = registry;
        this.problems = problems;
        this.binder = binder;
    }

    /** Binds the whole file; empty after a problem. */
    Optional<ServiceConfiguration> bind(final Node root) {
        final Optional<MappingEntries> sections =
            MappingEntries.of(root, Place.of("", root), "the sections service, bus, sources and sinks", problems);
        if (sections.isEmpty()) {
            return Optional.empty();
        }
        sections.get().refuseOthers(List.of(SERVICE, BUS, SOURCES, SINKS), problems);
        final Optional<ServiceOptions> service = section(sections.get(), SERVICE)
            .flatMap(entries -> binder.bindAll(ServiceOptions.class, entries));
        final Optional<BusOptions> bus = section(sections.get(), BUS)
            .flatMap(entries -> binder.bindAll(BusOptions.class, entries));
        withLog = busHas(sections.get(), LOG);
        withLinks = busHas(sections.get(), LISTEN) || busHas(sections.get(), FOLLOW);
        final List<SourceConfiguration<?>> sources = adapters(sections.get(), SOURCES, this::source);
        final List<SinkConfiguration<?>> sinks = adapters(sections.get(), SINKS, this::sink);
        bus.ifPresent(options -> checkProducers(options, sections.get()));
        warnOfUnreachableTopics(sections.get());
        if (service.isEmpty() || bus.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new ServiceConfiguration(file, service.get(), bus.get(), sources, sinks));
    }

    /** Looks at the file, not at what was bound: a part with another problem is there. */
    private boolean busHas(final MappingEntries sections, final String part) {
        return quietly(sections.entry(BUS)).stream()
            .anyMatch(entry -> entry.name().equals(part) && !MappingEntries.isNull(entry.value()));
    }

    private void checkProducers(final BusOptions bus, final MappingEntries sections) {
        if (bus.producers() == ProducerMode.SINGLE && quietly(sections.entry(SOURCES)).size() > 1) {
            problems.error(section(sections, BUS).orElseThrow().placeOf("producers"),
                "several sources publish, but 'single' allows one thread only", "Give multi");
        }
    }

    private Optional<MappingEntries> section(final MappingEntries sections, final String name) {
        return sections.entry(name)
            .map(entry -> MappingEntries.of(entry.value(), entry.place(), "a mapping", problems))
            .orElseGet(() -> Optional.of(MappingEntries.none(sections.place().missing(name))));
    }

    private <C> List<C> adapters(
        final MappingEntries sections, final String sectionName,
        final BiFunction<MappingEntries.Entry, MappingEntries, Optional<C>> bindOne) {
        final List<C> configurations = new ArrayList<>();
        final Optional<MappingEntries> section = section(sections, sectionName);
        if (section.isPresent() && section.get().all().isEmpty()) {
            problems.warning(section.get().place(), "there are no " + sectionName,
                SOURCES.equals(sectionName) ? "Add one, or nothing is published" : "Add one, or nothing is delivered");
        }
        for (final MappingEntries.Entry entry : section.map(MappingEntries::all).orElse(List.of())) {
            if (!Names.NAME.matcher(entry.name()).matches()) {
                problems.error(entry.place(), Names.shown(entry.name()) + " is no valid name", Names.NAME_REMEDY);
            }
            MappingEntries.of(entry.value(), entry.place(), "a mapping with a type", problems)
                .flatMap(entries -> bindOne.apply(entry, entries))
                .ifPresent(configurations::add);
        }
        return configurations;
    }

    private Optional<SourceConfiguration<?>> source(final MappingEntries.Entry entry, final MappingEntries entries) {
        entries.refuseOthers(List.of(TYPE, OPTIONS), problems);
        return type(entries).flatMap(type -> {
            final Optional<SourceProvider<?>> provider = registry.source(type);
            if (provider.isEmpty()) {
                refuseType(entries, type, "source", registry.sources(), registry.sink(type).isPresent());
            }
            return provider.flatMap(known -> source(entry.name(), known, entries));
        });
    }

    private <O extends Record> Optional<SourceConfiguration<?>> source(
        final String name, final SourceProvider<O> provider, final MappingEntries entries) {
        return options(provider, entries)
            .map(options -> new SourceConfiguration<>(name, provider.type(), provider, options));
    }

    private Optional<SinkConfiguration<?>> sink(final MappingEntries.Entry entry, final MappingEntries entries) {
        final List<String> known = new ArrayList<>(List.of(TYPE, OPTIONS));
        known.addAll(OptionBinder.names(OptionDescriptors.of(FlowOptions.class)));
        entries.refuseOthers(known, problems);
        final Optional<FlowOptions> flow = binder.bind(FlowOptions.class, entries);
        flow.ifPresent(options -> checkLog(options, entries));
        return type(entries).flatMap(type -> {
            final Optional<SinkProvider<?>> provider = registry.sink(type);
            if (provider.isEmpty()) {
                refuseType(entries, type, "sink", registry.sinks(), registry.source(type).isPresent());
            }
            return provider.flatMap(p -> sink(entry.name(), p, flow, entries));
        });
    }

    private <O extends Record> Optional<SinkConfiguration<?>> sink(
        final String name, final SinkProvider<O> provider, final Optional<FlowOptions> flow,
        final MappingEntries entries) {
        final Optional<O> options = options(provider, entries);
        if (options.isEmpty() || flow.isEmpty()) {
            return Optional.empty();
        }
        final SinkConfiguration<O> sink =
            new SinkConfiguration<>(name, provider.type(), provider, options.get(), flow.get());
        checkCapabilities(sink, entries);
        return Optional.of(sink);
    }

    private <O extends Record> Optional<O> options(final AdapterProvider<O> provider, final MappingEntries entries) {
        return section(entries, OPTIONS).flatMap(options -> binder.bindAll(provider.optionsType(), options));
    }

    private Optional<String> type(final MappingEntries entries) {
        final Optional<MappingEntries.Entry> entry = entries.entry(TYPE);
        if (entry.isEmpty()) {
            problems.error(entries.place().missing(TYPE), "the required option 'type' is missing",
                "Add the type of the adapter; 'headrace adapters' lists them");
        }
        return entry.flatMap(binder::text);
    }

    private void refuseType(
        final MappingEntries entries, final String type, final String role,
        final List<? extends AdapterProvider<?>> known, final boolean isOtherRole) {
        final String shown = entries.entry(TYPE).map(entry -> Names.shown(MappingEntries.scalar(entry.value())))
            .orElseThrow();
        final String otherRole = "source".equals(role) ? "sink" : "source";
        problems.error(entries.placeOf(TYPE),
            isOtherRole ? shown + " is a " + otherRole + ", not a " + role : "unknown " + role + " type " + shown,
            Names.suggestion(type, known.stream().map(AdapterProvider::type).toList()));
    }

    private void checkCapabilities(final SinkConfiguration<?> sink, final MappingEntries entries) {
        final SinkCapabilities capabilities;
        try {
            capabilities = sink.capabilities();
        } catch (final RuntimeException e) {
            problems.error(entries.placeOf(OPTIONS),
                "the adapter refuses its options: " + problems.withoutSecrets(String.valueOf(e.getMessage())),
                "Mend the option that the message names");
            return;
        }
        final FlowOptions flow = sink.flow();
        if (flow.lanes() > capabilities.maxLanes()) {
            problems.error(entries.placeOf("lanes"), "'" + flow.lanes() + "' lanes are more than a sink of type " +
                sink.type() + " can have with these options", "Give at most " + capabilities.maxLanes());
        } else if (flow.lanes() > 1 && capabilities.wholeTransactions()) {
            problems.error(entries.placeOf("lanes"), "a sink that takes whole transactions has one lane only, not '" +
                flow.lanes() + "'", "Give 1, or turn whole transactions off in the options of the sink");
        }
        if (flow.whenFull().isPresent() && losesEvents(flow.whenFull().get()) && capabilities.wholeTransactions()) {
            problems.error(entries.placeOf("when-full"),
                "events dropped would tear the transactions that the sink takes whole",
                "Give block or evict, or turn whole transactions off in the options of the sink");
        }
        if (flow.onPoison().parks() && capabilities.wholeTransactions()) {
            problems.error(entries.placeOf("on-poison"),
                "an event parked would tear the transaction that the sink takes whole",
                "Give stop or skip, or turn whole transactions off in the options of the sink");
        }
    }

    private static boolean losesEvents(final WhenFull whenFull) {
        return whenFull == WhenFull.DROP_NEWEST || whenFull == WhenFull.CONFLATE;
    }

    private void checkLog(final FlowOptions flow, final MappingEntries entries) {
        final boolean evicts = flow.whenFull().filter(WhenFull.EVICT::equals).isPresent();
        if (!withLog) {
            refuseWithoutLog(flow.from().isPresent() && !"now".equals(flow.from().get()), "from", "now", entries);
            refuseWithoutLog(flow.after().filter(stage -> stage != AfterStage.PUBLISHED).isPresent(), "after",
                "published", entries);
            refuseWithoutLog(evicts, "when-full", "block", entries);
            refuseWithoutLog(flow.onPoison().parks(), "on-poison", "stop or skip", entries);
        } else if (flow.onPoison().parks() && flow.after().filter(AfterStage.PUBLISHED::equals).isPresent()) {
            problems.error(entries.placeOf("after"),
                "an event may be parked only when it is recorded itself: a crash could give its sequence to another",
                "Give recorded, or on-poison: stop or skip");
        } else if (evicts && flow.after().filter(AfterStage.PUBLISHED::equals).isPresent()) {
            problems.error(entries.placeOf("after"),
                "a flow that may read on from the event log cannot be ahead of it",
                "Give recorded, or when-full: block");
        }
        if (withLog && !withLinks && flow.after().filter(AfterStage.REPLICATED::equals).isPresent()) {
            problems.error(entries.placeOf("after"), "nobody can replicate this bus",
                "Add bus.listen for replicas to follow, or give recorded");
        }
    }

    private void refuseWithoutLog(
        final boolean needsLog, final String option, final String instead, final MappingEntries entries) {
        if (needsLog) {
            problems.error(entries.placeOf(option), "it needs an event log, and the bus has none",
                "Add bus.log with a path, or give " + instead);
        }
    }

    /** Looks at the file, not at what was bound: a sink with another problem still gets its warning. */
    private void warnOfUnreachableTopics(final MappingEntries sections) {
        final List<String> sourceNames =
            quietly(sections.entry(SOURCES)).stream().map(MappingEntries.Entry::name).toList();
        if (sourceNames.isEmpty()) {
            return;
        }
        for (final MappingEntries.Entry sink : quietly(sections.entry(SINKS))) {
            quietly(Optional.of(sink)).stream()
                .filter(entry -> entry.name().equals("topics") && entry.value() instanceof SequenceNode)
                .forEach(topics -> warnOfUnreachableTopics(topics, sourceNames));
        }
    }

    /** The entries of a mapping whose problems were found elsewhere. */
    private Collection<MappingEntries.Entry> quietly(final Optional<MappingEntries.Entry> mapping) {
        final ProblemCollector silent = new ProblemCollector(file);
        return mapping.flatMap(entry -> MappingEntries.of(entry.value(), entry.place(), "", silent))
            .map(MappingEntries::all)
            .orElse(List.of());
    }

    private void warnOfUnreachableTopics(final MappingEntries.Entry topics, final List<String> sourceNames) {
        final List<Node> nodes = ((SequenceNode)topics.value()).getValue();
        for (int i = 0; i < nodes.size(); i++) {
            final String topic = MappingEntries.scalar(nodes.get(i));
            if (!topic.isBlank() && !topic.contains("${") && !isReachable(topic, sourceNames)) {
                problems.warning(Place.of(topics.place().path() + "[" + i + "]", nodes.get(i)),
                    "no source has topics like " + Names.shown(topic),
                    "Begin the topic with the name of a source. " + Names.suggestion(firstPart(topic), sourceNames));
            }
        }
    }

    private static boolean isReachable(final String topic, final List<String> sourceNames) {
        final boolean isPrefix = topic.endsWith("*");
        final String fixed = isPrefix ? topic.substring(0, topic.length() - 1) : topic;
        return fixed.indexOf('.') < 0 && isPrefix ?
            sourceNames.stream().anyMatch(name -> name.startsWith(fixed)) :
            sourceNames.contains(firstPart(fixed));
    }

    private static String firstPart(final String topic) {
        final int dot = topic.indexOf('.');
        return dot < 0 ? topic : topic.substring(0, dot);
    }
}
