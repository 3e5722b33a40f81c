package io.headrace.adapters.cli;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.headrace.adapters.cli.control.ControlServer;
import io.headrace.bus.Bus;
import io.headrace.bus.service.ServiceStatus;
import io.headrace.bus.service.config.ServiceOptions.ControlOptions;
import io.headrace.bus.subscription.StartPosition;
import io.headrace.bus.subscription.SubscriptionContext;
import io.headrace.bus.subscription.TopicSelector;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** The commands about positions, over logs that the real implementation wrote. */
@Timeout(120)
class SubscriptionsCommandTest {
    @TempDir
    private Path parent;
    private TestLog log;

    @BeforeEach
    void makeLog() throws IOException {
        log = new TestLog(parent);
    }

    private static NotingSink subscribe(final Bus bus, final String name) {
        final NotingSink sink = new NotingSink();
        bus.subscribe(new SubscriptionContext().name(name).topics(TopicSelector.of("test.readings.*"))
            .from(StartPosition.START), lane -> sink);
        return sink;
    }

    private JsonNode subscription(final String name) {
        final CommandRun run = CommandRun.of("subscriptions", "ls", log.file(), "--output", "json");
        assertEquals(ExitCode.OK, run.exitCode(), run.err());
        for (final JsonNode subscription : run.json().get("subscriptions")) {
            if (subscription.get("name").asText().equals(name)) {
                return subscription;
            }
        }
        throw new AssertionError(name + " is missing in " + run.out());
    }

    @Test
    void shouldShowPositionsOfAServiceThatStandsStill() {
        log.during(bus -> {
            subscribe(bus, "readings");
            subscribe(bus, "removed");
            TestLog.publish(bus, 0, 10);
        });
        log.during(bus -> {
            subscribe(bus, "removed");
            TestLog.publish(bus, 10, 16);
        });
        final JsonNode readings = subscription("readings");
        assertEquals("stopped", readings.get("state").asText());
        assertTrue(readings.get("configured").asBoolean());
        assertEquals(9, readings.get("position").asLong());
        assertEquals(6, readings.get("behindSequences").asLong());
        assertEquals(3, readings.get("behindEvents").asLong());
        assertTrue(readings.get("oldestTimeNs").asLong() > 0);
        final JsonNode removed = subscription("removed");
        assertEquals(false, removed.get("configured").asBoolean());
        assertEquals(0, removed.get("behindEvents").asLong());

        final CommandRun text = CommandRun.of("subscriptions", "ls", log.file());
        assertTrue(text.out().lines().anyMatch(line -> line.startsWith("removed") && line.endsWith("orphaned")),
            text.out());
    }

    @Test
    void shouldAskARunningServiceForTheStates() throws IOException {
        try (Bus bus = log.openBus()) {
            subscribe(bus, "readings");
            await().atMost(HeadraceProcess.PATIENCE).until(
                () -> bus.subscriptions().get(0).status().state().equals("live"));
            final ServiceStatus status = new ServiceStatus("plant-1", ServiceStatus.State.RUNNING, Instant.EPOCH,
                Duration.ofSeconds(1), 0, bus.logStatus(), List.of(), bus.subscriptions().stream().map(subscription ->
                new ServiceStatus.FlowStatus(subscription.status(), "file", Map.of(), Map.of(),
                    List.of(), Map.of())).toList());
            try (ControlServer server = new ControlServer(
                new ControlOptions(true, "127.0.0.1", 0), () -> status, () -> bus, TestStatus.NO_PROMOTION)) {
                final CommandRun run = CommandRun.of(
                    "subscriptions", "ls", log.file(), "--url", server.uri().toString(), "--output", "json");
                assertEquals(ExitCode.OK, run.exitCode(), run.err());
                assertTrue(run.json().get("running").asBoolean());
                assertEquals("live", run.json().get("subscriptions").get(0).get("state").asText());
            }
        }
    }

    @Test
    void shouldSetFromWhereAFlowGoesOn() {
        log.during(bus -> {
            subscribe(bus, "readings");
            TestLog.publish(bus, 0, 10);
        });
        reset("--to", "6");
        assertEquals(5, subscription("readings").get("position").asLong());
        assertEquals(List.of(6L, 8L), deliveredNext());
        reset("--to", "start");
        assertEquals(List.of(0L, 2L, 4L, 6L, 8L), deliveredNext());
        assertEquals(List.of(), deliveredNext());
        reset("--to", "1970-01-01T00:00:01Z");
        assertEquals(List.of(0L, 2L, 4L, 6L, 8L), deliveredNext());
        reset("--to", "4");
        reset("--to", "now");
        assertEquals(List.of(), deliveredNext());
    }

    private List<Long> deliveredNext() {
        final CopyOnWriteArrayList<Long> delivered = new CopyOnWriteArrayList<>();
        log.during(bus -> {
            final NotingSink sink = subscribe(bus, "readings");
            if (!bus.drain(HeadraceProcess.PATIENCE)) {
                throw new IllegalStateException("not drained");
            }
            delivered.addAll(sink.sequences());
        });
        return List.copyOf(delivered);
    }

    private void reset(final String... to) {
        final String[] args = new String[5 + to.length];
        System.arraycopy(new String[] {"subscriptions", "reset", log.file(), "--flow", "readings"}, 0, args, 0, 5);
        System.arraycopy(to, 0, args, 5, to.length);
        final CommandRun run = CommandRun.of(args);
        assertEquals(ExitCode.OK, run.exitCode(), run.err());
    }

    @Test
    void shouldForgetAFlow() {
        log.during(bus -> {
            subscribe(bus, "removed");
            TestLog.publish(bus, 0, 4);
        });
        final CommandRun run =
            CommandRun.of("subscriptions", "reset", log.file(), "--flow", "removed", "--forget", "-o", "json");
        assertEquals(ExitCode.OK, run.exitCode(), run.err());
        assertTrue(run.json().get("forgotten").asBoolean());
        final CommandRun listed = CommandRun.of("subscriptions", "ls", log.file());
        assertTrue(listed.out().lines().noneMatch(line -> line.startsWith("removed")), listed.out());
    }

    @Test
    void shouldRefuseWhatCannotBeSet() {
        log.during(bus -> TestLog.publish(bus, 0, 4));
        final CommandRun unknown =
            CommandRun.of("subscriptions", "reset", log.file(), "--flow", "mirror", "--to", "start");
        assertEquals(ExitCode.INVALID, unknown.exitCode());
        assertEquals("headrace: There is no flow 'mirror', but readings.\n", unknown.err());
        final CommandRun beyond =
            CommandRun.of("subscriptions", "reset", log.file(), "--flow", "readings", "--to", "99");
        assertEquals(ExitCode.INVALID, beyond.exitCode());
        assertTrue(beyond.err().contains("lies behind the end"), beyond.err());
        try (Bus bus = log.openBus()) {
            final CommandRun running =
                CommandRun.of("subscriptions", "reset", log.file(), "--flow", "readings", "--to", "start");
            assertEquals(ExitCode.FAILED, running.exitCode());
            assertTrue(running.err().startsWith("headrace: The service is running"), running.err());
            assertEquals(Optional.of(4L), bus.logStatus().map(status -> status.log().nextSequence()));
        }
    }
}
