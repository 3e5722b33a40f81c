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
import java.time.Duration;

/** Runs the demonstration of the built distribution, as a user's first command does. */
@Timeout(900)
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

    /** The leader and each replica have all of it in targets of their own, whoever dies and whatever is lost. */
    @Test
    void shouldBringEverythingOnceToReplicasOverALossyNetworkWhileAllAreKilled() throws Exception {
        final Path report = folder.resolve("report.json");
        try (HeadraceProcess demo = new HeadraceProcess(
            folder, "demo", "--duration", "20s", "--replicas", "2", "--loss", "5", "--kill-every", "6s", "--rate", "50",
            "--readings-rate", "200", "--report", report.toString())) {
            demo.awaitOut("replica-1 was killed (SIGKILL)");
            // Three services that start again and again take their time where there are few cores.
            assertEquals(ExitCode.OK, demo.awaitExit(Duration.ofMinutes(8)), demo.out() + demo.err());
            assertTrue(demo.out().contains("at the leader and at 2 replicas"), demo.out());
            assertEquals(0, demo.childCount(), "a service or a server is left");
        }
        final JsonNode found = new ObjectMapper().readTree(report.toFile());
        assertTrue(found.get("verified").asBoolean());
        assertEquals(5, found.get("lossPercent").asInt());
        assertWhole(found.get("leader"));
        assertTrue(found.get("restarts").asInt() >= 2, found.toString());
        assertEquals(2, found.get("replicas").size());
        for (final JsonNode replica : found.get("replicas")) {
            assertWhole(replica);
            assertTrue(replica.get("restarts").asInt() >= 2, replica.toString());
            assertEquals(found.get("flows").size(), replica.get("flows").size());
            assertEquals(found.get("tables"), replica.get("tables"), "rows of the ERP and of both copies");
        }
    }

    private static void assertWhole(final JsonNode part) {
        assertTrue(part.get("verified").asBoolean(), part.toString());
        assertTrue(part.get("published").asLong() > 0, part.toString());
        assertEquals(part.get("published"), part.get("delivered"), part.toString());
        assertEquals(0, part.get("lost").asLong(), part.toString());
        assertEquals(0, part.get("duplicates").asLong(), part.toString());
    }

    @Test
    void shouldRefuseLossWithoutANetwork() throws Exception {
        try (HeadraceProcess demo = new HeadraceProcess(folder, "demo", "--loss", "5")) {
            assertEquals(ExitCode.INVALID, demo.awaitExit(), demo.err());
            assertTrue(demo.err().contains("without replicas"), demo.err());
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
