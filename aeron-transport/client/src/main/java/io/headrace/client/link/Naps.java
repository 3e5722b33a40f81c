package io.headrace.client.link;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The sleeps of a thread that had work a moment ago, and is that thread's: each a little longer than the one before, so
 * that what comes next waits for about an eighth of the time since the last work, and a silence costs little.
 *
 * <p>Linux adds 50 microseconds to every sleep of a thread, to wake several at once, unless the thread says that it
 * wants less (proc(5), {@code timerslack_ns}). It is said with the first nap. Measured on a virtual machine, a nap of 5
 * microseconds then takes 11 instead of 62. Elsewhere naps are as long as the system makes them.
 */
public final class Naps {
    private static final long SHORTEST_NS = TimeUnit.MICROSECONDS.toNanos(5);
    private static final int GROWTH_SHIFT = 3;
    private static final String SLACK_NS = "1000";

    private long napNs = SHORTEST_NS;
    private boolean prompt;

    /** Sleeps, a little longer than before. */
    public void nap() {
        if (!prompt) {
            prompt = true;
            wakePromptly();
        }
        LockSupport.parkNanos(napNs);
        napNs += napNs >> GROWTH_SHIFT;
    }

    /** There was work: the next nap is a short one. */
    public void reset() {
        napNs = SHORTEST_NS;
    }

    /**
     * Has the system wake the calling thread when it asked for, from now on.
     *
     * @return whether the system has agreed.
     */
    public static boolean wakePromptly() {
        try {
            final Path thread = Files.readSymbolicLink(Path.of("/proc/thread-self")).getFileName();
            Files.writeString(Path.of("/proc").resolve(thread).resolve("timerslack_ns"), SLACK_NS);
            return true;
        } catch (final IOException | RuntimeException e) {
            return false;
        }
    }
}
