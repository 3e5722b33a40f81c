package io.headrace.bus.ring;

import com.lmax.disruptor.Sequence;
import com.lmax.disruptor.SequenceBarrier;
import com.lmax.disruptor.WaitStrategy;

import java.lang.invoke.VarHandle;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Wakes blocked threads after something was published. The publishing side costs one fence and one read while nobody
 * blocks.
 *
 * <p>Why nobody sleeps through a commit: the waiter first announces itself and then looks once more; the publisher
 * first publishes and then looks for waiters; a full fence stands between the two steps on either side. So at least
 * one of them sees the other, and the notification is given under the monitor that the waiter holds from its
 * announcement until it sleeps.
 *
 * <p>It takes the place of a Disruptor wait strategy because the Sequencer calls that after each publication; waiting
 * on a Disruptor barrier is not supported, readers poll.
 */
public final class Signal implements WaitStrategy {
    private final boolean blocking;
    private volatile int waiterCount;

    /**
     * Makes a signal.
     *
     * @param blocking whether any thread will ever block on it; if not, publishing does not even look for waiters.
     */
    public Signal(final boolean blocking) {
        this.blocking = blocking;
    }

    /** Wakes every blocked thread. Called by any thread after what they wait for was made visible. */
    @Override
    public void signalAllWhenBlocking() {
        if (blocking) {
            VarHandle.fullFence();
            if (waiterCount > 0) {
                wakeAll();
            }
        }
    }

    private synchronized void wakeAll() {
        notifyAll();
    }

    /**
     * Blocks until signalled, unless there is something to do already.
     *
     * @param ready     looked at once more before blocking; true means there is something to do.
     * @param timeoutNs the longest time to block, in nanoseconds, at least a millisecond.
     * @throws InterruptedException when the thread was interrupted.
     */
    public synchronized void await(final BooleanSupplier ready, final long timeoutNs) throws InterruptedException {
        waiterCount++;
        try {
            VarHandle.fullFence();
            if (!ready.getAsBoolean()) {
                TimeUnit.NANOSECONDS.timedWait(this, timeoutNs);
            }
        } finally {
            waiterCount--;
        }
    }

    @Override
    public long waitFor(
        final long sequence, final Sequence cursor, final Sequence dependentSequence, final SequenceBarrier barrier) {
        throw new IllegalStateException("readers of the ring poll: no barrier waits on it");
    }
}
