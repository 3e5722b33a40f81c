package io.headrace.adapters.demo;

import io.headrace.adapters.demo.DemoResult.KillResult;
import io.headrace.bus.adapter.Health;
import io.headrace.bus.latency.Stage;
import io.headrace.bus.service.ServiceStatus;
import io.headrace.bus.service.ServiceStatus.SourceStatus;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Real processes with a shell in the place of the service, which waits for the end of its input. */
@Timeout(60)
class ChildServiceTest {
    private static final String SERVICE =
        "trap 'echo stopped; exit 0' TERM; echo pid $$; echo control; while read line; do :; done; exit 9";

    @TempDir
    private Path folder;
    private String script = SERVICE;
    private boolean sourceUp = true;
    private boolean answering = true;
    private ChildService service;

    private final ServiceLauncher launcher = new ServiceLauncher() {
        @Override
        public List<String> command(final Path configuration, final List<String> jvmOptions) {
            assertEquals(List.of("-Dx=1"), jvmOptions);
            return List.of("sh", "-c", script);
        }

        @Override
        public Optional<URI> control(final String line) {
            return line.equals("control") ? Optional.of(URI.create("http://127.0.0.1:1")) : Optional.empty();
        }

        @Override
        public ServiceStatus status(final URI control) throws IOException {
            requireAnswer();
            final SourceStatus source = new SourceStatus("erp", "postgres",
                sourceUp ? Health.State.UP : Health.State.STARTING, "", 0, 0, 0, Map.of());
            return new ServiceStatus("demo", ServiceStatus.State.RUNNING, Instant.EPOCH, Duration.ZERO, 0,
                Optional.empty(), List.of(source), List.of());
        }

        @Override
        public Map<String, Map<Stage, Histogram>> latencies(final URI control) throws IOException {
            requireAnswer();
            final Histogram histogram = new Histogram(3);
            histogram.recordValue(5);
            return Map.of("flow", Map.of(Stage.TOTAL, histogram));
        }

        private void requireAnswer() throws IOException {
            if (!answering) {
                throw new IOException("no answer");
            }
        }
    };

    @BeforeEach
    void make() {
        service = new ChildService(launcher, "the service", folder.resolve("headrace.yaml"), List.of("-Dx=1"), output(),
            Optional.of(new KillSchedule(Duration.ofMillis(1), 1)));
    }

    @AfterEach
    void close() {
        service.close();
    }

    private Path output() {
        return folder.resolve("out.log");
    }

    private List<Long> pids() throws IOException {
        return !Files.exists(output()) ? List.of() : Files.readAllLines(output()).stream()
            .filter(line -> line.startsWith("pid ")).map(line -> Long.parseLong(line.substring(4))).toList();
    }

    private static boolean alive(final long pid) {
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    }

    private void awaitRunning() {
        await().until(() -> {
            service.tend();
            return service.status().state() == ServiceStatus.State.RUNNING;
        });
    }

    @Test
    void shouldKillAndStartAgainAndNoteWhenItRanAgain() throws Exception {
        service.start();
        awaitRunning();
        sourceUp = false;
        service.beginKills();
        await().until(() -> {
            service.tend();
            return !service.kills().isEmpty();
        });
        service.endKills();
        await().until(() -> {
            service.tend();
            return pids().size() == 2;
        });
        assertFalse(alive(pids().get(0)), "the first process was not killed");
        assertTrue(alive(pids().get(1)), "no second process was started");
        assertTrue(service.kills().get(0).recoveryNs().isEmpty(), "its sources are not up");
        sourceUp = true;
        await().until(() -> {
            service.tend();
            return service.kills().get(0).recoveryNs().isPresent();
        });
        final KillResult kill = service.kills().get(0);
        assertTrue(kill.aliveNs() > 0 && kill.recoveryNs().getAsLong() > 0, kill.toString());
        assertEquals(2, service.takeNews().size());
        assertEquals(List.of(), service.takeNews());
        assertEquals(List.of(), service.failures());
        assertEquals(2, service.latencies().get("flow").get(Stage.TOTAL).getTotalCount(), "one of each life");
    }

    @Test
    void shouldKeepTheLatenciesOfALifeThatDoesNotAnswerAnyMore() throws Exception {
        service.start();
        awaitRunning();
        assertEquals(1, service.latencies().get("flow").get(Stage.TOTAL).getTotalCount());
        answering = false;
        assertEquals(1, service.latencies().get("flow").get(Stage.TOTAL).getTotalCount());
    }

    @Test
    void shouldStopItInOrder() throws Exception {
        service.start();
        awaitRunning();
        assertTrue(service.stop(Duration.ofSeconds(10)));
        assertTrue(Files.readAllLines(output()).contains("stopped"), "what it said at its end is lost");
        assertTrue(service.stop(Duration.ofSeconds(10)), "a second time");
        assertEquals(1, service.latencies().get("flow").get(Stage.TOTAL).getTotalCount());
        assertEquals(List.of(), service.failures());
    }

    @Test
    void shouldTellOfAnEndThatNobodyAskedFor() throws Exception {
        script = "echo cannot start; exit 3";
        service.start();
        await().until(() -> {
            service.tend();
            return !service.failures().isEmpty();
        });
        assertEquals(
            List.of("the service's process ended by itself with exit code 3: cannot start"), service.failures());
        assertFalse(service.stop(Duration.ofSeconds(10)));
    }

    @Test
    void shouldStartNothingAfterItWasAbandoned() throws Exception {
        service.start();
        awaitRunning();
        service.abandon();
        await().until(() -> !alive(pids().get(0)));
        service.start();
        service.close();
        assertEquals(1, pids().size());
    }
}
