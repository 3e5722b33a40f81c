package io.headrace.perf.growth;

import io.headrace.perf.rig.ArmRun;
import io.headrace.perf.rig.Settings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.Optional;

import static org.junit.jupiter.api.Assertions.assertEquals;

class LogArmTest {
    private static final long GIGABYTE = 1_000_000_000;

    @TempDir
    private Path folder;

    @Test
    void shouldRefuseALogForWhichThereIsNoRoomAndSayWhatItNeeds() {
        assertEquals(Optional.empty(), LogArm.refusal(5 * GIGABYTE, 6 * GIGABYTE, folder));
        assertEquals(
            Optional.of("a log of 5.0 GB needs 6.00 GB of free space in " + folder + ", where there are 5.99 GB"),
            LogArm.refusal(5 * GIGABYTE, 5_990_000_000L, folder));
    }

    @Test
    void shouldWriteNothingOfALogThatIsRefused() throws Exception {
        final Path scratch = folder.resolve("scratch");
        final ArmRun run = new ArmRun(Settings.defaults(true), 1, folder, scratch);
        LogArm.measure(run, Long.MAX_VALUE / 2);
        assertEquals(1, run.failures().size());
        assertEquals(0, scratch.toFile().list().length);
    }
}
