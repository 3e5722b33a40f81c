package io.headrace.bus.ring;

import org.agrona.concurrent.BusySpinIdleStrategy;
import org.agrona.concurrent.IdleStrategy;

import java.util.function.BooleanSupplier;

/** How a thread waits for events. */
public enum WaitProfile {
    /** Spins briefly, then blocks until it is signalled: next to no CPU when idle. The default. */
    ECO,
    /** Spins briefly, then yields its core to whoever wants it: low latency, one core busy for each thread. */
    YIELD,
    /** Spins: the lowest latency, for hosts with a core to spare for each thread. */
    SPIN;

    /**
     * Makes the strategy for one waiting thread.
     *
     * @param signal given after each commit.
     * @param ready  whether there is something to do; called by the waiting thread only.
     * @return the strategy, owned by that thread.
     */
    public IdleStrategy idleStrategy(final Signal signal, final BooleanSupplier ready) {
        return switch (this) {
            case ECO -> new EcoIdleStrategy(signal, ready);
            case YIELD -> new YieldIdleStrategy();
            case SPIN -> new BusySpinIdleStrategy();
        };
    }
}
