package io.headrace.adapters.cli;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Runs the built distribution as a user does: a real broker, a child process, real signals. */
@Timeout(180)
class HeadraceRunIT {
    @TempDir
    private static Path brokerFolder;
    private static TestBroker broker;

    @TempDir
    private Path folder;
    private Path file;
    private Path readings;

    @BeforeAll
    static void startBroker() throws IOException {
        broker = new TestBroker(brokerFolder);
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @BeforeEach
    void makeFolders() throws IOException {
        file = folder.resolve("plant.yaml");
        readings = Files.createDirectory(folder.resolve("readings"));
    }

    /** Every event forced to the disk by itself, so that there is something to drain. */
    private void configure(final String sinks, final String shutdownTimeout, final int controlPort)
        throws IOException {
        Files.writeString(file, """
            service:
              name: plant-1
              control: {port: %d}
              shutdown-timeout: %s
              report-interval: 200ms
            sources:
              machines:
                type: mqtt
                options:
                  broker: {host: 127.0.0.1, port: %d, client-id: %s}
                  clean-start: true
                  # Here a sink is away on purpose, and without an event log nothing would be acknowledged meanwhile.
                  acknowledge: published
                  subscriptions:
                    - {filter: "%s/#"}
            sinks:
            %s""".formatted(
            controlPort, shutdownTimeout, broker.port(), folder.getFileName(), folder.getFileName(), sinks));
    }

    private String fileSink() {
        return """
              readings:
                type: file
                topics: ["machines.*"]
                batch: {max-events: 1}
                options: {directory: %s, fsync: batch}
            """.formatted(readings);
    }

    private static String deadSink() {
        return """
              mirror:
                type: mqtt
                topics: ["machines.*"]
                options:
                  broker: {host: 127.0.0.1, port: %d, connect-timeout: 1s}
            """.formatted(TestBroker.freePort());
    }

    private void publish(final int from, final int to) {
        for (int i = from; i < to; i++) {
            broker.publish(folder.getFileName() + "/press/temperature", "reading " + i);
        }
    }

    private static JsonNode status(final URI control) {
        final CommandRun run = CommandRun.of("status", "--url", control.toString(), "--output", "json");
        assertEquals(ExitCode.OK, run.exitCode(), run.err());
        return run.json();
    }

    private static void awaitPublished(final URI control, final long eventCount) {
        await().atMost(HeadraceProcess.PATIENCE).until(
            () -> status(control).get("sources").get(0).get("publishedEvents").asLong() >= eventCount);
    }

    private static void awaitSource(final URI control) {
        await().atMost(HeadraceProcess.PATIENCE).until(
            () -> status(control).get("sources").path(0).path("health").asText().equals("up"));
    }

    private Set<String> written() throws IOException {
        final Set<String> bodies = new HashSet<>();
        try (Stream<Path> files = Files.list(readings)) {
            for (final Path written : files.toList()) {
                for (final String line : Files.readAllLines(written)) {
                    bodies.add(new ObjectMapper().readTree(line).get("payload").get("bodyText").asText());
                }
            }
        }
        return bodies;
    }

    @Test
    void shouldDrainOnSigtermAndEndWell() throws Exception {
        configure(fileSink(), "30s", 0);
        try (HeadraceProcess service = new HeadraceProcess(folder, "run", file.toString())) {
            final URI control = service.awaitControl();
            awaitSource(control);
            publish(0, 1000);
            awaitPublished(control, 1000);
            service.signal("TERM");
            assertEquals(ExitCode.OK, service.awaitExit(), service.err());
            assertEquals(1000, written().size());
            assertTrue(service.out().startsWith("headrace "), service.out());
            assertTrue(service.out().contains("plant-1 runs machines (mqtt) -> readings (file)"), service.out());
            assertTrue(service.out().contains("flow readings: "), service.out());
            assertFalse(service.out().contains("\u001b["), "a file got the sequences of a terminal");
            assertTrue(service.err().contains("SIGTERM: stopping"), service.err());
        }
    }

    /** Its input is empty, so whoever holds the other end is gone. */
    @Test
    void shouldStopWhenItsInputEnds() throws Exception {
        configure(fileSink(), "30s", 0);
        try (HeadraceProcess service = new HeadraceProcess(folder, "run", file.toString(), "--stop-at-eof")) {
            assertEquals(ExitCode.OK, service.awaitExit(), service.err());
            assertTrue(service.err().contains("The standard input has ended: stopping"), service.err());
        }
    }

    @Test
    void shouldDrawATableInATerminal() throws Exception {
        configure(fileSink(), "30s", 0);
        try (HeadraceProcess service = HeadraceProcess.inTerminal(folder, "run", file.toString())) {
            final URI control = service.awaitControl();
            awaitSource(control);
            publish(0, 100);
            awaitPublished(control, 100);
            await().atMost(HeadraceProcess.PATIENCE).until(() -> service.out().contains("\u001b[10F"));
            service.signal("TERM");
            assertEquals(ExitCode.OK, service.awaitExit(), service.out());
            final String end = service.out().substring(service.out().lastIndexOf("headrace plant-1"));
            assertTrue(end.contains("stopped") && end.contains("consumption"), end);
            // On the same terminal, so it was taken above the table.
            assertTrue(service.out().contains("\u001b[10F\u001b[J"), "no log line came above the table");
            assertTrue(service.out().contains("SIGTERM: stopping"), service.out());
        }
    }

    @Test
    void shouldShowItselfToStatusAndTail() throws Exception {
        configure(fileSink(), "30s", 0);
        try (HeadraceProcess service = new HeadraceProcess(folder, "run", file.toString(), "--quiet")) {
            service.awaitErr("The control endpoint listens on ");
            final String err = service.err();
            final URI control = URI.create(
                err.substring(err.indexOf("listens on ") + "listens on ".length()).lines().findFirst().orElseThrow());
            awaitSource(control);
            try (HeadraceProcess tail = new HeadraceProcess(
                folder, "tail", "--url", control.toString(), "--topics", "machines.*", "--limit", "3")) {
                await().atMost(HeadraceProcess.PATIENCE).until(() -> {
                    publish(0, 1);
                    return tail.out().lines().count() >= 3;
                });
                assertEquals(ExitCode.OK, tail.awaitExit(), tail.err());
                for (final String line : tail.out().lines().toList()) {
                    final JsonNode event = new ObjectMapper().readTree(line);
                    assertEquals("reading 0", event.get("payload").get("bodyText").asText());
                }
            }
            final CommandRun text = CommandRun.of("status", "--url", control.toString());
            assertTrue(text.out().contains("machines") && text.out().contains("readings"), text.out());
            service.signal("TERM");
            assertEquals(ExitCode.OK, service.awaitExit(), service.err());
            assertEquals("", service.out());
        }
    }

    @Test
    void shouldEndATailWellOnASignalAndTellWhenTheServiceWentAway() throws Exception {
        configure(fileSink(), "30s", 0);
        try (HeadraceProcess service = new HeadraceProcess(folder, "run", file.toString());
            HeadraceProcess ended = new HeadraceProcess(
                folder, "tail", "--url", service.awaitControl().toString());
            HeadraceProcess left = new HeadraceProcess(
                folder, "tail", "--url", service.awaitControl().toString())) {
            await().atMost(HeadraceProcess.PATIENCE).until(() -> {
                publish(0, 1);
                return !ended.out().isEmpty() && !left.out().isEmpty();
            });
            ended.signal("TERM");
            assertEquals(ExitCode.OK, ended.awaitExit(), ended.err());
            service.signal("TERM");
            assertEquals(ExitCode.OK, service.awaitExit(), service.err());
            assertEquals(ExitCode.UNREACHABLE, left.awaitExit());
            assertTrue(left.err().contains("ended the stream"), left.err());
        }
    }

    @ParameterizedTest
    @CsvSource({"TERM, 15", "INT, 2"})
    void shouldStopAtOnceOnASecondSignal(final String signal, final int number) throws Exception {
        assumeFalse(isIgnoredByThisProcess(number), "children of this process cannot get SIG" + signal);
        configure(deadSink(), "10m", 0);
        try (HeadraceProcess service = new HeadraceProcess(folder, "run", file.toString())) {
            final URI control = service.awaitControl();
            awaitSource(control);
            publish(0, 10);
            awaitPublished(control, 10);
            service.signal(signal);
            await().atMost(HeadraceProcess.PATIENCE).until(
                () -> status(control).get("state").asText().equals("stopping"));
            service.signal(signal);
            assertEquals(ExitCode.SIGNAL_BASE + number, service.awaitExit(), service.err());
            assertTrue(service.err().contains("Stopped at once"), service.err());
        }
    }

    /** What a parent ignores, its children ignore: a build that runs in the background ignores SIGINT. */
    private static boolean isIgnoredByThisProcess(final int number) throws IOException {
        for (final String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("SigIgn:")) {
                return (Long.parseUnsignedLong(line.substring("SigIgn:".length()).strip(), 16) >> number - 1 & 1) != 0;
            }
        }
        return false;
    }

    @Test
    void shouldSayThatNotEverythingWasDelivered() throws Exception {
        configure(deadSink(), "200ms", 0);
        try (HeadraceProcess service = new HeadraceProcess(folder, "run", file.toString())) {
            final URI control = service.awaitControl();
            awaitSource(control);
            publish(0, 10);
            awaitPublished(control, 10);
            service.signal("TERM");
            assertEquals(ExitCode.FAILED, service.awaitExit());
            assertTrue(service.err().contains("service.shutdown-timeout (200 ms)"), service.err());
        }
    }

    @Test
    void shouldSayThatThePortIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            configure(fileSink(), "1s", taken.getLocalPort());
            try (HeadraceProcess service = new HeadraceProcess(folder, "run", file.toString())) {
                assertEquals(ExitCode.FAILED, service.awaitExit());
                assertTrue(service.err().contains("port " + taken.getLocalPort()), service.err());
                assertTrue(service.err().contains("service.control.port"), service.err());
            }
        }
    }

    @Test
    void shouldFindTheServiceByItsConfiguration() throws Exception {
        configure(fileSink(), "30s", TestBroker.freePort());
        try (HeadraceProcess service = new HeadraceProcess(folder, "run", file.toString())) {
            service.awaitControl();
            final CommandRun run = CommandRun.of("status", "--config", file.toString());
            assertEquals(ExitCode.OK, run.exitCode(), run.err());
            assertTrue(run.out().startsWith("headrace plant-1  running"), run.out());
        }
    }

    @Test
    void shouldLookAtTheSystemsBeforehand() throws Exception {
        configure(fileSink(), "30s", 0);
        final CommandRun well = CommandRun.of("preflight", file.toString());
        assertEquals(ExitCode.OK, well.exitCode(), well.out() + well.err());
        assertTrue(well.out().contains("source machines (mqtt)") && well.out().contains("sink readings (file)"));
        configure(deadSink(), "30s", 0);
        final CommandRun ill = CommandRun.of("preflight", file.toString(), "--output", "json");
        assertEquals(ExitCode.FAILED, ill.exitCode(), ill.out() + ill.err());
        final List<JsonNode> failed = new ArrayList<>();
        ill.json().forEach(finding -> {
            if (finding.get("status").asText().equals("failed")) {
                failed.add(finding);
            }
        });
        assertFalse(failed.isEmpty());
        assertEquals("mirror", failed.get(0).get("name").asText());
        assertFalse(failed.get(0).get("remedy").asText().isEmpty());
    }
}
