package io.headrace.bus.latency;

import org.HdrHistogram.Histogram;

/**
 * What a report says of one stage. All in nanoseconds but the count.
 *
 * @param count of events.
 * @param p50   half of the events took at most this.
 * @param p90   90 of 100 did.
 * @param p99   99 of 100 did.
 * @param p999  999 of 1000 did.
 * @param max   all did.
 */
public record LatencySummary(long count, long p50, long p90, long p99, long p999, long max) {
    /** Of no events. */
    public static final LatencySummary EMPTY = new LatencySummary(0, 0, 0, 0, 0, 0);

    /**
     * Reads a histogram.
     *
     * @param histogram of nanoseconds.
     * @return its summary, all 0 when it is empty.
     */
    public static LatencySummary of(final Histogram histogram) {
        if (histogram.getTotalCount() == 0) {
            // Asked for a percentile, an empty histogram looks at each of its many thousand counts.
            return EMPTY;
        }
        return new LatencySummary(
            histogram.getTotalCount(),
            histogram.getValueAtPercentile(50),
            histogram.getValueAtPercentile(90),
            histogram.getValueAtPercentile(99),
            histogram.getValueAtPercentile(99.9),
            histogram.getMaxValue());
    }
}
