package io.headrace.perf.link;

import org.HdrHistogram.Histogram;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Counts and times the events of one run; owned by the thread that receives them. The first are the warm-up, then come
 * those that are timed from the schedule, then a burst. Each has its number; one that is missing, doubled or out of
 * order fails the run.
 */
final class Arrivals {
    /** The figure's name; in millions of events a second. */
    static final String BURST = "burst";

    private static final int DIGITS = 3;
    private static final double NS_PER_US = 1e3;
    private static final double NS_PER_SECOND = 1e9;

    private final long warmUpCount;
    private final long pacedCount;
    private final long totalCount;
    private final Histogram histogram = new Histogram(DIGITS);
    private volatile long received;
    private volatile String failure;
    private long burstBeganNs;
    private volatile long burstEndedNs;

    Arrivals(final long warmUpCount, final long timedCount, final long burstCount) {
        this.warmUpCount = warmUpCount;
        pacedCount = warmUpCount + timedCount;
        totalCount = pacedCount + burstCount;
    }

    void onEvent(final long number, final long intendedNs) {
        final long nowNs = System.nanoTime();
        final long expected = received;
        if (number != expected) {
            failure = "event " + number + " came where " + expected + " was due";
        }
        if (number >= warmUpCount && number < pacedCount) {
            histogram.recordValue(Math.max(0, nowNs - intendedNs));
        } else if (number == pacedCount) {
            burstBeganNs = nowNs;
        }
        if (number == totalCount - 1) {
            burstEndedNs = nowNs;
        }
        received = expected + 1;
    }

    long received() {
        return received;
    }

    boolean isComplete() {
        if (failure != null) {
            throw new IllegalStateException(failure);
        }
        return received >= totalCount;
    }

    Map<String, Double> figures() {
        final Map<String, Double> figures = new LinkedHashMap<>();
        figures.put("response p50", histogram.getValueAtPercentile(50) / NS_PER_US);
        figures.put("response p99", histogram.getValueAtPercentile(99) / NS_PER_US);
        if (totalCount > pacedCount) {
            figures.put(BURST, (totalCount - pacedCount) * NS_PER_SECOND / (burstEndedNs - burstBeganNs) / 1e6);
        }
        return figures;
    }
}
