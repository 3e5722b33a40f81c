package io.headrace.client;

import org.agrona.concurrent.NanoClock;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;

/** The thread of the test: steps agents by turns, with a clock that goes a little with each round. */
public final class Turns implements NanoClock {
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(30);
    private static final long ROUND_NS = TimeUnit.MICROSECONDS.toNanos(5);

    private final IntSupplier[] agents;
    private long nowNs = 1;

    public Turns(final IntSupplier... agents) {
        this.agents = agents;
    }

    @Override
    public long nanoTime() {
        return nowNs;
    }

    public void advance(final long durationNs) {
        nowNs += durationNs;
    }

    /** Steps the agents until something is so; patience only ends a test that would fail anyway. */
    public void until(final BooleanSupplier done, final IntSupplier... more) {
        final long deadlineNs = System.nanoTime() + PATIENCE_NS;
        while (!done.getAsBoolean()) {
            if (System.nanoTime() - deadlineNs > 0) {
                throw new AssertionError("it does not come");
            }
            int workCount = 0;
            for (final IntSupplier agent : agents) {
                workCount += agent.getAsInt();
            }
            for (final IntSupplier agent : more) {
                workCount += agent.getAsInt();
            }
            nowNs += ROUND_NS;
            if (workCount == 0) {
                Thread.yield();
            }
        }
    }

    public void rounds(final int count, final IntSupplier... more) {
        final int[] done = new int[1];
        until(() -> done[0]++ == count, more);
    }
}
