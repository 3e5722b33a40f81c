package io.headrace.perf.ring;

import io.headrace.bus.ring.WaitProfile;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.BusySpinIdleStrategy;
import org.agrona.concurrent.IdleStrategy;

import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;

/** One of the things that S1 compares: moves events from publishing threads to consuming threads of its own. */
interface Conveyor extends AutoCloseable {
    /** How many events may be on their way, in every arm. */
    int CAPACITY = 1 << 16;
    /** How many are taken at once where the caller may choose. */
    int BATCH = 256;

    /** One publishing thread's end. */
    @FunctionalInterface
    interface Inlet {
        /** Copies an event in; waits for room. */
        void send(DirectBuffer event);
    }

    /** Makes one publisher's end; called by the main thread, before anything is sent. */
    Inlet inlet();

    @Override
    void close();

    /** Makes a conveyor that is ready. */
    @FunctionalInterface
    interface Factory {
        Conveyor open(Topology topology, List<Consumer> consumers, int payloadBytes, WaitProfile waiting);
    }

    /** How a publisher without room waits, in every arm: as the Disruptor's own does. */
    static void awaitRoom() {
        LockSupport.parkNanos(1);
    }

    /** How a consumer waits where the thing itself has no way of its own. */
    static IdleStrategy idle(final WaitProfile waiting) {
        return switch (waiting) {
            case ECO -> new BackoffIdleStrategy();
            case YIELD -> WaitProfile.YIELD.idleStrategy(null, () -> false);
            case SPIN -> new BusySpinIdleStrategy();
        };
    }

    /** A thread that takes what there is until it is interrupted. */
    static void consume(final Consumer consumer, final IdleStrategy idle, final IntSupplier takeSome) {
        final Thread thread = new Thread(() -> {
            while (!Thread.currentThread().isInterrupted()) {
                final int count = takeSome.getAsInt();
                if (count == 0) {
                    consumer.show();
                }
                idle.idle(count);
            }
        }, "consumer");
        thread.setDaemon(true);
        thread.start();
    }
}
