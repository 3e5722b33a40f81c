package io.headrace.perf.site;

import org.HdrHistogram.Histogram;

/**
 * Immutable: how long events took in one stage of one step, in nanoseconds.
 *
 * @param count      of events.
 * @param p50Ns      half of them took at most this.
 * @param judgedNs   as many of them as the percentile of the objectives says did.
 * @param maxNs      all of them did.
 */
public record StageFigures(long count, long p50Ns, long judgedNs, long maxNs) {
    static StageFigures of(final Histogram histogram, final double percentile) {
        return histogram.getTotalCount() == 0 ? new StageFigures(0, 0, 0, 0) : new StageFigures(
            histogram.getTotalCount(), histogram.getValueAtPercentile(50), histogram.getValueAtPercentile(percentile),
            histogram.getMaxValue());
    }
}
