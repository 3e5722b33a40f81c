package io.headrace.adapters.demo;

import io.headrace.bus.Bus;
import io.headrace.bus.latency.LatencySummary;
import io.headrace.bus.latency.Stage;
import io.headrace.bus.subscription.Subscription;
import org.HdrHistogram.Histogram;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The latencies from some moment on. What comes before is left out: the rows of the snapshot, which come all at once
 * and wait for each other, and events that met code which the JVM had not compiled yet; they would make up the upper
 * percentiles of a short run. Owned by the thread that runs the demonstration.
 */
final class LoadLatency {
    private final Map<String, Subscription> subscriptions = new LinkedHashMap<>();
    private final Map<String, Map<Stage, Histogram>> before = new LinkedHashMap<>();

    /** What was recorded up to now does not count. */
    LoadLatency(final Bus bus) {
        for (final Subscription subscription : bus.subscriptions()) {
            subscriptions.put(subscription.name(), subscription);
            // Into the whole with what no report has taken yet.
            subscription.latency().takeInterval();
            before.put(subscription.name(), subscription.latency().whole());
        }
    }

    /** What was recorded since; after the service has stopped, which takes what was recorded last. */
    Map<String, Map<Stage, LatencySummary>> summaries() {
        final Map<String, Map<Stage, LatencySummary>> summaries = new LinkedHashMap<>();
        subscriptions.forEach((name, subscription) -> {
            final Map<Stage, LatencySummary> stages = new EnumMap<>(Stage.class);
            subscription.latency().whole().forEach((stage, histogram) -> {
                histogram.subtract(before.get(name).get(stage));
                stages.put(stage, LatencySummary.of(histogram));
            });
            summaries.put(name, stages);
        });
        return summaries;
    }
}
