package io.headrace.adapters.postgres.replication;

import java.util.concurrent.ThreadLocalRandom;

/**
 * The source's thread: how long to wait before connecting again. Each wait doubles the one before it up to a maximum;
 * a random part of up to a half is left out, so that many sources do not come back to a restarted server at once.
 */
final class Backoff {
    private final long minNs;
    private final long maxNs;
    private long nextNs;

    Backoff(final long minNs, final long maxNs) {
        this.minNs = minNs;
        this.maxNs = maxNs;
        nextNs = minNs;
    }

    long nextNs() {
        final long waitNs = nextNs;
        nextNs = Math.min(maxNs, nextNs * 2);
        return waitNs - ThreadLocalRandom.current().nextLong(waitNs / 2 + 1);
    }

    void reset() {
        nextNs = minNs;
    }
}
