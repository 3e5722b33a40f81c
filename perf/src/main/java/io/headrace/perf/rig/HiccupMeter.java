package io.headrace.perf.rig;

import org.HdrHistogram.Histogram;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A thread of its own: sleeps for a millisecond again and again and records how much longer that took, which is what
 * this machine does to any thread at that time. Shown beside a result, never subtracted from it.
 */
public final class HiccupMeter implements AutoCloseable {
    private static final long SLEEP_NS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int DIGITS = 3;

    private final Histogram histogram = new Histogram(DIGITS);
    private final Thread thread = new Thread(this::run, "hiccups");
    private volatile boolean closed;

    /** Begins to measure. */
    public HiccupMeter() {
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        long shortestNs = Long.MAX_VALUE;
        while (!closed) {
            final long beginNs = System.nanoTime();
            LockSupport.parkNanos(SLEEP_NS);
            final long tookNs = System.nanoTime() - beginNs;
            shortestNs = Math.min(shortestNs, tookNs);
            histogram.recordValue(tookNs - shortestNs);
        }
    }

    /** {@return the figures in nanoseconds, after ending the meter} */
    public Map<String, Long> figures() {
        close();
        return Map.of(
            "p50", histogram.getValueAtPercentile(50),
            "p99", histogram.getValueAtPercentile(99),
            "max", histogram.getMaxValue());
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join();
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
