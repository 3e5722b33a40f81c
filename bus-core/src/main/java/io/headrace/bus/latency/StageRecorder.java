package io.headrace.bus.latency;

import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;

import java.util.concurrent.TimeUnit;

/**
 * Records the stages of the events of one lane. Recording belongs to the lane's thread and allocates nothing; taking
 * an interval belongs to the reporting thread.
 */
public final class StageRecorder {
    /** Longer latencies are recorded as this. */
    public static final long MAX_LATENCY_NS = TimeUnit.HOURS.toNanos(1);
    static final int SIGNIFICANT_DIGITS = 3;

    private static final Stage[] STAGES = Stage.values();

    private final SingleWriterRecorder[] recorders = new SingleWriterRecorder[STAGES.length];
    private final Histogram[] recycled = new Histogram[STAGES.length];

    /** Makes an empty recorder. */
    public StageRecorder() {
        for (int i = 0; i < recorders.length; i++) {
            recorders[i] = new SingleWriterRecorder(1, MAX_LATENCY_NS, SIGNIFICANT_DIGITS);
        }
    }

    /**
     * Records one event whose source's time means something.
     *
     * @param sourceNs      from its source time to its publish time; less than nothing, where clocks disagree, counts
     *                      as nothing.
     * @param transportNs   from its commit to its handing over.
     * @param consumptionNs from its handing over to its acknowledgement.
     */
    public void record(final long sourceNs, final long transportNs, final long consumptionNs) {
        final long boundedSourceNs = bounded(sourceNs);
        recorders[Stage.SOURCE.ordinal()].recordValue(boundedSourceNs);
        recordInside(transportNs, consumptionNs);
        recorders[Stage.TOTAL.ordinal()].recordValue(
            bounded(boundedSourceNs + bounded(transportNs) + bounded(consumptionNs)));
    }

    /**
     * Records the two stages inside the bus only, for an event that tells no time of its own or one of long ago, as
     * the rows of a snapshot do.
     *
     * @param transportNs   from its commit to its handing over.
     * @param consumptionNs from its handing over to its acknowledgement.
     */
    public void recordInside(final long transportNs, final long consumptionNs) {
        recorders[Stage.TRANSPORT.ordinal()].recordValue(bounded(transportNs));
        recorders[Stage.CONSUMPTION.ordinal()].recordValue(bounded(consumptionNs));
    }

    private static long bounded(final long latencyNs) {
        return Math.max(0, Math.min(MAX_LATENCY_NS, latencyNs));
    }

    /**
     * Takes what was recorded since the last call. Called by the reporting thread only.
     *
     * @param stage to take.
     * @return the interval's histogram, valid until the next call for the same stage.
     */
    Histogram takeInterval(final Stage stage) {
        final int index = stage.ordinal();
        recycled[index] = recorders[index].getIntervalHistogram(recycled[index]);
        return recycled[index];
    }
}
