package io.headrace.adapters.mqtt;

import org.agrona.concurrent.NanoClock;

import java.util.concurrent.TimeUnit;

/** One thread: lets one log line in ten seconds pass, so that bad input cannot fill the log; the counters count all. */
final class LogLimiter {
    private static final long INTERVAL_NS = TimeUnit.SECONDS.toNanos(10);

    private final NanoClock clock;
    private long nextNs;
    private boolean used;

    LogLimiter(final NanoClock clock) {
        this.clock = clock;
    }

    boolean passes() {
        final long nowNs = clock.nanoTime();
        if (used && nowNs - nextNs < 0) {
            return false;
        }
        used = true;
        nextNs = nowNs + INTERVAL_NS;
        return true;
    }
}
