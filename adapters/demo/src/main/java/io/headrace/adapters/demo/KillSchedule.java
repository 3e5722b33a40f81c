package io.headrace.adapters.demo;

import java.time.Duration;
import java.util.SplittableRandom;

/**
 * When to kill the service: at about equal intervals, but never at the same point of what it does periodically. The
 * same seed gives the same intervals. Owned by one thread.
 */
final class KillSchedule {
    private static final double JITTER = 0.25;
    /** Apart from what the loads draw from the same seed. */
    private static final long SALT = 0x6B696C6CL;

    private final SplittableRandom random;
    private final long intervalNs;
    private final double firstPart;
    private boolean begun;

    KillSchedule(final Duration interval, final long seed) {
        this(interval, seed, 0, 1);
    }

    /** One of several, whose first kills spread over an interval. */
    KillSchedule(final Duration interval, final long seed, final int index, final int count) {
        random = new SplittableRandom(seed ^ SALT + index);
        intervalNs = interval.toNanos();
        firstPart = index == 0 ? 1 : (double)index / count;
    }

    /** {@return how long to wait before the next kill, up to a quarter more or less than the interval} */
    long nextDelayNs() {
        final double part = begun ? 1 : firstPart;
        begun = true;
        return (long)(intervalNs * part * (1 - JITTER + 2 * JITTER * random.nextDouble()));
    }
}
