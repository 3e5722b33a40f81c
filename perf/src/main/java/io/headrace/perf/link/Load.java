package io.headrace.perf.link;

import io.headrace.client.link.Naps;
import io.headrace.perf.rig.Settings;

import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;
import java.util.function.LongConsumer;

/**
 * How many events a run has, and how fast they are sent. Immutable.
 *
 * @param rate        events a second while they are timed.
 * @param warmUpCount events before those that are timed, at the same rate.
 * @param timedCount  events that are timed.
 * @param burstCount  events at the end, as fast as they go.
 */
record Load(int rate, long warmUpCount, long timedCount, long burstCount) {
    private static final int DEFAULT_RATE = 10_000;
    private static final long QUICK_BURST = 200_000;
    private static final long FULL_BURST = 2_000_000;
    /** More than a sleep takes longer than it was asked for, where the system wakes promptly. */
    private static final long WAKING_NS = 12_000;
    private static final long NS_PER_SECOND = 1_000_000_000L;

    static Load of(final List<String> texts) {
        return new Load(Integer.parseInt(texts.get(0)), Long.parseLong(texts.get(1)), Long.parseLong(texts.get(2)),
            Long.parseLong(texts.get(3)));
    }

    /** As a run was asked for. */
    static Load of(final Settings settings) {
        final int rate = settings.rate(DEFAULT_RATE);
        return new Load(rate, (long)(settings.seconds(2, 4) * rate), (long)(settings.seconds(1, 10) * rate),
            settings.quick() ? QUICK_BURST : FULL_BURST);
    }

    List<String> texts() {
        return List.of(Integer.toString(rate), Long.toString(warmUpCount), Long.toString(timedCount),
            Long.toString(burstCount));
    }

    Arrivals newArrivals() {
        return new Arrivals(warmUpCount, timedCount, burstCount);
    }

    /** Sends one event; waits for room. */
    interface Sender {
        void send(long number, long intendedNs);
    }

    /**
     * How a thread that sends waits for the next event's time, given how long that is: it sleeps for all of it but what
     * waking takes, so that the cores are left to what is measured. Called by that thread.
     */
    static LongConsumer rest() {
        Naps.wakePromptly();
        return leftNs -> {
            if (leftNs > WAKING_NS) {
                LockSupport.parkNanos(leftNs - WAKING_NS);
            } else {
                Thread.onSpinWait();
            }
        };
    }

    /**
     * The same for a thread that also drives something: it gives that its turns for as long as there is work.
     *
     * @param turn answers with the amount of work done.
     */
    static LongConsumer restAfter(final IntSupplier turn) {
        final LongConsumer rest = rest();
        return leftNs -> {
            if (turn.getAsInt() == 0) {
                rest.accept(leftNs);
            }
        };
    }

    /**
     * Keeps to the schedule, whatever a step takes; then sends the burst. Called by the sending thread.
     *
     * @param sender  of one event.
     * @param between what the thread does until the next event's time, again and again; takes the time left.
     */
    void run(final Sender sender, final LongConsumer between) {
        final long intervalNs = NS_PER_SECOND / rate;
        final long pacedCount = warmUpCount + timedCount;
        final long beginNs = System.nanoTime() + intervalNs;
        for (long number = 0; number < pacedCount; number++) {
            final long intendedNs = beginNs + number * intervalNs;
            long leftNs = intendedNs - System.nanoTime();
            while (leftNs > 0) {
                between.accept(leftNs);
                leftNs = intendedNs - System.nanoTime();
            }
            sender.send(number, intendedNs);
        }
        for (long number = pacedCount; number < pacedCount + burstCount; number++) {
            sender.send(number, 0);
        }
    }
}
