package io.headrace.bus.simulation;

import java.util.concurrent.TimeUnit;

/** Both clocks of a simulated host; they move only when told to. Owned by the thread of the simulation. */
public final class ManualClock {
    private static final long START_EPOCH_NS = TimeUnit.SECONDS.toNanos(1_700_000_000L);

    private long nowNs = 1;
    private long epochOffsetNs = START_EPOCH_NS;

    /** {@return the monotonic clock} */
    public long nanoTime() {
        return nowNs;
    }

    /** {@return the epoch clock} */
    public long epochNs() {
        return nowNs + epochOffsetNs;
    }

    /** Time passes. */
    public void advance(final long ns) {
        nowNs += ns;
    }

    /** Somebody sets the epoch clock, forwards or backwards. */
    public void setEpochForward(final long ns) {
        epochOffsetNs += ns;
    }
}
