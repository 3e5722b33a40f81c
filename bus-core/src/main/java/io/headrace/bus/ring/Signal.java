package io.headrace.bus.ring;

import com.lmax.disruptor.Sequence;
import com.lmax.disruptor.SequenceBarrier;
import com.lmax.disruptor.WaitStrategy;

import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Wakes blocked threads after something was published, all of them at once. The publishing side costs one fence and one
 * read while nobody blocks, and a system call for each thread that does.
 *
 * <p>Why nobody sleeps through a commit: the waiter first puts itself on the list and then looks once more; the
 * publisher first publishes and then looks at the list; a full fence stands between the two steps on either side. So at
 * least one of them sees the other. Whoever is on the list either stays there until the next signal takes it, or was
 * taken by one that has not come to wake it yet, and will.
 *
 * <pre>
 *   waiter     on the list │ fence │ anything to do? │ park
 *   publisher  publish     │ fence │ take the list   │ of each: off the list, unpark
 * </pre>
 *
 * <p>A thread that went on by itself stays on the list, and is "woken" once while it is awake, which makes its next
 * sleep end at once. A monitor would do with less, but hands itself from one waiter to the next: the third thread then
 * wakes after the second, and that one after the first (docs/perf/links.md).
 *
 * <p>It takes the place of a Disruptor wait strategy because the Sequencer calls that after each publication; waiting
 * on a Disruptor barrier is not supported, readers poll.
 */
public final class Signal implements WaitStrategy {
    private final boolean blocking;
    private final AtomicReference<Waiter> waiters = new AtomicReference<>();

    /**
     * Makes a signal.
     *
     * @param blocking whether any thread will ever block on it; if not, publishing does not even look for waiters.
     */
    public Signal(final boolean blocking) {
        this.blocking = blocking;
    }

    /** {@return a waiter for one thread} */
    public Waiter newWaiter() {
        return new Waiter();
    }

    /** Wakes every blocked thread. Called by any thread after what they wait for was made visible. */
    @Override
    public void signalAllWhenBlocking() {
        if (blocking) {
            VarHandle.fullFence();
            if (waiters.get() != null) {
                wakeAll();
            }
        }
    }

    /** In the order in which they began to wait: first those with short turns, such as handlers. */
    private void wakeAll() {
        Waiter waiter = longestWaiting(waiters.getAndSet(null));
        while (waiter != null) {
            // Off the list it may come back at once, with another one behind it.
            final Waiter next = waiter.next;
            final Thread thread = waiter.thread;
            waiter.listed = false;
            LockSupport.unpark(thread);
            waiter = next;
        }
    }

    /** Turns a list round that nobody else has any more. */
    private static Waiter longestWaiting(final Waiter latest) {
        Waiter longest = null;
        Waiter waiter = latest;
        while (waiter != null) {
            final Waiter earlier = waiter.next;
            waiter.next = longest;
            longest = waiter;
            waiter = earlier;
        }
        return longest;
    }

    @Override
    public long waitFor(
        final long sequence, final Sequence cursor, final Sequence dependentSequence, final SequenceBarrier barrier) {
        throw new IllegalStateException("readers of the ring poll: no barrier waits on it");
    }

    /** One thread's place on the list of those that block. Owned by that thread. */
    public final class Waiter {
        private Thread thread;
        private Waiter next;
        private volatile boolean listed;

        private Waiter() {
        }

        /**
         * Blocks until signalled, unless there is something to do already. It may return without either; an interrupt
         * ends it and stays set.
         *
         * @param ready     looked at once more before blocking; true means there is something to do.
         * @param timeoutNs the longest time to block, in nanoseconds, more than 0.
         */
        public void await(final BooleanSupplier ready, final long timeoutNs) {
            if (!listed) {
                putOnList();
            }
            VarHandle.fullFence();
            if (!ready.getAsBoolean()) {
                LockSupport.parkNanos(Signal.this, timeoutNs);
            }
        }

        private void putOnList() {
            thread = Thread.currentThread();
            listed = true;
            do {
                next = waiters.get();
            } while (!waiters.compareAndSet(next, this));
        }
    }
}
