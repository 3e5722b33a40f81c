package io.headrace.bus.ring;

import org.agrona.concurrent.IdleStrategy;

/**
 * Spins a little before each run of yields: a yield is a system call, which on a virtual machine costs more than the
 * event that arrives meanwhile. Owned by the thread that waits.
 */
final class YieldIdleStrategy implements IdleStrategy {
    private static final int MAX_SPINS = 100;

    private int spins;

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
        if (spins < MAX_SPINS) {
            spins++;
            Thread.onSpinWait();
        } else {
            Thread.yield();
        }
    }

    @Override
    public void reset() {
        spins = 0;
    }

    @Override
    public String alias() {
        return "yield";
    }
}
