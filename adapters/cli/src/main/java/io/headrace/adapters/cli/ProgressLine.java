package io.headrace.adapters.cli;

import java.io.PrintWriter;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Tells a waiting person how far a command is: one line that changes on a terminal, a line now and then elsewhere.
 * Owned by the thread that runs the command.
 */
final class ProgressLine implements AutoCloseable {
    private static final long TERMINAL_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long PLAIN_INTERVAL_NS = TimeUnit.SECONDS.toNanos(10);
    private static final String CLEAR = "\r\u001B[K";

    private final PrintWriter err;
    private final boolean terminal;
    private final long intervalNs;
    private long lastNs = System.nanoTime();
    private boolean drawn;

    /**
     * Shows nothing yet: what is soon done needs no progress.
     *
     * @param err      where it is shown.
     * @param terminal whether a line can be drawn over there.
     */
    ProgressLine(final PrintWriter err, final boolean terminal) {
        this.err = err;
        this.terminal = terminal;
        this.intervalNs = terminal ? TERMINAL_INTERVAL_NS : PLAIN_INTERVAL_NS;
    }

    /** Shows a text, unless one was shown a moment ago. */
    void show(final Supplier<String> text) {
        final long nowNs = System.nanoTime();
        if (nowNs - lastNs < intervalNs) {
            return;
        }
        lastNs = nowNs;
        if (terminal) {
            err.print(CLEAR + text.get());
            drawn = true;
        } else {
            err.println(text.get());
        }
        err.flush();
    }

    /** Takes the line away again. */
    @Override
    public void close() {
        if (drawn) {
            err.print(CLEAR);
            err.flush();
        }
    }
}
