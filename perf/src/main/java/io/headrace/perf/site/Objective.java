package io.headrace.perf.site;

import io.headrace.bus.latency.Stage;
import io.headrace.bus.service.config.FlowOptions.ObjectiveOptions;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * Immutable: the latencies that a flow is meant to keep.
 *
 * @param limitsNs by stage, in nanoseconds; the total is always among them.
 * @param declared whether the configuration declares the total.
 */
public record Objective(Map<Stage, Long> limitsNs, boolean declared) {
    /** Copies the map. */
    public Objective {
        limitsNs = Map.copyOf(limitsNs);
    }

    static Objective of(final ObjectiveOptions flow, final SiteOptions options) {
        final Map<Stage, Long> limits = new EnumMap<>(Stage.class);
        if (options.objectiveNs() > 0) {
            limits.put(Stage.TOTAL, options.objectiveNs());
            return new Objective(limits, false);
        }
        put(limits, Stage.SOURCE, flow.sourceP99());
        put(limits, Stage.TRANSPORT, flow.transportP99());
        put(limits, Stage.CONSUMPTION, flow.consumptionP99());
        put(limits, Stage.TOTAL, flow.totalP99().or(
            () -> Optional.of(Duration.ofMillis(SiteOptions.DEFAULT_OBJECTIVE_MS))));
        return new Objective(limits, flow.totalP99().isPresent());
    }

    private static void put(final Map<Stage, Long> limits, final Stage stage, final Optional<Duration> limit) {
        limit.ifPresent(duration -> limits.put(stage, duration.toNanos()));
    }

    long totalNs() {
        return limitsNs.get(Stage.TOTAL);
    }
}
