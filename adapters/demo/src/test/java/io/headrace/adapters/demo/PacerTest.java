package io.headrace.adapters.demo;

import org.junit.jupiter.api.Test;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class PacerTest {
    private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long MS_NS = TimeUnit.MILLISECONDS.toNanos(1);

    private final AtomicLong nowNs = new AtomicLong();

    private int sendAll(final Pacer pacer) {
        int count = 0;
        while (pacer.awaitNext(() -> false)) {
            count++;
        }
        return count;
    }

    /** A clock that goes on by a millisecond whenever it is looked at. */
    private long tick() {
        return nowNs.getAndAdd(MS_NS);
    }

    @Test
    void shouldSendAsManyAsTheRateAsks() {
        assertEquals(200, sendAll(new Pacer(this::tick, 100, 0, 2 * SECOND_NS)));
    }

    @Test
    void shouldCatchUpAfterAPauseAndRecordTheLateness() {
        final Pacer pacer = new Pacer(nowNs::get, 100, 0, SECOND_NS);
        assertTrue(pacer.awaitNext(() -> false));
        nowNs.set(SECOND_NS);
        assertEquals(99, sendAll(pacer));
        assertEquals(100, pacer.lateness().getTotalCount());
        // The second one was due after 10 ms and sent after 1 s.
        assertTrue(pacer.lateness().valuesAreEquivalent(990 * MS_NS, pacer.lateness().getMaxValue()));
    }

    @Test
    void shouldSendNothingAfterAStop() {
        final Pacer pacer = new Pacer(nowNs::get, 100, 0, SECOND_NS);
        assertFalse(pacer.awaitNext(() -> true));
        nowNs.set(-SECOND_NS);
        assertFalse(pacer.awaitNext(() -> true));
    }
}
