package io.headrace.adapters.cli.report;

import io.headrace.bus.adapter.Health;
import io.headrace.bus.delivery.BreakerState;
import io.headrace.bus.latency.LatencySummary;
import io.headrace.bus.latency.Stage;
import io.headrace.bus.log.LogDescription;
import io.headrace.bus.log.LogStatus;
import io.headrace.bus.service.ServiceStatus;
import io.headrace.bus.service.ServiceStatus.FlowStatus;
import io.headrace.bus.service.ServiceStatus.ObjectiveStatus;
import io.headrace.bus.service.ServiceStatus.SourceStatus;
import io.headrace.bus.subscription.SubscriptionStatus;
import io.headrace.bus.subscription.WhenFull;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads what {@link StatusJson} writes: the status of a service in another process. Safe for any thread; no state. */
public final class StatusReader {
    private StatusReader() {
    }

    /**
     * Reads a status.
     *
     * @param json the document.
     * @return the status.
     * @throws IOException when it is no status of a service.
     */
    public static ServiceStatus read(final String json) throws IOException {
        try {
            return status(map(JsonText.parse(json)));
        } catch (final ClassCastException | NullPointerException | IllegalArgumentException e) {
            throw new IOException("this is no status of a service: " + e.getMessage(), e);
        }
    }

    private static ServiceStatus status(final Map<String, Object> json) {
        return new ServiceStatus(
            text(json, "name"),
            constant(ServiceStatus.State.class, json, "state"),
            Instant.parse(text(json, "startedAt")),
            Duration.ofNanos(number(json, "uptimeNs")),
            number(json, "claimedSequence"),
            Optional.ofNullable(json.get("log")).map(log -> log(map(log))),
            ReplicationJson.read(json.get(ReplicationJson.FIELD)),
            list(json, "sources").stream().map(source -> source(map(source))).toList(),
            list(json, "flows").stream().map(flow -> flow(map(flow))).toList());
    }

    /** What a status does not tell of a log is left at nothing. */
    private static LogStatus log(final Map<String, Object> json) {
        final LogDescription log = new LogDescription(
            Path.of(text(json, "folder")), 0, number(json, "epoch"), number(json, "startPosition"),
            number(json, "endPosition"), -1, 0, 0, 0, (int)number(json, "segments"), 0);
        return new LogStatus(log, constant(Health.State.class, json, "health"), text(json, "reason"),
            number(json, "recordedSequence"), number(json, "lagSlots"));
    }

    private static SourceStatus source(final Map<String, Object> json) {
        return new SourceStatus(
            text(json, "name"), text(json, "type"), constant(Health.State.class, json, "health"),
            text(json, "reason"), number(json, "publishedEvents"), number(json, "publishedBytes"),
            number(json, "backPressured"), counters(json));
    }

    private static FlowStatus flow(final Map<String, Object> json) {
        final SubscriptionStatus subscription = new SubscriptionStatus(
            text(json, "name"),
            list(json, "topics").stream().map(Object::toString).toList(),
            (int)number(json, "lanes"),
            constant(WhenFull.class, json, "whenFull"),
            text(json, "state"),
            constant(Health.State.class, json, "health"),
            text(json, "reason"),
            number(json, "position"),
            number(json, "lagSlots"),
            number(json, "delivered"),
            number(json, "dropped"),
            number(json, "poison"),
            number(json, "retries"),
            number(json, "evictions"),
            number(json, "rejoins"),
            number(json, "parked"),
            constant(BreakerState.class, json, "breaker"));
        return new FlowStatus(
            subscription, text(json, "type"), latencies(json, "intervalLatencyNs"), latencies(json, "latencyNs"),
            list(json, "objectives").stream().map(objective -> objective(map(objective))).toList(), counters(json));
    }

    private static ObjectiveStatus objective(final Map<String, Object> json) {
        return new ObjectiveStatus(
            constant(Stage.class, json, "stage"), number(json, "limitNs"), number(json, "observedNs"));
    }

    private static Map<Stage, LatencySummary> latencies(final Map<String, Object> parent, final String name) {
        final Map<String, Object> json = map(parent.get(name));
        final Map<Stage, LatencySummary> latencies = new EnumMap<>(Stage.class);
        json.keySet().forEach(stage -> {
            final Map<String, Object> latency = map(json.get(stage));
            latencies.put(constant(Stage.class, stage), new LatencySummary(
                number(latency, "count"), number(latency, "p50"), number(latency, "p90"), number(latency, "p99"),
                number(latency, "p999"), number(latency, "max")));
        });
        return latencies;
    }

    private static Map<String, Long> counters(final Map<String, Object> parent) {
        final Map<String, Long> counters = new LinkedHashMap<>();
        map(parent.get("counters")).forEach((name, value) -> counters.put(name, ((Number)value).longValue()));
        return counters;
    }

    private static String text(final Map<String, Object> json, final String name) {
        return json.get(name).toString();
    }

    private static long number(final Map<String, Object> json, final String name) {
        return ((Number)json.get(name)).longValue();
    }

    private static <E extends Enum<E>> E constant(
        final Class<E> type, final Map<String, Object> json, final String name) {
        return constant(type, text(json, name));
    }

    private static <E extends Enum<E>> E constant(final Class<E> type, final String name) {
        return Enum.valueOf(type, name.toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    private static List<?> list(final Map<String, Object> json, final String name) {
        return (List<?>)json.get(name);
    }

    /** Only of what {@link JsonText#parse} returned: its maps have texts as keys. */
    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(final Object json) {
        return (Map<String, Object>)json;
    }
}
