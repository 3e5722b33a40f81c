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

    KillSchedule(final Duration interval, final long seed) {
        random = new SplittableRandom(seed ^ SALT);
        intervalNs = interval.toNanos();
    }

    /** {@return how long to wait before the next kill, up to a quarter more or less than the interval} */
    long nextDelayNs() {
        return (long)(intervalNs * (1 - JITTER + 2 * JITTER * random.nextDouble()));
    }
}
