package io.headrace.adapters.cli;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.headrace.bus.Bus;
import io.headrace.bus.adapter.Health;
import io.headrace.bus.subscription.StartPosition;
import io.headrace.bus.subscription.Subscription;
import io.headrace.bus.subscription.SubscriptionContext;
import io.headrace.bus.subscription.TopicSelector;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The commands that look at an event log, over logs that the real implementation wrote. */
@Timeout(120)
class LogCommandTest {
    private static final int EVENT_COUNT = 2000;

    @TempDir
    private Path parent;
    private TestLog log;

    @BeforeEach
    void makeLog() throws IOException {
        log = new TestLog(parent);
    }

    private void write(final int eventCount) {
        log.during(bus -> TestLog.publish(bus, 0, eventCount));
    }

    private static List<JsonNode> lines(final CommandRun run) throws IOException {
        assertEquals(ExitCode.OK, run.exitCode(), run.err());
        final List<JsonNode> lines = new ArrayList<>();
        for (final String line : run.out().lines().toList()) {
            lines.add(new ObjectMapper().readTree(line));
        }
        return lines;
    }

    private static String body(final JsonNode event) {
        return event.get("payload").get("bodyText").asText();
    }

    @Test
    void shouldListSegmentsAndEpochs() {
        write(EVENT_COUNT);
        log.during(bus -> TestLog.publish(bus, EVENT_COUNT, EVENT_COUNT + 2));
        final JsonNode listed = CommandRun.of("log", "ls", log.file(), "--output", "json").json();
        final JsonNode segments = listed.get("segments");
        assertTrue(segments.size() > 2, listed.toString());
        assertEquals(0, segments.get(0).get("startPosition").asLong());
        assertEquals(TestLog.SEGMENT_BYTES, segments.get(0).get("recordedBytes").asLong());
        assertEquals(TestLog.SEGMENT_BYTES, segments.get(1).get("startPosition").asLong());
        assertTrue(segments.get(1).get("firstSequence").asLong() > segments.get(0).get("firstSequence").asLong());
        assertTrue(segments.get(1).get("firstTimeNs").asLong() >= segments.get(0).get("firstTimeNs").asLong());
        assertEquals(2, listed.get("epochs").size());
        assertEquals(EVENT_COUNT, listed.get("epochs").get(1).get("firstSequence").asLong());

        final CommandRun text = CommandRun.of("log", "ls", log.folder().toString());
        assertEquals(ExitCode.OK, text.exitCode(), text.err());
        assertTrue(text.out().contains("sequences 0 to " + (EVENT_COUNT + 1)), text.out());
        assertTrue(text.out().contains("FIRST SEQUENCE"), text.out());
    }

    @Test
    void shouldLookAtALogThatIsBeingWritten() throws IOException {
        try (Bus bus = log.openBus()) {
            TestLog.publish(bus, 0, 10);
            assertTrue(bus.drain(HeadraceProcess.PATIENCE));
            final CommandRun dumped = CommandRun.of("log", "dump", log.file(), "--output", "json");
            assertEquals(10, lines(dumped).size(), dumped.out());
            assertEquals(ExitCode.OK, CommandRun.of("log", "ls", log.file()).exitCode());
            assertEquals(ExitCode.OK, CommandRun.of("log", "verify", log.file()).exitCode());
        }
    }

    @Test
    void shouldPrintWhatIsSelected() throws IOException {
        write(100);
        final List<JsonNode> all = lines(CommandRun.of("log", "dump", log.file(), "-o", "json"));
        assertEquals(100, all.size());
        assertEquals("reading 0", body(all.get(0)));
        final String from = all.get(10).get("sequence").asText();
        final String to = all.get(19).get("sequence").asText();
        final List<JsonNode> readings = lines(CommandRun.of(
            "log", "dump", log.file(), "-o", "json", "--from", from, "--to", to, "--topic", "test.readings.*"));
        assertEquals(List.of("reading 10", "reading 12", "reading 14", "reading 16", "reading 18"),
            readings.stream().map(LogCommandTest::body).toList());
        assertEquals(3, lines(CommandRun.of("log", "dump", log.file(), "-o", "json", "-n", "3")).size());
        assertEquals(0, lines(CommandRun.of("log", "dump", log.file(), "-o", "json", "--from", "now")).size());

        final CommandRun text = CommandRun.of("log", "dump", log.file(), "--from", from, "--limit", "1");
        assertTrue(text.out().matches(
            " *" + from + "  \\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z  test.readings.press  document  key press-0  \\d+ bytes\n"),
            text.out());
    }

    @Test
    void shouldFindEventsByTheirTime() throws IOException {
        write(10);
        final List<JsonNode> all = lines(CommandRun.of("log", "dump", log.file(), "-o", "json"));
        final long timeNs = all.get(4).get("publishTimeNs").asLong();
        final String time = StartPosition.ofTime(timeNs).toString();
        final List<JsonNode> behind = lines(CommandRun.of("log", "dump", log.file(), "-o", "json", "--from", time));
        assertTrue(behind.stream().allMatch(event -> event.get("publishTimeNs").asLong() >= timeNs));
        assertEquals(all.stream().filter(event -> event.get("publishTimeNs").asLong() >= timeNs).count(),
            behind.size());
        final List<JsonNode> before = lines(CommandRun.of("log", "dump", log.file(), "-o", "json", "--to", time));
        assertTrue(before.stream().allMatch(event -> event.get("publishTimeNs").asLong() <= timeNs));
        assertTrue(before.size() + behind.size() >= all.size());
    }

    @Test
    void shouldShowControlRecordsToo() throws IOException {
        write(1);
        final List<JsonNode> all = lines(CommandRun.of("log", "dump", log.file(), "-o", "json", "--control"));
        final List<String> kinds = all.stream().map(line -> line.path("control").asText("event")).toList();
        assertTrue(kinds.containsAll(List.of("log-epoch", "event", "source-state", "checkpoint-end")),
            kinds.toString());
        assertTrue(all.stream().noneMatch(line -> line.has("malformed")), all.toString());
    }

    @Test
    void shouldFindAWholeLogWhole() {
        write(EVENT_COUNT);
        final CommandRun run = CommandRun.of("log", "verify", log.file());
        assertEquals(ExitCode.OK, run.exitCode(), run.out() + run.err());
        assertTrue(run.out().contains("2,000 events and "), run.out());
        assertTrue(run.out().endsWith("The event log is whole.\n"), run.out());
    }

    @Test
    void shouldFindDamageAndGiveItUpWhenAsked() throws IOException {
        write(EVENT_COUNT);
        log.damage();
        final CommandRun damaged = CommandRun.of("log", "verify", log.file(), "--output", "json");
        assertEquals(ExitCode.FAILED, damaged.exitCode(), damaged.out() + damaged.err());
        assertFalse(damaged.json().get("whole").asBoolean());
        final JsonNode place = damaged.json().get("damages").get(0);
        final String from = place.get("nextGoodSequence").asText();
        final CommandRun text = CommandRun.of("log", "verify", log.file());
        assertTrue(text.out().contains("headrace log repair " + log.file() + " --from " + from), text.out());

        final CommandRun wrong = CommandRun.of("log", "repair", log.file(), "--from", "1", "--yes");
        assertEquals(ExitCode.INVALID, wrong.exitCode());
        assertTrue(wrong.err().endsWith("Give --from " + from + ".\n"), wrong.err());
        assertEquals(ExitCode.INVALID, answering("", from).exitCode());
        assertEquals(ExitCode.FAILED, answering("no\n", from).exitCode());
        assertEquals(ExitCode.FAILED, CommandRun.of("log", "verify", log.file()).exitCode());

        final CommandRun repaired = answering("yes\n", from);
        assertEquals(ExitCode.OK, repaired.exitCode(), repaired.err());
        assertTrue(repaired.out().startsWith("Given up: positions " + place.get("position").asText()),
            repaired.out());
        assertEquals(ExitCode.OK, CommandRun.of("log", "verify", log.file()).exitCode());
        assertEquals(ExitCode.FAILED, CommandRun.of("log", "repair", log.file(), "--from", from, "-y").exitCode());
    }

    private CommandRun answering(final String answer, final String from) {
        final InputStream before = System.in;
        System.setIn(new ByteArrayInputStream(answer.getBytes(StandardCharsets.UTF_8)));
        try {
            return CommandRun.of("log", "repair", log.file(), "--from", from);
        } finally {
            System.setIn(before);
        }
    }

    @Test
    void shouldStopAFlowThatComesToDamage() throws IOException {
        write(EVENT_COUNT);
        log.damage();
        try (Bus bus = log.openBus()) {
            final NotingSink sink = new NotingSink();
            final Subscription flow = bus.subscribe(new SubscriptionContext().name("readings")
                .topics(TopicSelector.of("test.readings.*")).from(StartPosition.START), lane -> sink);
            await().atMost(HeadraceProcess.PATIENCE).until(() -> flow.status().health() == Health.State.FAILED);
            assertTrue(flow.status().reason().startsWith(
                "Flow readings stopped: it cannot read on from the event log: "), flow.status().reason());
            assertTrue(flow.status().reason().contains("damaged at position "), flow.status().reason());
            assertTrue(sink.sequences().size() < EVENT_COUNT / 2, "delivered " + sink.sequences().size());
        }
    }

    @Test
    void shouldSayWhatIsMissing() throws IOException {
        final CommandRun none = CommandRun.of("log", "ls", log.file());
        assertEquals(ExitCode.FAILED, none.exitCode());
        assertTrue(none.err().startsWith("headrace: "), none.err());
        assertEquals(1, none.err().lines().count(), none.err());

        final Path without = parent.resolve("without.yaml");
        Files.writeString(without, "service: {name: a}\n");
        final CommandRun noLog = CommandRun.of("log", "ls", without.toString());
        assertEquals(ExitCode.INVALID, noLog.exitCode());
        assertTrue(noLog.err().contains("The bus has no event log in"), noLog.err());

        final CommandRun noPlace = CommandRun.of("log", "dump", log.file(), "--from", "yesterday");
        assertEquals(ExitCode.INVALID, noPlace.exitCode());
        assertTrue(noPlace.err().contains("'yesterday' is no place in an event log"), noPlace.err());
        assertEquals(ExitCode.INVALID, CommandRun.of("log").exitCode());
    }
}
