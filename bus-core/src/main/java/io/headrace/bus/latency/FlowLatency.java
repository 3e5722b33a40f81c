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
    /** What no interval has been taken of yet. */
    private final Map<Stage, Histogram> interim = new EnumMap<>(Stage.class);

    /**
     * Adds up recorders.
     *
     * @param recorders one for each lane.
     */
    public FlowLatency(final List<StageRecorder> recorders) {
        this.recorders = List.copyOf(recorders);
        for (final Stage stage : Stage.values()) {
            totals.put(stage, newHistogram());
            interim.put(stage, newHistogram());
        }
    }

    private static Histogram newHistogram() {
        return new Histogram(1, StageRecorder.MAX_LATENCY_NS, StageRecorder.SIGNIFICANT_DIGITS);
    }

    /**
     * Takes what was recorded since the last call.
     *
     * @return a histogram for each stage, in nanoseconds, the caller's to keep.
     */
    public synchronized Map<Stage, Histogram> takeInterval() {
        collect();
        final Map<Stage, Histogram> interval = new EnumMap<>(interim);
        for (final Stage stage : Stage.values()) {
            interim.put(stage, newHistogram());
        }
        return interval;
    }

    /** Both sums get what the lanes have recorded: looking at the whole takes nothing from an interval. */
    private void collect() {
        for (final Stage stage : Stage.values()) {
            for (final StageRecorder recorder : recorders) {
                final Histogram recorded = recorder.takeInterval(stage);
                // Adding up is a walk over many thousand counts, which an idle flow is spared.
                if (recorded.getTotalCount() > 0) {
                    totals.get(stage).add(recorded);
                    interim.get(stage).add(recorded);
                }
            }
        }
    }

    /**
     * Everything recorded up to now.
     *
     * @return a histogram for each stage, in nanoseconds, the caller's to keep.
     */
    public synchronized Map<Stage, Histogram> whole() {
        collect();
        final Map<Stage, Histogram> copies = new EnumMap<>(Stage.class);
        totals.forEach((stage, histogram) -> copies.put(stage, histogram.copy()));
        return copies;
    }
}
