package io.headrace.adapters.cli;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.headrace.adapters.cli.control.ControlServer;
import io.headrace.bus.Bus;
import io.headrace.bus.adapter.DeliveryException;
import io.headrace.bus.adapter.EventBatch;
import io.headrace.bus.adapter.Health;
import io.headrace.bus.adapter.Sink;
import io.headrace.bus.delivery.OnPoison;
import io.headrace.bus.delivery.RetryOptions;
import io.headrace.bus.service.config.ServiceOptions.ControlOptions;
import io.headrace.bus.subscription.StartPosition;
import io.headrace.bus.subscription.SubscriptionContext;
import io.headrace.bus.subscription.TopicSelector;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The commands about parked events, over a real bus and a log that the real implementation wrote. */
@Timeout(120)
class ParkCommandTest {
    @TempDir
    private Path parent;
    private TestLog log;

    @BeforeEach
    void makeLog() throws IOException {
        log = new TestLog(parent);
    }

    /** Takes everything but the events of one key, until it is mended. */
    private static final class PickySink implements Sink {
        private final List<Long> sequences = new CopyOnWriteArrayList<>();
        private volatile String refusedKey = "press-4";

        @Override
        public void deliver(final EventBatch batch) throws DeliveryException {
            for (int i = 0; i < batch.size(); i++) {
                final byte[] key = new byte[batch.event(i).keyLength()];
                batch.event(i).buffer().getBytes(batch.event(i).keyOffset(), key);
                if (new String(key, StandardCharsets.UTF_8).equals(refusedKey)) {
                    throw DeliveryException.poison(i, i, "the press is unknown", null);
                }
                sequences.add(batch.event(i).sequence());
            }
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }

    private static PickySink subscribe(final Bus bus) {
        final PickySink sink = new PickySink();
        bus.subscribe(new SubscriptionContext().name("readings").topics(TopicSelector.of("test.readings.*"))
            .from(StartPosition.START).batch(4, 1 << 20)
            .failures(RetryOptions.defaults(), OnPoison.PARK_KEY), lane -> sink);
        return sink;
    }

    /** Publishes the readings 0, 2, 4 ... 18, of which 4 and 14 have the key that is refused. */
    private static void publish(final Bus bus) {
        TestLog.publish(bus, 0, 20);
        if (!bus.drain(Duration.ofSeconds(60))) {
            throw new IllegalStateException("not drained");
        }
    }

    private JsonNode listed() {
        final CommandRun run = CommandRun.of("park", "ls", log.file(), "--output", "json");
        assertEquals(ExitCode.OK, run.exitCode(), run.err());
        return run.json();
    }

    @Test
    void shouldListAndShowWhatIsParked() {
        log.during(bus -> {
            subscribe(bus);
            publish(bus);
        });
        final JsonNode events = listed();
        assertEquals(2, events.size(), events.toString());
        assertEquals(4, events.get(0).get("sequence").asLong());
        assertEquals("press-4", events.get(0).get("key").asText());
        assertEquals("the press is unknown", events.get(0).get("reason").asText());
        assertFalse(events.get(0).get("heldBack").asBoolean());
        assertEquals(14, events.get(1).get("sequence").asLong());
        assertTrue(events.get(1).get("heldBack").asBoolean());
        final CommandRun text = CommandRun.of("park", "ls", log.file(), "--flow", "readings");
        assertTrue(text.out().contains("test.readings.press  press-4  the press is unknown"), text.out());
        assertEquals("Nothing is parked.\n", CommandRun.of("park", "ls", log.file(), "--flow", "mirror").out());

        final CommandRun shown = CommandRun.of("park", "show", log.file(), "--sequence", "4", "-o", "json");
        assertEquals(ExitCode.OK, shown.exitCode(), shown.err());
        assertEquals("reading 4", shown.json().get("event").get("payload").get("bodyText").asText());
        assertTrue(CommandRun.of("park", "show", log.file(), "--sequence", "4").out()
            .contains("reason    the press is unknown\n{\"sequence\":4,"));
        final CommandRun none = CommandRun.of("park", "show", log.file(), "--sequence", "6");
        assertEquals(ExitCode.INVALID, none.exitCode());
        assertTrue(none.err().startsWith("headrace: Event 6 is not parked."), none.err());
    }

    @Test
    void shouldLetARunningServiceReplayWhatItsSinkTakesNow() throws IOException {
        try (Bus bus = log.openBus();
            ControlServer server = new ControlServer(new ControlOptions(true, "127.0.0.1", 0),
                () -> TestStatus.of(Duration.ofSeconds(1), 1, Health.State.UP, "readings"), () -> bus,
                TestStatus.NO_PROMOTION)) {
            final PickySink sink = subscribe(bus);
            publish(bus);
            final String url = server.uri().toString();
            final CommandRun refused =
                CommandRun.of("park", "replay", log.file(), "--flow", "readings", "--sequence", "4", "--url", url);
            assertEquals(ExitCode.FAILED, refused.exitCode(), refused.err());
            assertTrue(refused.out().startsWith("replayed 0, dropped 0, parked still 1\n"), refused.out());
            assertTrue(refused.out().contains("the press is unknown"), refused.out());

            sink.refusedKey = "";
            final CommandRun replayed = CommandRun.of(
                "park", "replay", log.file(), "--flow", "readings", "--key", "press-4", "--url", url, "-o", "json");
            assertEquals(ExitCode.OK, replayed.exitCode(), replayed.out() + replayed.err());
            assertEquals(2, replayed.json().get("replayed").asInt());
            assertEquals(0, listed().size());
            assertEquals(List.of(4L, 14L), sink.sequences.subList(sink.sequences.size() - 2, sink.sequences.size()));
            assertEquals(10, sink.sequences.size());

            final CommandRun nothing =
                CommandRun.of("park", "replay", log.file(), "--flow", "readings", "--all", "--url", url);
            assertEquals(ExitCode.FAILED, nothing.exitCode());
            assertTrue(nothing.err().startsWith("headrace: The flow readings has parked no such event."),
                nothing.err());
        }
    }

    @Test
    void shouldLetARunningServiceDropWhatIsGivenUp() throws IOException {
        try (Bus bus = log.openBus();
            ControlServer server = new ControlServer(new ControlOptions(true, "127.0.0.1", 0),
                () -> TestStatus.of(Duration.ofSeconds(1), 1, Health.State.UP, "readings"), () -> bus,
                TestStatus.NO_PROMOTION)) {
            final PickySink sink = subscribe(bus);
            publish(bus);
            sink.refusedKey = "";
            final CommandRun dropped = CommandRun.of("park", "drop", log.file(), "--flow", "readings",
                "--sequence", "4", "--yes", "--url", server.uri().toString());
            assertEquals(ExitCode.OK, dropped.exitCode(), dropped.err());
            assertTrue(dropped.out().startsWith("replayed 0, dropped 1, parked still 0\n"), dropped.out());
            // What was held back behind it goes to the sink by itself.
            await().atMost(HeadraceProcess.PATIENCE).until(() -> sink.sequences.contains(14L));
            assertFalse(sink.sequences.contains(4L));
        }
    }

    @Test
    void shouldDropFromTheLogOfAServiceThatStandsStill() {
        log.during(bus -> {
            subscribe(bus);
            publish(bus);
        });
        final CommandRun dropped =
            CommandRun.of("park", "drop", log.file(), "--flow", "readings", "--all", "--yes", "-o", "json");
        assertEquals(ExitCode.OK, dropped.exitCode(), dropped.err());
        assertEquals(2, dropped.json().get("dropped").asInt());
        assertEquals(0, listed().size());
    }

    @Test
    void shouldSayWhatIsMissing() {
        log.during(bus -> {
            subscribe(bus);
            publish(bus);
        });
        final CommandRun stopped =
            CommandRun.of("park", "replay", log.file(), "--flow", "readings", "--all");
        assertEquals(ExitCode.UNREACHABLE, stopped.exitCode());
        assertTrue(stopped.err().startsWith("headrace: No service can be reached at"), stopped.err());
        assertEquals(ExitCode.INVALID,
            CommandRun.of("park", "replay", log.file(), "--flow", "readings").exitCode());
        assertEquals(ExitCode.INVALID,
            CommandRun.of("park", "drop", log.folder().toString(), "--flow", "readings", "--all", "-y").exitCode());
    }
}
