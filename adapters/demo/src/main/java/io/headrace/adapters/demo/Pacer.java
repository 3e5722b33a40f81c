package io.headrace.adapters.demo;

import io.headrace.bus.latency.LatencySummary;
import org.HdrHistogram.Histogram;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Says when to send the next one, by a schedule that does not wait for anybody (an open loop): who is late sends at
 * once until the schedule is met again, so that a slow system does not make the load smaller. Owned by one sending
 * thread.
 */
final class Pacer {
    private static final long MAX_LATENESS_NS = TimeUnit.HOURS.toNanos(1);
    private static final int SIGNIFICANT_DIGITS = 3;
    private static final long MAX_PARK_NS = TimeUnit.MILLISECONDS.toNanos(50);

    private final LongSupplier nanoClock;
    private final double intervalNs;
    private final long startNs;
    private final long endNs;
    private final Histogram lateness = new Histogram(1, MAX_LATENESS_NS, SIGNIFICANT_DIGITS);
    private long count;

    /**
     * Makes a schedule.
     *
     * @param nanoClock  the monotonic clock.
     * @param perSecond  how many a second.
     * @param startNs    when the first one is due.
     * @param durationNs how long after it none is due any more.
     */
    Pacer(final LongSupplier nanoClock, final double perSecond, final long startNs, final long durationNs) {
        this.nanoClock = nanoClock;
        this.intervalNs = TimeUnit.SECONDS.toNanos(1) / perSecond;
        this.startNs = startNs;
        this.endNs = startNs + durationNs;
    }

    /**
     * Waits until the next one is due.
     *
     * @param stop asks whether to stop before that.
     * @return false when there is none any more.
     */
    boolean awaitNext(final BooleanSupplier stop) {
        final long dueNs = startNs + (long)(count * intervalNs);
        if (dueNs - endNs >= 0) {
            return false;
        }
        long waitNs = dueNs - nanoClock.getAsLong();
        while (waitNs > 0) {
            if (stop.getAsBoolean()) {
                return false;
            }
            LockSupport.parkNanos(Math.min(waitNs, MAX_PARK_NS));
            waitNs = dueNs - nanoClock.getAsLong();
        }
        if (stop.getAsBoolean()) {
            return false;
        }
        lateness.recordValue(Math.min(-waitNs, MAX_LATENESS_NS));
        count++;
        return true;
    }

    /** How late each one was sent; for other threads when the sending one has ended. */
    Histogram lateness() {
        return lateness;
    }

    static LatencySummary summary(final Iterable<Pacer> pacers) {
        final Histogram sum = new Histogram(1, MAX_LATENESS_NS, SIGNIFICANT_DIGITS);
        pacers.forEach(pacer -> sum.add(pacer.lateness));
        return LatencySummary.of(sum);
    }
}
