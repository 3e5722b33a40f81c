package io.headrace.adapters.demo;

import io.headrace.bus.latency.LatencySummary;
import org.HdrHistogram.Histogram;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Tells how still the machine is: a thread of its own sleeps for a millisecond at a time and records how much longer it
 * took. What it sees (the scheduler, the garbage collector, other processes) is in every latency of the report too.
 * Started and closed by one thread.
 */
final class HiccupRecorder implements AutoCloseable {
    private static final long SLEEP_NS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long MAX_HICCUP_NS = TimeUnit.MINUTES.toNanos(10);
    private static final int SIGNIFICANT_DIGITS = 3;

    private final Histogram hiccups = new Histogram(1, MAX_HICCUP_NS, SIGNIFICANT_DIGITS);
    private final Thread thread = new Thread(this::record, "headrace-demo-hiccups");
    private volatile boolean restartRequested;
    private volatile boolean closed;

    HiccupRecorder() {
        thread.setDaemon(true);
        thread.start();
    }

    private void record() {
        long beforeNs = System.nanoTime();
        while (!closed) {
            if (restartRequested) {
                restartRequested = false;
                hiccups.reset();
            }
            LockSupport.parkNanos(SLEEP_NS);
            final long nowNs = System.nanoTime();
            final long excessNs = Math.max(0, Math.min(MAX_HICCUP_NS, nowNs - beforeNs - SLEEP_NS));
            // A pause hides the sleeps that would have met it; they count as what they would have seen.
            hiccups.recordValueWithExpectedInterval(excessNs, SLEEP_NS);
            beforeNs = nowNs;
        }
    }

    /** What was recorded up to now does not count. */
    void restart() {
        restartRequested = true;
    }

    /** {@return what was recorded; after closing} */
    LatencySummary summary() {
        return LatencySummary.of(hiccups);
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
