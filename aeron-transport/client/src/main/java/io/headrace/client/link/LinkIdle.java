package io.headrace.client.link;

import org.agrona.concurrent.IdleStrategy;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The link thread: how it waits between turns without work. Nothing wakes a thread that waits for a socket and for
 * other processes' memory at once, so it looks again and again: it spins for a moment, then takes {@linkplain Naps
 * naps} for as long as there was work within two milliseconds, and at last it sleeps a millisecond at a time. What
 * comes after a silence waits for that long, and silence costs a few percent of a core. It does not yield: on few cores
 * that keeps those from their turn who make what it waits for.
 */
public final class LinkIdle implements IdleStrategy {
    private static final long SPIN_NS = TimeUnit.MICROSECONDS.toNanos(20);
    private static final long AWAKE_NS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final long SLEEP_NS = TimeUnit.MILLISECONDS.toNanos(1);

    private final Naps naps = new Naps();
    private final Runnable sleep;
    private boolean idle;
    private long idleSinceNs;

    /** Sleeps a millisecond at a time when it has been quiet for a while. */
    public LinkIdle() {
        this(() -> LockSupport.parkNanos(SLEEP_NS));
    }

    /**
     * Sleeps in its own way when it has been quiet for a while.
     *
     * @param sleep one such sleep; called by the link thread.
     */
    public LinkIdle(final Runnable sleep) {
        this.sleep = sleep;
    }

    @Override
    public void idle(final int workCount) {
        if (workCount > 0) {
            reset();
        } else {
            idle();
        }
    }

    @Override
    public void idle() {
        final long nowNs = System.nanoTime();
        if (!idle) {
            idle = true;
            idleSinceNs = nowNs;
        }
        final long idleNs = nowNs - idleSinceNs;
        if (idleNs < SPIN_NS) {
            Thread.onSpinWait();
        } else if (idleNs < AWAKE_NS) {
            naps.nap();
        } else {
            sleep.run();
        }
    }

    @Override
    public void reset() {
        idle = false;
        naps.reset();
    }

    @Override
    public String alias() {
        return "link";
    }
}
