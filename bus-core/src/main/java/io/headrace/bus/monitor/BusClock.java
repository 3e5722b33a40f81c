package io.headrace.bus.monitor;

import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.NanoClock;

/**
 * One reading of the monotonic clock for both of an event's times: the epoch time is that reading plus an offset that
 * the conductor measures again every second, so that it follows the system's clock when that is set or slewed.
 * {@link #resample()} belongs to the conductor's thread; everything else is safe for any thread.
 */
public final class BusClock implements NanoClock {
    private static final int SAMPLES = 8;

    private final NanoClock monotonic;
    private final EpochNanoClock epoch;
    private volatile long offsetNs;

    /**
     * Makes a clock and measures its offset.
     *
     * @param monotonic for durations.
     * @param epoch     for times.
     */
    public BusClock(final NanoClock monotonic, final EpochNanoClock epoch) {
        this.monotonic = monotonic;
        this.epoch = epoch;
        resample();
    }

    /** Measures the offset of the epoch clock from the monotonic one, by the tightest of a few readings. */
    public void resample() {
        long bestWindowNs = Long.MAX_VALUE;
        long bestOffsetNs = 0;
        for (int i = 0; i < SAMPLES; i++) {
            final long beforeNs = monotonic.nanoTime();
            final long epochNs = epoch.nanoTime();
            final long windowNs = monotonic.nanoTime() - beforeNs;
            if (windowNs < bestWindowNs) {
                bestWindowNs = windowNs;
                bestOffsetNs = epochNs - (beforeNs + windowNs / 2);
            }
        }
        offsetNs = bestOffsetNs;
    }

    /** {@return the monotonic time in nanoseconds} */
    @Override
    public long nanoTime() {
        return monotonic.nanoTime();
    }

    /**
     * The epoch time that belongs to a monotonic time of now or of a moment ago.
     *
     * @param monotonicNs as {@link #nanoTime()} told it.
     * @return nanoseconds since the Unix epoch.
     */
    public long epochNs(final long monotonicNs) {
        return monotonicNs + offsetNs;
    }

    /**
     * The monotonic time that belongs to an epoch time, as the clocks stand to each other now.
     *
     * @param epochNs since the Unix epoch.
     * @return nanoseconds; for a time of an earlier process it may be negative.
     */
    public long monotonicNs(final long epochNs) {
        return epochNs - offsetNs;
    }
}
