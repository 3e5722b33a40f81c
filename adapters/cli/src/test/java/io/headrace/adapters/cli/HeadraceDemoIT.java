package io.headrace.adapters.cli;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

/** Runs the demonstration of the built distribution, as a user's first command does. */
@Timeout(300)
class HeadraceDemoIT {
    @TempDir
    private Path folder;

    /** The signal ends the loads early; everything else is as at the end of the duration. */
    @Test
    void shouldVerifyWhatArrivedUntilASignalAndReportIt() throws Exception {
        final Path report = folder.resolve("report.json");
        try (HeadraceProcess demo = new HeadraceProcess(
            folder, "demo", "--duration", "10m", "--rate", "50", "--report", report.toString())) {
            demo.awaitOut("flow replan: ");
            demo.signal("TERM");
            assertEquals(ExitCode.OK, demo.awaitExit(), demo.out() + demo.err());
            assertTrue(demo.out().contains("Verified: "), demo.out());
            assertEquals(0, demo.childCount(), "programs of a server are left");
        }
        final JsonNode found = new ObjectMapper().readTree(report.toFile());
        assertTrue(found.get("verified").asBoolean());
        assertTrue(found.get("flows").size() >= 4, found.toString());
        for (final JsonNode flow : found.get("flows")) {
            assertTrue(flow.get("delivered").asLong() > 0, flow.toString());
            assertEquals(0, flow.get("lost").asLong(), flow.toString());
            assertEquals(0, flow.get("duplicates").asLong(), flow.toString());
            assertTrue(flow.get("latencyNs").get("total").get("count").asLong() > 0, flow.toString());
        }
    }

    /** What the whole product is about: everything exactly once, whenever the service dies. */
    @Test
    void shouldLoseAndDoubleNothingWhileTheServiceIsKilledAgainAndAgain() throws Exception {
        final Path report = folder.resolve("report.json");
        try (HeadraceProcess demo = new HeadraceProcess(
            folder, "demo", "--duration", "15s", "--kill-every", "4s", "--rate", "50", "--readings-rate", "200",
            "--report", report.toString())) {
            demo.awaitOut("restart 1: the service was killed (SIGKILL)");
            assertEquals(ExitCode.OK, demo.awaitExit(), demo.out() + demo.err());
            assertEquals(0, demo.childCount(), "the service or a server is left");
        }
        final JsonNode found = new ObjectMapper().readTree(report.toFile());
        assertTrue(found.get("verified").asBoolean());
        assertTrue(found.get("restarts").asInt() >= 2, found.toString());
        assertEquals(found.get("restarts").asInt(), found.get("kills").size());
        for (final JsonNode flow : found.get("flows")) {
            assertTrue(flow.get("published").asLong() > 0, flow.toString());
            assertEquals(flow.get("published"), flow.get("delivered"), flow.toString());
            assertEquals(0, flow.get("lost").asLong(), flow.toString());
            assertEquals(0, flow.get("duplicates").asLong(), flow.toString());
        }
    }

    @Test
    void shouldRefuseARateThatIsNone() throws Exception {
        try (HeadraceProcess demo = new HeadraceProcess(folder, "demo", "--rate", "0")) {
            assertEquals(ExitCode.INVALID, demo.awaitExit(), demo.err());
            assertTrue(demo.err().contains("headrace demo --help"), demo.err());
        }
    }

    @Test
    void shouldStopItsServersOnASecondSignal() throws Exception {
        try (HeadraceProcess demo = new HeadraceProcess(folder, "demo", "--duration", "10m", "--rate", "50")) {
            demo.awaitOut("Running");
            demo.signal("TERM");
            demo.awaitOut("Draining");
            demo.signal("TERM");
            assertEquals(ExitCode.SIGNAL_BASE + 15, demo.awaitExit(), demo.out() + demo.err());
            await().atMost(HeadraceProcess.PATIENCE).until(() -> demo.childCount() == 0);
        }
    }
}
