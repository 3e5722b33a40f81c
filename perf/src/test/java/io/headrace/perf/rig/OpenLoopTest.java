package io.headrace.perf.rig;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;

class OpenLoopTest {
    private static final int RATE = 100;

    @TempDir
    private Path folder;

    /** What the rig says of events on a schedule, which took so long. */
    private List<String> judge(final int count, final Duration took) {
        final ArmRun run = new ArmRun(Settings.defaults(true), 1, folder, folder);
        OpenLoop.judgeRate(run, count, RATE, took.toNanos());
        return run.result("S0", "c", "ours", 0).failures();
    }

    @Test
    void shouldForgiveLatenessOfTwoPartsInAHundredOrOfAFifthOfASecond() {
        assertEquals(List.of(), judge(200, Duration.ofMillis(2200)));
        assertEquals(List.of(), judge(2000, Duration.ofMillis(20_400)));
    }

    @Test
    void shouldFailARunThatMissedItsRate() {
        assertEquals(List.of("missed its rate: 91/s of 100/s"), judge(200, Duration.ofMillis(2201)));
        assertEquals(List.of("missed its rate: 98/s of 100/s"), judge(2000, Duration.ofMillis(20_401)));
    }
}
