package io.headrace.bus.latency;

import org.HdrHistogram.Histogram;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The latency of one flow: the recorders of its lanes, added up. Safe for use by any thread but the lanes' own, which
 * record without meeting it.
 */
public final class FlowLatency {
    private final List<StageRecorder> recorders;
    private final Map<Stage, Histogram> totals = new EnumMap<>(Stage.class);

    /**
     * Adds up recorders.
     *
     * @param recorders one for each lane.
     */
    public FlowLatency(final List<StageRecorder> recorders) {
        this.recorders = List.copyOf(recorders);
        for (final Stage stage : Stage.values()) {
            totals.put(stage, newHistogram());
        }
    }

    private static Histogram newHistogram() {
        return new Histogram(1, StageRecorder.MAX_LATENCY_NS, StageRecorder.SIGNIFICANT_DIGITS);
    }

    /**
     * Takes what was recorded since the last call, and adds it to the whole.
     *
     * @return a histogram for each stage, in nanoseconds, the caller's to keep.
     */
    public synchronized Map<Stage, Histogram> takeInterval() {
        final Map<Stage, Histogram> interval = new EnumMap<>(Stage.class);
        for (final Stage stage : Stage.values()) {
            final Histogram sum = newHistogram();
            for (final StageRecorder recorder : recorders) {
                addTo(sum, recorder.takeInterval(stage));
            }
            addTo(totals.get(stage), sum);
            interval.put(stage, sum);
        }
        return interval;
    }

    /** Adding up is a walk over many thousand counts, which an idle flow is spared. */
    private static void addTo(final Histogram sum, final Histogram added) {
        if (added.getTotalCount() > 0) {
            sum.add(added);
        }
    }

    /**
     * Everything recorded up to the last {@link #takeInterval()}.
     *
     * @return a histogram for each stage, in nanoseconds, the caller's to keep.
     */
    public synchronized Map<Stage, Histogram> whole() {
        final Map<Stage, Histogram> copies = new EnumMap<>(Stage.class);
        totals.forEach((stage, histogram) -> copies.put(stage, histogram.copy()));
        return copies;
    }
}
