package io.headrace.adapters.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.headrace.bus.Bus;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Replays from a log that the real implementation wrote into files of the real file sink. */
@Timeout(120)
class ReplayCommandTest {
    @TempDir
    private Path parent;
    private TestLog log;

    @BeforeEach
    void makeLog() throws IOException {
        log = new TestLog(parent);
    }

    private List<String> written() throws IOException {
        final List<String> bodies = new ArrayList<>();
        try (Stream<Path> files = Files.list(log.target()).sorted()) {
            for (final Path written : files.toList()) {
                assertTrue(written.getFileName().toString().startsWith("readings-replay-"), written.toString());
                for (final String line : Files.readAllLines(written)) {
                    bodies.add(new ObjectMapper().readTree(line).get("payload").get("bodyText").asText());
                }
            }
        }
        return bodies;
    }

    private static List<String> readings(final int from, final int to) {
        return IntStream.range(from, to).filter(i -> i % 2 == 0).mapToObj(i -> "reading " + i).toList();
    }

    private static JsonNode json(final CommandRun run) {
        assertEquals(ExitCode.OK, run.exitCode(), run.out() + run.err());
        return run.json();
    }

    @Test
    void shouldGiveTheEventsOfTheFlowOnceMore() throws IOException {
        log.during(bus -> TestLog.publish(bus, 0, 2000));
        final JsonNode all = json(CommandRun.of(
            "replay", log.file(), "--flow", "readings", "--from", "start", "--output", "json"));
        assertEquals(1000, all.get("eventCount").asLong());
        assertEquals("complete", all.get("outcome").asText());
        assertEquals(0, all.get("firstSequence").asLong());
        assertEquals(1998, all.get("lastSequence").asLong());
        assertEquals(2000, all.get("nextSequence").asLong());
        assertEquals(readings(0, 2000), written());
    }

    @Test
    void shouldReplayOnlyWhatIsAskedForWhileTheServiceRuns() throws IOException {
        try (Bus bus = log.openBus()) {
            TestLog.publish(bus, 0, 100);
            assertTrue(bus.drain(HeadraceProcess.PATIENCE));
            final CommandRun run =
                CommandRun.of("replay", log.file(), "--flow", "readings", "--from", "10", "--to", "20");
            assertEquals(ExitCode.OK, run.exitCode(), run.err());
            assertTrue(run.out().startsWith("Replayed 6 events of readings: sequence 10 of "), run.out());
        }
        assertEquals(readings(10, 21), written());
    }

    @Test
    void shouldOnlyCountInADryRun() throws IOException {
        log.during(bus -> TestLog.publish(bus, 0, 100));
        final CommandRun run =
            CommandRun.of("replay", log.file(), "--flow", "readings", "--from", "51", "--dry-run");
        assertEquals(ExitCode.OK, run.exitCode(), run.err());
        assertTrue(run.out().startsWith("Would replay 24 events of readings: sequence 52 of "), run.out());
        assertEquals(List.of(), written());
        assertEquals("Would replay 0 events of readings.\n", CommandRun.of(
            "replay", log.file(), "-f", "readings", "--from", "50", "--to", "49", "--dry-run").out());
    }

    @Test
    void shouldSayWhereToGoOnWhenTheTargetFailsForGood() throws IOException {
        log.during(bus -> TestLog.publish(bus, 0, 100));
        Files.writeString(Path.of(log.file()), Files.readString(Path.of(log.file()))
            .replace("from: start", "from: start\n    retry: {initial: 1ms, max: 2ms, max-retries: 2}"));
        Files.delete(log.target());
        final CommandRun run = CommandRun.of("replay", log.file(), "--flow", "readings", "--from", "10");
        assertEquals(ExitCode.FAILED, run.exitCode());
        assertTrue(run.out().contains("It did not reach its end. Go on with --from 10."), run.out());
        assertTrue(run.err().contains("the retries are used up"), run.err());
    }

    @Test
    void shouldSayWhereToGoOnWhenItComesToDamage() throws IOException {
        log.during(bus -> TestLog.publish(bus, 0, 2000));
        log.damage();
        final CommandRun run =
            CommandRun.of("replay", log.file(), "--flow", "readings", "--from", "start", "--output", "json");
        assertEquals(ExitCode.FAILED, run.exitCode());
        final long nextSequence = run.json().get("nextSequence").asLong();
        assertTrue(nextSequence > 100 && nextSequence < 1900, run.out());
        assertEquals(written().size(), run.json().get("eventCount").asInt());
        assertTrue(run.json().get("reason").asText().contains("position"), run.out());
    }

    @Test
    void shouldRefuseWhatCannotBeReplayed() {
        log.during(bus -> TestLog.publish(bus, 0, 2));
        final CommandRun unknown = CommandRun.of("replay", log.file(), "--flow", "mirror", "--from", "start");
        assertEquals(ExitCode.INVALID, unknown.exitCode());
        assertEquals("headrace: There is no flow 'mirror', but readings.\n", unknown.err());
        final CommandRun folder =
            CommandRun.of("replay", log.folder().toString(), "--flow", "readings", "--from", "start");
        assertEquals(ExitCode.INVALID, folder.exitCode());
        assertTrue(folder.err().contains("is a folder. Name the configuration"), folder.err());
        assertEquals(ExitCode.INVALID, CommandRun.of("replay", log.file(), "--flow", "readings").exitCode());
    }
}
