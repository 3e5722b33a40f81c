package io.headrace.perf.rig;

import io.headrace.perf.rig.FaultyArms.Fault;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The rig's own arms with a fault, measured in this JVM. */
class FaultyArmsTest {
    @TempDir
    private Path folder;

    private ArmResult measure(final Fault fault) throws Exception {
        final ArmRun run = new ArmRun(Settings.defaults(true), 1, folder, folder.resolve("scratch"));
        FaultyArms.measure(run, fault);
        return run.result("faulty-arms", "faults", fault.name(), 0);
    }

    private static void assertFailed(final ArmResult result, final String reason) {
        assertTrue(result.failures().stream().anyMatch(failure -> failure.contains(reason)),
            "failures=" + result.failures());
    }

    @Test
    void shouldFindNoLossInASoundArmAndKeepItsTimes() throws Exception {
        final ArmResult result = measure(Fault.NONE);
        assertEquals(List.of(0L, 0L, 0L), List.of(result.counts().get("lost"), result.counts().get("duplicates"),
            result.counts().get("outOfOrder")));
        assertEquals(result.counts().get("sent"), result.counts().get("received"));
        final Histogram response = TimeHistory.readTotal(folder.resolve("response.hdr"));
        assertEquals(1000, response.getTotalCount(), "the measured part alone, without the warm-up");
        assertTrue(response.getValueAtPercentile(50)
            >= TimeHistory.readTotal(folder.resolve("service.hdr")).getValueAtPercentile(50));
        assertTrue(Files.size(folder.resolve("response.hgrm")) > 0);
        assertTrue(Files.exists(folder.resolve("scratch").resolve("NONE")), "what the rig is to delete");
        assertTrue(Files.readString(folder.resolve("response.hlog")).contains("StartTimestamp"));
    }

    @Test
    void shouldFailAnArmThatLoses() throws Exception {
        assertFailed(measure(Fault.LOSES), "lost 1, doubled 0, out of order 0");
    }

    @Test
    void shouldFailAnArmThatDoubles() throws Exception {
        assertFailed(measure(Fault.DOUBLES), "lost 0, doubled 1, out of order 0");
    }

    @Test
    void shouldFailAnArmThatChangesTheOrder() throws Exception {
        assertFailed(measure(Fault.SWAPS), "lost 0, doubled 0, out of order 1");
    }

    @Test
    void shouldFailAnArmThatIsTooSlowForItsRateAndShowIt() throws Exception {
        final ArmResult result = measure(Fault.SLOW);
        assertFailed(result, "missed its rate");
        assertEquals(0, result.counts().get("lost"));
        // The sender waited for the receiver: only the response time tells.
        assertTrue(result.metrics().get("response p50") > 2 * result.metrics().get("service p50"),
            "metrics=" + result.metrics());
    }
}
