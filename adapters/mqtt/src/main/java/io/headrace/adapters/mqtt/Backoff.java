package io.headrace.adapters.mqtt;

import java.util.function.DoubleSupplier;

/**
 * One thread: how long to wait before the next attempt. The delay doubles with each failure up to its maximum and
 * varies by a quarter. It begins anew only after a connection that lasted, so that a broker that accepts and closes at
 * once is not called without a pause.
 */
final class Backoff {
    private static final double SPREAD = 0.5;
    private static final int MAX_DOUBLINGS = 30;

    private final long initialDelayNs;
    private final long maxDelayNs;
    private final DoubleSupplier random;
    private int failureCount;

    /**
     * Begins with the initial delay.
     *
     * @param random from 0 to 1.
     */
    Backoff(final long initialDelayNs, final long maxDelayNs, final DoubleSupplier random) {
        this.initialDelayNs = initialDelayNs;
        this.maxDelayNs = maxDelayNs;
        this.random = random;
    }

    /**
     * A connection was lost, or an attempt failed.
     *
     * @param upForNs how long the connection lasted, 0 when it never was.
     * @return how long to wait, in nanoseconds.
     */
    long nextDelayNs(final long upForNs) {
        if (upForNs >= maxDelayNs) {
            failureCount = 0;
        }
        final double delayNs =
            Math.min((double)initialDelayNs * (1L << Math.min(failureCount, MAX_DOUBLINGS)), maxDelayNs);
        failureCount++;
        return (long)(delayNs * (1 - SPREAD / 2 + SPREAD * random.getAsDouble()));
    }
}
