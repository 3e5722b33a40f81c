package io.headrace.adapters.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headrace.adapters.cli.control.ControlServer;
import io.headrace.adapters.cli.control.Promotion;
import io.headrace.bus.Bus;
import io.headrace.bus.BusContext;
import io.headrace.bus.adapter.Health;
import io.headrace.bus.service.config.ServiceOptions.ControlOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The command and the endpoint that it asks; what a promotion does is tested where it is done. */
@Timeout(60)
class PromoteCommandTest {
    private final List<String> asked = new ArrayList<>();
    private Promotion promotion = (force, timeout) -> {
        asked.add(force + " " + timeout.toMillis());
        return "it leads epoch 5 since sequence 77";
    };
    private Bus bus;
    private ControlServer server;

    @BeforeEach
    void listen() throws IOException {
        bus = new Bus(new BusContext().ring(1024, 256));
        server = new ControlServer(new ControlOptions(true, "127.0.0.1", 0),
            () -> TestStatus.of(Duration.ofSeconds(1), 1, Health.State.UP, "readings"), () -> bus,
            (force, timeout) -> promotion.promote(force, timeout));
    }

    @AfterEach
    void close() {
        server.close();
        bus.close();
    }

    private CommandRun promote(final String... more) {
        final List<String> args = new ArrayList<>(List.of("promote", "--url", server.uri().toString()));
        args.addAll(List.of(more));
        return CommandRun.of(args.toArray(String[]::new));
    }

    @Test
    void shouldAskTheServiceAndTellWhatCameOfIt() {
        final CommandRun plain = promote();
        assertEquals(ExitCode.OK, plain.exitCode(), plain.err());
        assertEquals("it leads epoch 5 since sequence 77\n", plain.out());
        final CommandRun forced = promote("--force", "--timeout", "2s", "-o", "json");
        assertEquals(ExitCode.OK, forced.exitCode(), forced.err());
        assertTrue(forced.json().get("promoted").asBoolean());
        assertEquals("it leads epoch 5 since sequence 77", forced.json().get("outcome").asText());
        assertEquals(List.of("false 30000", "true 2000"), asked);
    }

    @Test
    void shouldTellWhyTheServiceRefuses() {
        promotion = (force, timeout) -> {
            throw new IllegalStateException("it leads already");
        };
        final CommandRun run = promote();
        assertEquals(ExitCode.FAILED, run.exitCode());
        assertTrue(run.err().contains("Not promoted: it leads already"), run.err());
    }

    @Test
    void shouldPromoteOnceAtATime() throws Exception {
        final CountDownLatch begun = new CountDownLatch(1);
        final CountDownLatch end = new CountDownLatch(1);
        promotion = (force, timeout) -> {
            begun.countDown();
            end.await();
            return "done";
        };
        final Thread first = new Thread(this::promote);
        first.start();
        assertTrue(begun.await(30, TimeUnit.SECONDS));
        final CommandRun second = promote();
        end.countDown();
        first.join();
        assertEquals(ExitCode.FAILED, second.exitCode());
        assertTrue(second.err().contains("under way already"), second.err());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "?", "?force=true", "?timeoutMs=0&force=true", "?timeoutMs=600001", "?timeoutMs=x",
        "?timeoutMs=1&force=yes", "?timeoutMs=1&more=1", "?timeoutMs=99999999999999999999", "?timeoutMs"})
    void shouldRefuseAQueryThatItCannotRead(final String query) throws Exception {
        final int status = HttpClient.newHttpClient().send(HttpRequest.newBuilder(
            URI.create(server.uri() + "/promote" + query)).POST(HttpRequest.BodyPublishers.noBody()).build(),
            BodyHandlers.discarding()).statusCode();
        assertEquals(400, status);
        assertTrue(asked.isEmpty());
    }

    @Test
    void shouldNotBePromotedByLooking() throws Exception {
        final int status = HttpClient.newHttpClient().send(HttpRequest.newBuilder(
            URI.create(server.uri() + "/promote?timeoutMs=1000")).build(), BodyHandlers.discarding()).statusCode();
        assertEquals(405, status);
        assertTrue(asked.isEmpty());
    }
}
