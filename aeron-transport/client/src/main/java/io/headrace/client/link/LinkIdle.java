package io.headrace.client.link;

import org.agrona.concurrent.IdleStrategy;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The link thread: how it waits between turns without work. It yields while there was work a moment ago, then sleeps as
 * shortly as the machine can, and at last a millisecond at a time: what comes after a silence waits for that long, and
 * silence costs a few percent of a core. Traffic of more than a few thousand messages a second keeps it awake.
 */
public final class LinkIdle implements IdleStrategy {
    private static final long YIELD_NS = TimeUnit.MICROSECONDS.toNanos(200);
    private static final long DOZE_NS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final long SHORT_SLEEP_NS = TimeUnit.MICROSECONDS.toNanos(20);
    private static final long LONG_SLEEP_NS = TimeUnit.MILLISECONDS.toNanos(1);

    private boolean idle;
    private long idleSinceNs;

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
            Thread.onSpinWait();
            return;
        }
        final long idleNs = nowNs - idleSinceNs;
        if (idleNs < YIELD_NS) {
            Thread.yield();
        } else {
            LockSupport.parkNanos(idleNs < DOZE_NS ? SHORT_SLEEP_NS : LONG_SLEEP_NS);
        }
    }

    @Override
    public void reset() {
        idle = false;
    }

    @Override
    public String alias() {
        return "link";
    }
}
