package io.headrace.adapters.postgres.replication;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertTrue;

class BackoffTest {
    @Test
    void shouldDoubleUpToTheMaximumLessAtMostAHalf() {
        final Backoff backoff = new Backoff(100, 1000);
        for (int round = 0; round < 100; round++) {
            backoff.reset();
            for (final long wholeNs : new long[] {100, 200, 400, 800, 1000, 1000}) {
                final long waitNs = backoff.nextNs();
                assertTrue(waitNs <= wholeNs && waitNs >= wholeNs / 2, waitNs + " of " + wholeNs);
            }
        }
    }
}
