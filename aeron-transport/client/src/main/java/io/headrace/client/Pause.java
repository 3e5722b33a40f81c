package io.headrace.client;


import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The thread that waits for something: spins for a moment, yields for another, and then sleeps a little at a time. */
final class Pause {
    private static final int SPIN_COUNT = 100;
    private static final int YIELD_COUNT = 200;
    private static final long SLEEP_NS = TimeUnit.MICROSECONDS.toNanos(50);

    private final HeadraceClient client;
    private final long deadlineNs;
    private int count;

    Pause(final HeadraceClient client, final long timeoutNs) {
        this.client = client;
        this.deadlineNs = System.nanoTime() + timeoutNs;
    }

    /** {@return false when the time is over or the thread was interrupted, whose status is kept} */
    boolean more() {
        if (Thread.currentThread().isInterrupted() || System.nanoTime() - deadlineNs >= 0) {
            return false;
        }
        if (client.workHere() > 0) {
            count = 0;
        }
        count++;
        if (count < SPIN_COUNT) {
            Thread.onSpinWait();
        } else if (count < YIELD_COUNT) {
            Thread.yield();
        } else {
            LockSupport.parkNanos(SLEEP_NS);
        }
        return true;
    }

    /** {@return how long there is still time} */
    long leftNs() {
        return Math.max(0, deadlineNs - System.nanoTime());
    }
}
