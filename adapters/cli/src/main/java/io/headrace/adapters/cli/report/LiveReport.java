package io.headrace.adapters.cli.report;

import io.headrace.bus.service.ServiceStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Shows a running service on the terminal until it is closed: a table that is drawn over every second, or plain lines
 * at longer intervals. Started and closed by one thread; a thread of its own looks at the service and draws.
 *
 * <p>While there is a table, what goes to stderr on the same terminal, log lines above all, scrolls by above it.
 */
public final class LiveReport implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LiveReport.class);
    private static final Duration REDRAW_INTERVAL = Duration.ofSeconds(1);
    private static final int LOOKS_PER_SIZE_CHECK = 5;
    private static final int CLOSE_TIMEOUT_S = 2;

    private final Supplier<ServiceStatus> service;
    private final Terminal terminal;
    private final Duration interval;
    private final LiveTable table;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(work -> {
        final Thread daemon = new Thread(work, "headrace-report");
        daemon.setDaemon(true);
        return daemon;
    });
    private boolean started;
    private PrintStream errBefore;
    private ServiceStatus last;
    private int rows;
    private int looks;

    /**
     * Makes a report that draws a table where the terminal can, and prints plain lines otherwise.
     *
     * @param service       tells how the service is; called on the report's thread.
     * @param terminal      to show it on.
     * @param plain         whether to print plain lines all the same.
     * @param plainInterval how often to print plain lines.
     */
    public LiveReport(
        final Supplier<ServiceStatus> service, final Terminal terminal, final boolean plain,
        final Duration plainInterval) {
        this.service = service;
        this.terminal = terminal;
        final boolean drawing = terminal.interactive() && !plain;
        this.table = drawing ? new LiveTable(terminal.out(), terminal.colours()) : null;
        this.interval = drawing ? REDRAW_INTERVAL : plainInterval;
    }

    /** Begins to show the service. */
    public void start() {
        started = true;
        if (table != null && terminal.errorsShareIt()) {
            errBefore = System.err;
            System.setErr(new PrintStream(new AboveTable(table), true, StandardCharsets.UTF_8));
        }
        // A table appears at once; the first plain lines have an interval to tell of.
        final long firstNs = table != null ? 0 : interval.toNanos();
        if (table == null) {
            last = service.get();
        }
        thread.scheduleAtFixedRate(this::lookSafely, firstNs, interval.toNanos(), TimeUnit.NANOSECONDS);
    }

    /**
     * Prints a line that stays: above the table where there is one.
     *
     * @param line to print; from any thread.
     */
    public void say(final String line) {
        if (table == null) {
            terminal.out().println(line);
        } else {
            table.printAbove(line);
        }
    }

    private void lookSafely() {
        try {
            look();
        } catch (final RuntimeException e) {
            // A scheduled task that throws is never run again.
            LOG.error("The report could not be drawn", e);
        }
    }

    private void look() {
        final ServiceStatus now = service.get();
        final StatusChange change = last == null ? StatusChange.sinceStart(now) : StatusChange.between(last, now);
        if (table == null) {
            PlainReport.lines(now, change, Instant.now()).forEach(terminal.out()::println);
            terminal.out().flush();
        } else {
            if (looks++ % LOOKS_PER_SIZE_CHECK == 0) {
                rows = terminal.rows();
            }
            table.draw(StatusTable.lines(now, change, rows - 1));
        }
        last = now;
    }

    /** Shows the service a last time, since its start, and ends the report. One that was not started shows nothing. */
    @Override
    public void close() {
        thread.shutdown();
        if (!started) {
            return;
        }
        try {
            if (!thread.awaitTermination(CLOSE_TIMEOUT_S, TimeUnit.SECONDS)) {
                LOG.warn("The report is still being drawn and is left alone");
                return;
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            if (errBefore != null) {
                System.err.flush();
                System.setErr(errBefore);
            }
        }
        final ServiceStatus end = service.get();
        final StatusChange whole = StatusChange.sinceStart(end);
        if (table == null) {
            PlainReport.lines(end, whole, Instant.now()).forEach(terminal.out()::println);
        } else {
            table.draw(StatusTable.lines(end, whole, Integer.MAX_VALUE));
        }
        terminal.out().flush();
    }

    /** Any thread's: takes what is written to stderr and puts it above the table, line by line. */
    private static final class AboveTable extends OutputStream {
        private static final int MAX_LINE_BYTES = 64 * 1024;

        private final LiveTable table;
        private final ByteArrayOutputStream line = new ByteArrayOutputStream();

        AboveTable(final LiveTable table) {
            this.table = table;
        }

        @Override
        public synchronized void write(final int b) {
            if (b == '\n' || line.size() >= MAX_LINE_BYTES) {
                table.printAbove(line.toString(StandardCharsets.UTF_8));
                line.reset();
            }
            if (b != '\n') {
                line.write(b);
            }
        }

        @Override
        public synchronized void write(final byte[] bytes, final int offset, final int length) {
            for (int i = offset; i < offset + length; i++) {
                write(bytes[i]);
            }
        }
    }
}
