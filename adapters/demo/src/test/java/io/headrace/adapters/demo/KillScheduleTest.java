package io.headrace.adapters.demo;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class KillScheduleTest {
    @Test
    void shouldStayAboutTheIntervalAndFollowTheSeed() {
        final KillSchedule schedule = new KillSchedule(Duration.ofSeconds(4), 7);
        final KillSchedule same = new KillSchedule(Duration.ofSeconds(4), 7);
        final Set<Long> delays = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            final long delayNs = schedule.nextDelayNs();
            assertEquals(delayNs, same.nextDelayNs());
            assertTrue(delayNs >= TimeUnit.SECONDS.toNanos(3) && delayNs <= TimeUnit.SECONDS.toNanos(5),
                "delayNs=" + delayNs);
            delays.add(delayNs);
        }
        assertTrue(delays.size() > 900, "delays=" + delays.size());
    }
}
