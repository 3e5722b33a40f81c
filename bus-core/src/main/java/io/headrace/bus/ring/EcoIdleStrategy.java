package io.headrace.bus.ring;

import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.NanoClock;

import java.util.function.BooleanSupplier;

/**
 * Waits for the ring: spins for a few microseconds and then blocks until it is signalled. Owned by the thread that
 * waits. A sleep instead of the signal would cost 1 to 2 ms on a small virtual machine, the signal about 50 µs.
 *
 * <p>The spinning is bounded by time, too: an agent whose turn is long, as that of the log thread, which drives a media
 * driver and an archive, would otherwise spin through all the time between two events, and take a core from the others
 * (docs/perf/links.md).
 *
 * <p>It does not yield in between: on a host with few cores that takes them from those who make the next event, and
 * may give this thread's turn away for milliseconds (docs/perf/postgres.md).
 */
final class EcoIdleStrategy implements IdleStrategy {
    private static final int MAX_SPINS = 200;
    private static final long MAX_SPIN_NS = 10_000;

    private final Signal.Waiter waiter;
    private final BooleanSupplier ready;
    private final long maxBlockNs;
    private final NanoClock clock;
    private int attempts;
    private long idleSinceNs;

    EcoIdleStrategy(
        final Signal signal, final BooleanSupplier ready, final long maxBlockNs, final NanoClock clock) {
        waiter = signal.newWaiter();
        this.ready = ready;
        this.maxBlockNs = maxBlockNs;
        this.clock = clock;
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
        if (attempts < MAX_SPINS && spinsOn()) {
            attempts++;
            Thread.onSpinWait();
        } else {
            waiter.await(ready, maxBlockNs);
        }
    }

    private boolean spinsOn() {
        final long nowNs = clock.nanoTime();
        if (attempts == 0) {
            idleSinceNs = nowNs;
        }
        return nowNs - idleSinceNs < MAX_SPIN_NS;
    }

    @Override
    public void reset() {
        attempts = 0;
    }

    @Override
    public String alias() {
        return "eco";
    }
}
