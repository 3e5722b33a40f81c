package io.headrace.adapters.cli.report;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headrace.adapters.cli.TestStatus;
import io.headrace.bus.adapter.Health;
import io.headrace.bus.service.ServiceStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Replaces the process's stderr for a while. */
@Isolated
class LiveReportTest {
    private final Screen screen = new Screen();
    private final AtomicInteger looks = new AtomicInteger();

    private ServiceStatus status() {
        final int look = looks.incrementAndGet();
        return TestStatus.of(Duration.ofSeconds(look), look * 10L, Health.State.UP, "planning");
    }

    @Test
    void shouldPrintPlainLinesWhereThereIsNoTerminal() {
        try (LiveReport report = new LiveReport(
            this::status, Terminal.plain(screen.out()), false, Duration.ofMillis(10))) {
            report.start();
            await().until(() -> screen.lines().size() >= 7);
        }
        final List<String> lines = screen.lines();
        assertTrue(lines.get(0).endsWith("source erp: 10/s, events 20, up"), lines.get(0));
        assertTrue(lines.get(1).contains("flow planning: 10/s"), lines.get(1));
    }

    @Test
    void shouldKeepTheTableBelowWhatGoesToStderr() {
        final PrintStream errBefore = System.err;
        final Terminal terminal = new Terminal(screen.out(), true, true, true);
        try (LiveReport report = new LiveReport(this::status, terminal, false, Duration.ofSeconds(10))) {
            report.start();
            await().until(() -> looks.get() > 0 && screen.lines().size() > 3);
            System.err.println("a log line");
            await().until(() -> screen.lines().get(0).equals("a log line"));
            assertTrue(screen.lines().get(1).startsWith("headrace plant-1"), screen.lines().get(1));
        }
        assertSame(errBefore, System.err);
        assertEquals("a log line", screen.lines().get(0));
        assertTrue(screen.lines().get(1).startsWith("headrace plant-1"), screen.lines().toString());
    }

    @Test
    void shouldGoOnAfterALookThatFailed() {
        final AtomicInteger calls = new AtomicInteger();
        try (LiveReport report = new LiveReport(() -> {
            if (calls.incrementAndGet() == 2) {
                throw new IllegalStateException("state=unknown");
            }
            return status();
        }, Terminal.plain(screen.out()), true, Duration.ofMillis(5))) {
            report.start();
            await().until(() -> calls.get() > 4);
        }
        assertTrue(screen.lines().size() > 4, screen.lines().toString());
    }
}
