package io.headrace.adapters.demo;

import io.headrace.bus.latency.LatencySummary;
import io.headrace.bus.latency.Stage;
import org.HdrHistogram.Histogram;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** Histograms by flow and stage that can be added up, as percentiles cannot. Owned by one thread. */
final class FlowHistograms {
    private final Map<String, Map<Stage, Histogram>> sums = new LinkedHashMap<>();

    /** Adds what is theirs. */
    void add(final Map<String, Map<Stage, Histogram>> added) {
        added.forEach((flow, stages) -> stages.forEach((stage, histogram) ->
            sums.computeIfAbsent(flow, name -> new EnumMap<>(Stage.class))
                .merge(stage, histogram.copy(), FlowHistograms::sum)));
    }

    private static Histogram sum(final Histogram sum, final Histogram added) {
        sum.add(added);
        return sum;
    }

    /** Takes away what was there before: an earlier state of the same histograms. */
    void subtract(final Map<String, Map<Stage, Histogram>> before) {
        before.forEach((flow, stages) -> stages.forEach(
            (stage, histogram) -> sums.get(flow).get(stage).subtract(histogram)));
    }

    /** {@return the sums, the caller's to keep} */
    Map<String, Map<Stage, Histogram>> copies() {
        final FlowHistograms copy = new FlowHistograms();
        copy.add(sums);
        return copy.sums;
    }

    /** {@return what a report says of them} */
    Map<String, Map<Stage, LatencySummary>> summaries() {
        final Map<String, Map<Stage, LatencySummary>> summaries = new LinkedHashMap<>();
        sums.forEach((flow, stages) -> {
            final Map<Stage, LatencySummary> flowSummaries = new EnumMap<>(Stage.class);
            stages.forEach((stage, histogram) -> flowSummaries.put(stage, LatencySummary.of(histogram)));
            summaries.put(flow, flowSummaries);
        });
        return summaries;
    }
}
