package io.headrace.adapters.cli.eventlog;

import io.headrace.adapters.cli.eventlog.ReplayResult.Outcome;
import io.headrace.bus.adapter.EventBatch;
import io.headrace.bus.adapter.Health;
import io.headrace.bus.adapter.Sink;
import io.headrace.bus.delivery.Delivery;
import io.headrace.bus.delivery.DeliveryCounters;
import io.headrace.bus.delivery.FlowStoppedException;
import io.headrace.bus.delivery.OnPoison;
import io.headrace.bus.service.config.SinkConfiguration;
import io.headrace.codecs.EventView;
import io.headrace.codecs.sbe.EventKind;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Gives recorded events of one flow again to a sink of its own, made from the flow's options. Owned by the thread that
 * replays, except {@link #stop()}, which any thread calls.
 */
public final class Replay {
    private static final String SUFFIX = "-replay";
    private static final long STOP_TIMEOUT_MS = 5000;

    private final SinkConfiguration<?> flow;
    private final ReplayProgress progress;
    private final ReplayContext context;
    private final DeliveryCounters counters;
    private final CountDownLatch done = new CountDownLatch(1);
    private volatile boolean stopRequested;
    private volatile Thread runner;
    private long eventCount;
    private long firstSequence = -1;
    private long firstTimeNs;
    private long lastSequence = -1;
    private long lastTimeNs;
    private long nextSequence = -1;

    /**
     * Makes a replay.
     *
     * @param flow     whose events are given again.
     * @param progress is told how far it is.
     */
    public Replay(final SinkConfiguration<?> flow, final ReplayProgress progress) {
        this.flow = flow;
        this.progress = progress;
        context = new ReplayContext(flow.name() + SUFFIX);
        counters = DeliveryCounters.of(context.counters(), "flow");
    }

    /**
     * Replays up to the end of a walk.
     *
     * @param walk          over the log.
     * @param maxEventBytes the longest event that the log can hold.
     * @param dryRun        whether the events are only counted.
     * @return what was done; never more than what the sink has finished. It has failed also when a record of the log
     *         is damaged, or was purged meanwhile.
     */
    public ReplayResult run(final LogWalk walk, final int maxEventBytes, final boolean dryRun) {
        runner = Thread.currentThread();
        final ReplayBatch batches = new ReplayBatch(walk, flow, maxEventBytes);
        try {
            if (dryRun) {
                while (!stopRequested && batches.collect()) {
                    count(batches);
                }
                return ended(batches);
            }
            try (Sink sink = flow.createSink(context)) {
                return deliver(batches, newDelivery(sink));
            }
        } finally {
            done.countDown();
        }
    }

    private Delivery newDelivery(final Sink sink) {
        // There is no parking here: an event that would be parked is left out and counted.
        final OnPoison onPoison = flow.flow().onPoison() == OnPoison.STOP ? OnPoison.STOP : OnPoison.SKIP;
        return new Delivery(
            context.name(), sink, flow.flow().retry(), onPoison, context.health(), counters);
    }

    private ReplayResult deliver(final ReplayBatch batches, final Delivery delivery) {
        try {
            while (!stopRequested && batches.collect()) {
                delivery.deliver(batches.batch());
                count(batches);
            }
        } catch (final FlowStoppedException e) {
            return result(Outcome.FAILED, e.getMessage());
        } catch (final InterruptedException e) {
            return result(Outcome.INTERRUPTED, "It was stopped while it delivered.");
        }
        return ended(batches);
    }

    private ReplayResult ended(final ReplayBatch batches) {
        if (batches.failure() != null) {
            return result(Outcome.FAILED, batches.failure().getMessage());
        }
        return result(stopRequested ? Outcome.INTERRUPTED : Outcome.COMPLETE, "");
    }

    private void count(final ReplayBatch batches) {
        final EventBatch batch = batches.batch();
        batch.window(0, batch.heldCount());
        for (int i = 0; i < batch.size(); i++) {
            final EventView event = batch.event(i);
            if (event.kind() != EventKind.TRANSACTION) {
                if (eventCount == 0) {
                    firstSequence = event.sequence();
                    firstTimeNs = event.publishTimeNs();
                }
                eventCount++;
                lastSequence = event.sequence();
                lastTimeNs = event.publishTimeNs();
            }
        }
        if (!batch.endsInTransaction()) {
            // What is inside a transaction counts with its end only: the sink has not finished it before.
            nextSequence = batches.nextSequence();
        }
        progress.onEvents(eventCount, lastSequence, lastTimeNs);
    }

    private ReplayResult result(final Outcome outcome, final String reason) {
        return new ReplayResult(outcome, reason, eventCount, counters.poisonEvents().get(), counters.retries().get(),
            firstSequence, firstTimeNs, lastSequence, lastTimeNs, nextSequence);
    }

    /**
     * Asks it to stop after the batch in hand. One that does not come to its end, because its target is away, is given
     * up. Returns at once.
     */
    public void stop() {
        stopRequested = true;
        final Thread guard = new Thread(this::interruptWhenLate, "headrace-replay-stop");
        guard.setDaemon(true);
        guard.start();
    }

    private void interruptWhenLate() {
        try {
            final boolean waitsForTarget = context.health().state() == Health.State.DOWN;
            if (!done.await(waitsForTarget ? 0 : STOP_TIMEOUT_MS, TimeUnit.MILLISECONDS) && runner != null) {
                runner.interrupt();
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
