package io.headrace.aeron.link;

import io.headrace.bus.ring.Signal;
import io.headrace.bus.ring.WaitProfile;
import io.headrace.client.link.LinkIdle;
import org.agrona.concurrent.IdleStrategy;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * How the link thread of a service waits. By {@code eco} as that of a client does, but what is recorded wakes it at
 * once from a long sleep, if a link waits for that: otherwise it does not listen to the signal, which would cost the
 * log thread a system call for each event.
 */
final class LinkWaiting {
    private LinkWaiting() {
    }

    /** For what comes from the network only, which gives no signal. */
    static IdleStrategy of(final WaitProfile profile) {
        return profile == WaitProfile.ECO ? new LinkIdle() : profile.idleStrategy(new Signal(false), () -> false);
    }

    /**
     * For what is recorded, too.
     *
     * @param profile    whether it may sleep, yield, or only spin.
     * @param signal     that wakes it.
     * @param waits      whether anything waits for what the signal is given for.
     * @param ready      whether there is something to do that the signal is given for.
     * @param maxSleepNs how long it may sleep at a time, at least a millisecond.
     * @return the strategy, owned by the link thread.
     */
    static IdleStrategy of(
        final WaitProfile profile,
        final Signal signal,
        final BooleanSupplier waits,
        final BooleanSupplier ready,
        final LongSupplier maxSleepNs) {
        return profile == WaitProfile.ECO
            ? new LinkIdle(newSleep(signal.newWaiter(), waits, ready, maxSleepNs))
            : profile.idleStrategy(signal, ready);
    }

    private static Runnable newSleep(
        final Signal.Waiter waiter,
        final BooleanSupplier waits,
        final BooleanSupplier ready,
        final LongSupplier maxSleepNs) {
        return () -> {
            if (waits.getAsBoolean()) {
                waiter.await(ready, maxSleepNs.getAsLong());
            } else {
                LockSupport.parkNanos(maxSleepNs.getAsLong());
            }
        };
    }
}
