package io.headrace.aeron.link;

import io.headrace.bus.ring.Signal;
import io.headrace.bus.ring.WaitProfile;
import org.agrona.concurrent.IdleStrategy;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * How a link thread waits; owned by it. Nothing wakes a thread that waits for a socket and for other processes' memory
 * at once, so it looks again and again. By {@code eco} it spins for a moment and then naps, briefly while there is
 * traffic and for two milliseconds behind it, and after that for a millisecond at a time; it does not yield, as on few
 * cores that keeps the log thread from its turn. What is recorded wakes it at once from a long nap, if a link waits for
 * that: otherwise it does not listen to the signal, which would cost the log thread a system call for each event.
 */
final class LinkIdleStrategy implements IdleStrategy {
    private static final long SPIN_NS = TimeUnit.MICROSECONDS.toNanos(20);
    /** As short as the kernel lets a thread sleep, which is three times as long. */
    private static final long NAP_NS = TimeUnit.MICROSECONDS.toNanos(20);
    private static final long AWAKE_NS = TimeUnit.MILLISECONDS.toNanos(2);

    private final WaitProfile profile;
    private final Signal signal;
    private final BooleanSupplier waits;
    private final BooleanSupplier ready;
    private final LongSupplier maxBlockNs;
    private long idleSinceNs;
    private boolean idling;

    /**
     * Makes the strategy.
     *
     * @param profile    whether it may block, yield, or only spin.
     * @param signal     that wakes it.
     * @param waits      whether anything waits for what the signal is given for.
     * @param ready      whether there is something to do that the signal is given for.
     * @param maxBlockNs how long it may block at a time, at least a millisecond.
     */
    LinkIdleStrategy(
        final WaitProfile profile,
        final Signal signal,
        final BooleanSupplier waits,
        final BooleanSupplier ready,
        final LongSupplier maxBlockNs) {
        this.profile = profile;
        this.signal = signal;
        this.waits = waits;
        this.ready = ready;
        this.maxBlockNs = maxBlockNs;
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
        if (profile == WaitProfile.SPIN) {
            Thread.onSpinWait();
            return;
        }
        final long nowNs = System.nanoTime();
        if (!idling) {
            idling = true;
            idleSinceNs = nowNs;
        }
        final long idleNs = nowNs - idleSinceNs;
        if (idleNs < SPIN_NS) {
            Thread.onSpinWait();
        } else if (profile == WaitProfile.YIELD) {
            Thread.yield();
        } else if (idleNs < AWAKE_NS) {
            LockSupport.parkNanos(NAP_NS);
        } else {
            block();
        }
    }

    private void block() {
        if (!waits.getAsBoolean()) {
            LockSupport.parkNanos(maxBlockNs.getAsLong());
            return;
        }
        try {
            signal.await(ready, maxBlockNs.getAsLong());
        } catch (final InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void reset() {
        idling = false;
    }

    @Override
    public String alias() {
        return "link";
    }
}
