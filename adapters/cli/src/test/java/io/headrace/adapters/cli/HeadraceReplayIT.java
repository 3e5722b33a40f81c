package io.headrace.adapters.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Runs replays of the built distribution as a user does: in a child process, with real signals. */
@Timeout(180)
class HeadraceReplayIT {
    @TempDir
    private Path folder;

    @Test
    void shouldStopOnASignalAndSayWhereToGoOn() throws IOException, InterruptedException {
        final TestLog log = new TestLog(folder);
        log.during(bus -> TestLog.publish(bus, 0, 100));
        // The sink's target is away, and the flow's retries have no end.
        Files.delete(log.target());
        try (HeadraceProcess replay = new HeadraceProcess(
            folder, "replay", log.file(), "--flow", "readings", "--from", "10")) {
            replay.awaitErr("does not exist");
            replay.signal("TERM");
            assertEquals(ExitCode.FAILED, replay.awaitExit());
            assertTrue(replay.out().contains("It did not reach its end. Go on with --from 10."), replay.out());
        }
        Files.createDirectory(log.target());
        try (HeadraceProcess replay = new HeadraceProcess(
            folder, "replay", log.file(), "--flow", "readings", "--from", "10")) {
            assertEquals(ExitCode.OK, replay.awaitExit(), replay.err());
            assertTrue(replay.out().startsWith("Replayed 45 events of readings: sequence 10 of "), replay.out());
        }
    }
}
