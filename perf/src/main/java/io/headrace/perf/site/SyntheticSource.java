package io.headrace.perf.site;

import io.headrace.bus.adapter.Source;
import io.headrace.bus.adapter.SourceContext;
import io.headrace.bus.monitor.BusClock;
import io.headrace.bus.publish.EventClaim;
import io.headrace.bus.publish.Publisher;
import io.headrace.codecs.sbe.Mark;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Publishes on a schedule that nothing delays, in the place of a source of a configuration. Each event carries as its
 * source time the time at which the schedule wanted it published, so that a bus that lets the source wait cannot hide
 * it: that is the stage {@code source}. Its own thread publishes; the ladder's thread gives it its steps.
 */
final class SyntheticSource implements Source {
    private static final long CLAIM_TIMEOUT_NS = TimeUnit.MILLISECONDS.toNanos(100);
    /** Nearer than this the thread yields, as a sleep may take so much longer. */
    private static final long YIELD_WITHIN_NS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final int CLOSE_TIMEOUT_MS = 5000;

    private final SourceContext context;
    private final SyntheticEvents events;
    private final int transactionRows;
    private final int maxLengthBytes;
    private final long[] sentByTopic;
    private final BusClock clock;
    private final EventClaim claim = new EventClaim();
    private final BlockingQueue<Step> steps = new LinkedBlockingQueue<>();
    private final Thread thread;
    private volatile boolean quiet;
    private long sentCount;
    private long unitCount;
    private long waitedNs;

    /**
     * What one step sent.
     *
     * @param scheduled  how many events the schedule wanted.
     * @param sent       how many were sent before the source gave up.
     * @param lateNs     how late the last one was, or would have been.
     * @param waitedNs   for room on the ring.
     * @param sentByTopic since the start, in the order of the topics.
     */
    record Sent(long scheduled, long sent, long lateNs, long waitedNs, long[] sentByTopic) {
    }

    private record Step(
        double ratePerSecond, long beginNs, long lengthNs, long graceNs, CompletableFuture<Sent> result) {
    }

    SyntheticSource(final SyntheticSourceOptions options, final SourceContext context) {
        this.context = context;
        events = new SyntheticEvents(context.name(), options.topics(), options.payloadBytes(), options.keyCount());
        transactionRows = options.transactionRows();
        sentByTopic = new long[options.topics().size()];
        maxLengthBytes = events.maxLengthBytes();
        if (maxLengthBytes > context.publisher().maxEventLengthBytes()) {
            throw new IllegalArgumentException("payload=" + options.payloadBytes() + " makes events of "
                + maxLengthBytes + " bytes, but this bus takes at most " + context.publisher().maxEventLengthBytes());
        }
        clock = new BusClock(context.nanoClock(), context.epochClock());
        thread = new Thread(this::run, "synthetic-" + context.name());
        thread.setDaemon(true);
    }

    @Override
    public void start() {
        context.health().up();
        thread.start();
    }

    /** Publishes at a rate from a moment of the monotonic clock on; what is late by more than the grace is left out. */
    CompletableFuture<Sent> step(
        final double ratePerSecond, final long beginNs, final long lengthNs, final long graceNs) {
        final CompletableFuture<Sent> result = new CompletableFuture<>();
        steps.add(new Step(ratePerSecond, beginNs, lengthNs, graceNs, result));
        return result;
    }

    private void run() {
        while (!quiet) {
            Step step = null;
            try {
                step = steps.take();
                step.result.complete(publish(step));
            } catch (final InterruptedException e) {
                if (step != null) {
                    step.result.completeExceptionally(e);
                }
                return;
            } catch (final RuntimeException | Error e) {
                step.result.completeExceptionally(e);
                context.health().failed("The synthetic source stopped: " + e);
                return;
            }
        }
    }

    private Sent publish(final Step step) throws InterruptedException {
        clock.resample();
        waitedNs = 0;
        final long before = sentCount;
        final long scheduled = Math.max(1, Math.round(step.ratePerSecond * step.lengthNs / 1e9));
        final double intervalNs = 1e9 / step.ratePerSecond;
        long lateNs = 0;
        while (sentCount - before < scheduled) {
            final int count = unitSize(scheduled - (sentCount - before));
            final long intendedNs = step.beginNs + (long)((sentCount - before) * intervalNs);
            await(intendedNs);
            lateNs = Math.max(0, clock.nanoTime() - intendedNs);
            if (clock.nanoTime() - step.beginNs > step.lengthNs + step.graceNs) {
                break;
            }
            publishUnit(count, clock.epochNs(intendedNs));
            lateNs = Math.max(0, clock.nanoTime() - intendedNs);
        }
        return new Sent(scheduled, sentCount - before, lateNs, waitedNs, sentByTopic.clone());
    }

    /** A transaction is published whole, when it is committed, as a database's own. */
    private int unitSize(final long left) {
        return events.isRow(sentCount) ? (int)Math.min(left, transactionRows) : 1;
    }

    private void await(final long intendedNs) throws InterruptedException {
        long leftNs = intendedNs - clock.nanoTime();
        while (leftNs > 0) {
            if (leftNs > YIELD_WITHIN_NS) {
                LockSupport.parkNanos(leftNs - YIELD_WITHIN_NS);
            } else {
                Thread.yield();
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            leftNs = intendedNs - clock.nanoTime();
        }
    }

    private void publishUnit(final int count, final long timeNs) throws InterruptedException {
        final long unit = ++unitCount;
        if (!events.isRow(sentCount)) {
            publishEvent(unit, 0, timeNs);
            return;
        }
        claim();
        claim.commit(events.mark(claim.buffer(), Mark.BEGIN, unit, 0, timeNs, 0));
        for (int i = 1; i <= count; i++) {
            publishEvent(unit, i, timeNs);
        }
        claim();
        claim.commit(events.mark(claim.buffer(), Mark.COMMIT, unit, count + 1, timeNs, count));
    }

    private void publishEvent(final long unit, final int index, final long timeNs) throws InterruptedException {
        claim();
        claim.commit(events.event(claim.buffer(), sentCount, unit, index, timeNs));
        sentByTopic[events.topicOf(sentCount)]++;
        sentCount++;
    }

    private void claim() throws InterruptedException {
        long answer = context.publisher().tryClaim(maxLengthBytes, claim);
        if (answer == Publisher.BACK_PRESSURED) {
            final long fromNs = clock.nanoTime();
            while (answer == Publisher.BACK_PRESSURED) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                answer = context.publisher().claim(maxLengthBytes, claim, CLAIM_TIMEOUT_NS);
            }
            waitedNs += clock.nanoTime() - fromNs;
        }
        if (answer < 0) {
            throw new IllegalStateException("the bus refused an event: code=" + answer);
        }
    }

    @Override
    public void quiesce() {
        quiet = true;
        thread.interrupt();
        try {
            thread.join(CLOSE_TIMEOUT_MS);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        quiesce();
    }
}
