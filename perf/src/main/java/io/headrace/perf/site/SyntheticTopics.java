package io.headrace.perf.site;

import io.headrace.adapters.mqtt.MqttRuleOptions;
import io.headrace.adapters.mqtt.MqttSourceOptions;
import io.headrace.adapters.mqtt.MqttSubscriptionOptions;
import io.headrace.adapters.mqtt.MqttTopicMapping;
import io.headrace.adapters.postgres.PostgresSourceOptions;
import io.headrace.bus.service.config.ServiceConfiguration;
import io.headrace.bus.service.config.SinkConfiguration;
import io.headrace.bus.service.config.SourceConfiguration;
import io.headrace.perf.site.SyntheticTopic.Kind;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The main thread: finds out what each source of a configuration would publish, as far as the configuration tells: the
 * tables and the mapped topics that it names, and what its flows ask for.
 */
final class SyntheticTopics {
    private static final String SAMPLE = "synthetic";
    private static final int MAX_SENSORS = 1000;
    private static final int SHARED_PARTS = 3;

    private final ServiceConfiguration configuration;
    private final SiteOptions options;
    private final Set<String> patterns;

    private SyntheticTopics(final ServiceConfiguration configuration, final SiteOptions options) {
        this.configuration = configuration;
        this.options = options;
        patterns = configuration.sinks().stream().flatMap(sink -> sink.flow().topics().stream())
            .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** What each source publishes, at least one topic for each. */
    static Map<String, List<SyntheticTopic>> of(final ServiceConfiguration configuration, final SiteOptions options) {
        final SyntheticTopics topics = new SyntheticTopics(configuration, options);
        final Map<String, Map<String, SyntheticTopic>> found = new LinkedHashMap<>();
        for (final SourceConfiguration<?> source : configuration.sources()) {
            final Map<String, SyntheticTopic> own = new LinkedHashMap<>();
            topics.of(source).forEach(topic -> own.putIfAbsent(topic.topic() + " " + topic.key().orElse(""), topic));
            found.put(source.name(), own);
        }
        if (options.topics().isEmpty()) {
            topics.feedEveryFlow(found);
        }
        for (final SourceConfiguration<?> source : configuration.sources()) {
            if (found.get(source.name()).isEmpty()) {
                final String topic = topics.completed(source.name() + ".", source);
                found.get(source.name()).put(topic, new SyntheticTopic(topic, kind(source)));
            }
        }
        final Map<String, List<SyntheticTopic>> result = new LinkedHashMap<>();
        found.forEach((source, own) -> result.put(source, List.copyOf(own.values())));
        return result;
    }

    private List<SyntheticTopic> of(final SourceConfiguration<?> source) {
        final String prefix = source.name() + ".";
        if (!options.topics().isEmpty()) {
            return options.topics().stream().filter(topic -> topic.startsWith(prefix))
                .map(topic -> new SyntheticTopic(topic, kind(source))).toList();
        }
        if (source.options() instanceof final PostgresSourceOptions postgres) {
            return postgres.tables().stream().flatMap(table -> tables(prefix, table).stream())
                .map(topic -> new SyntheticTopic(topic, Kind.ROW)).toList();
        }
        if (source.options() instanceof final MqttSourceOptions mqtt) {
            return sensors(source.name(), mqtt);
        }
        return patterns.stream().filter(pattern -> pattern.startsWith(prefix) && !pattern.endsWith("*"))
            .map(topic -> new SyntheticTopic(topic, kind(source))).toList();
    }

    private static Kind kind(final SourceConfiguration<?> source) {
        return source.options() instanceof PostgresSourceOptions ? Kind.ROW
            : source.options() instanceof MqttSourceOptions ? Kind.READING : Kind.DOCUMENT;
    }

    /** A table with a star stands for those that flows name, or else for a made-up one. */
    private List<String> tables(final String prefix, final String table) {
        if (!table.contains("*")) {
            return List.of(prefix + table);
        }
        final Pattern glob = Pattern.compile(Pattern.quote(prefix + table).replace("*", "\\E.*\\Q"));
        final List<String> named = patterns.stream().filter(pattern -> !pattern.endsWith("*"))
            .filter(pattern -> glob.matcher(pattern).matches()).toList();
        return named.isEmpty() ? List.of(prefix + table.replace("*", SAMPLE)) : named;
    }

    /** Each place that a filter leaves open is filled with the number of a sensor. */
    private List<SyntheticTopic> sensors(final String sourceName, final MqttSourceOptions mqtt) {
        final List<String> filters = mqtt.rules().isEmpty()
            ? mqtt.subscriptions().stream().map(MqttSubscriptionOptions::filter).map(SyntheticTopics::unshared).toList()
            : mqtt.rules().stream().map(MqttRuleOptions::filter).toList();
        final int sensorCount = Math.max(1, Math.min(MAX_SENSORS, options.keyCount()) / filters.size());
        final List<String> names = new ArrayList<>();
        for (final String filter : filters) {
            final boolean open = filter.contains("+") || filter.contains("#");
            for (int i = 1; i <= (open ? sensorCount : 1); i++) {
                names.add(filter.replace("+", String.valueOf(i)).replace("#", String.valueOf(i)));
            }
        }
        return MqttTopicMapping.of(mqtt, sourceName, names).stream().map(mapping -> new SyntheticTopic(
            mapping.topic(), mapping.reading() ? Kind.READING : Kind.DOCUMENT, Optional.of(mapping.key()))).toList();
    }

    private static String unshared(final String filter) {
        return filter.startsWith("$share/") ? filter.split("/", SHARED_PARTS)[2] : filter;
    }

    /** A flow to which nothing would come says by its topics what it waits for. */
    private void feedEveryFlow(final Map<String, Map<String, SyntheticTopic>> found) {
        for (final SinkConfiguration<?> sink : configuration.sinks()) {
            if (found.values().stream().flatMap(own -> own.values().stream())
                .anyMatch(topic -> selects(sink.flow().topics(), topic.topic()))) {
                continue;
            }
            for (final String pattern : sink.flow().topics()) {
                for (final SourceConfiguration<?> source : configuration.sources()) {
                    if (pattern.startsWith(source.name() + ".")) {
                        final String topic = pattern.endsWith("*")
                            ? completed(pattern.substring(0, pattern.length() - 1), source) : pattern;
                        found.get(source.name()).putIfAbsent(topic + " ", new SyntheticTopic(topic, kind(source)));
                    }
                }
            }
        }
    }

    private String completed(final String prefix, final SourceConfiguration<?> source) {
        final boolean needsSchema = kind(source) == Kind.ROW
            && prefix.indexOf('.', Math.min(prefix.length(), source.name().length() + 1)) < 0;
        return prefix + (needsSchema ? "public." : "") + SAMPLE;
    }

    /** Whether a flow gets a topic. */
    static boolean selects(final List<String> patterns, final String topic) {
        return patterns.stream().anyMatch(pattern -> pattern.endsWith("*")
            ? topic.startsWith(pattern.substring(0, pattern.length() - 1)) : topic.equals(pattern));
    }
}
