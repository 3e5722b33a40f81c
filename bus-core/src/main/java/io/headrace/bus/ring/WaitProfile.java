package io.headrace.bus.ring;

import org.agrona.concurrent.BusySpinIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.SystemNanoClock;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** How a thread waits for events. */
public enum WaitProfile {
    /** Spins briefly, then blocks until it is signalled: next to no CPU when idle. The default. */
    ECO,
    /** Spins briefly, then yields its core to whoever wants it: low latency, one core busy for each thread. */
    YIELD,
    /** Spins: the lowest latency, for hosts with a core to spare for each thread. */
    SPIN;

    /** How long a thread blocks at the most, so that work which depends on time gets its turn. */
    private static final long MAX_BLOCK_NS = TimeUnit.MILLISECONDS.toNanos(100);

    /**
     * Makes the strategy for one waiting thread.
     *
     * @param signal given after each commit.
     * @param ready  whether there is something to do; called by the waiting thread only.
     * @return the strategy, owned by that thread.
     */
    public IdleStrategy idleStrategy(final Signal signal, final BooleanSupplier ready) {
        return idleStrategy(signal, ready, MAX_BLOCK_NS);
    }

    /**
     * Makes the strategy for one waiting thread that has work to do from time to time.
     *
     * @param signal     given after each commit.
     * @param ready      whether there is something to do; called by the waiting thread only.
     * @param maxBlockNs how long it may block, in nanoseconds, at least a millisecond.
     * @return the strategy, owned by that thread.
     */
    public IdleStrategy idleStrategy(final Signal signal, final BooleanSupplier ready, final long maxBlockNs) {
        return switch (this) {
            case ECO -> new EcoIdleStrategy(signal, ready, maxBlockNs, SystemNanoClock.INSTANCE);
            case YIELD -> new YieldIdleStrategy();
            case SPIN -> new BusySpinIdleStrategy();
        };
    }
}
