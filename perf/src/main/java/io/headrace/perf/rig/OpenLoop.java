package io.headrace.perf.rig;

import org.HdrHistogram.Histogram;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The sending thread: sends on a schedule that nothing delays. Each event carries the time at which the schedule
 * wanted it sent, so that a receiver, or a path that lets the sender wait, cannot hide what it costs:
 * <em>response time</em> is counted from there. <em>Service time</em> is counted from when it really was sent.
 */
public final class OpenLoop {
    private static final double NS_PER_SECOND = 1e9;
    /** A run that took longer than its schedule by this part, and by this time, has missed its rate. */
    private static final double MAX_LATE_PART = 0.02;
    private static final long MAX_LATE_NS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long MAX_LATE_STEP_NS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long SILENCE_NS = TimeUnit.SECONDS.toNanos(2);
    private static final long SAMPLE_NS = TimeUnit.MILLISECONDS.toNanos(100);

    private final EventPath path;
    private final List<Receiver> receivers;
    private long sentCount;

    private OpenLoop(final EventPath path, final List<Receiver> receivers) {
        this.path = path;
        this.receivers = receivers;
    }

    /** What one phase at one rate gave. */
    private record Phase(double achievedPerSecond, boolean sustained, TimeHistory response, TimeHistory service) {
    }

    /**
     * Measures a path at one rate, after a warm-up at the same rate, and then, if asked to, climbs a ladder of rates
     * that double until one is not held.
     *
     * @param run            that takes the figures.
     * @param factory        of the path.
     * @param receiverCount  how many receive every event.
     * @param ratePerSecond  of the schedule.
     * @param warmUpSeconds  that do not count.
     * @param seconds        that do.
     * @param ladderSeconds  of each further rate; 0 for none.
     * @throws Exception when the path fails.
     */
    public static void measure(
        final ArmRun run, final EventPath.Factory factory, final int receiverCount, final int ratePerSecond,
        final double warmUpSeconds, final double seconds, final double ladderSeconds) throws Exception {
        final List<Receiver> receivers = new ArrayList<>();
        for (int i = 0; i < receiverCount; i++) {
            receivers.add(new Receiver());
        }
        final Settings settings = run.settings();
        final int payloadBytes = Math.max(EventPath.MIN_PAYLOAD_BYTES, settings.payload(32));
        try (EventPath path = factory.open(receivers, payloadBytes, settings.wait("eco"))) {
            final OpenLoop loop = new OpenLoop(path, receivers);
            loop.phase(ratePerSecond, warmUpSeconds, MAX_LATE_NS);
            final Phase measured = loop.phase(ratePerSecond, seconds, MAX_LATE_NS);
            run.times("response", measured.response);
            run.times("service", measured.service);
            run.metric("achieved rate", measured.achievedPerSecond);
            if (!measured.sustained) {
                failRate(run, measured.achievedPerSecond, ratePerSecond);
            }
            if (ladderSeconds > 0) {
                loop.climb(run, measured, ratePerSecond, ladderSeconds);
            }
            loop.check(run);
        }
    }

    private void climb(final ArmRun run, final Phase first, final int firstRate, final double seconds) {
        run.ladder(step(firstRate, first));
        double best = first.sustained ? firstRate : 0;
        for (long rate = 2L * firstRate; rate <= 1L << 26 && best >= rate / 2.0; rate *= 2) {
            final Phase phase = phase(rate, seconds, MAX_LATE_STEP_NS);
            run.ladder(step(rate, phase));
            best = phase.sustained ? rate : best;
        }
        run.metric("saturation", best);
    }

    private static LadderStep step(final double rate, final Phase phase) {
        final Histogram total = phase.response.total();
        return new LadderStep(rate, phase.achievedPerSecond, total.getValueAtPercentile(50) / 1e3,
            total.getValueAtPercentile(99) / 1e3, phase.sustained);
    }

    /** Sends what the schedule wants, and waits until every receiver has it or nothing comes any more. */
    private Phase phase(final double ratePerSecond, final double seconds, final long maxLateNs) {
        final long count = Math.max(1, Math.round(ratePerSecond * seconds));
        final double intervalNs = NS_PER_SECOND / ratePerSecond;
        final TimeHistory response = new TimeHistory();
        final TimeHistory service = new TimeHistory();
        take(new TimeHistory(), new TimeHistory());
        final Sampler sampler = new Sampler(response, service);
        final long beginNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(1);
        for (long i = 0; i < count; i++) {
            final long intendedNs = beginNs + (long)(i * intervalNs);
            long nowNs = System.nanoTime();
            while (nowNs < intendedNs) {
                Thread.yield();
                nowNs = System.nanoTime();
            }
            path.send(sentCount++, intendedNs, nowNs);
        }
        final long endNs = awaitReceivers();
        sampler.finish();
        take(response, service);
        final double scheduledNs = count * intervalNs;
        final long tookNs = Math.max(1, endNs - beginNs);
        return new Phase(count * NS_PER_SECOND / Math.max(tookNs, scheduledNs), isHeld(scheduledNs, tookNs, maxLateNs),
            response, service);
    }

    private static boolean isHeld(final double scheduledNs, final long tookNs, final long maxLateNs) {
        return tookNs - scheduledNs <= Math.max(scheduledNs * MAX_LATE_PART, maxLateNs);
    }

    /**
     * Fails a run that took too much longer than its schedule.
     *
     * @param run           that is judged.
     * @param count         of the events on the schedule.
     * @param ratePerSecond of the schedule.
     * @param tookNs        until the last event was where it had to be.
     */
    public static void judgeRate(final ArmRun run, final long count, final int ratePerSecond, final long tookNs) {
        if (!isHeld(count * NS_PER_SECOND / ratePerSecond, tookNs, MAX_LATE_NS)) {
            failRate(run, count * NS_PER_SECOND / tookNs, ratePerSecond);
        }
    }

    private static void failRate(final ArmRun run, final double achievedPerSecond, final int ratePerSecond) {
        run.fail(String.format(Locale.ROOT, "missed its rate: %.0f/s of %d/s", achievedPerSecond, ratePerSecond));
    }

    private long awaitReceivers() {
        long arrived = -1;
        long lastProgressNs = System.nanoTime();
        while (arrived < sentCount * receivers.size() && System.nanoTime() - lastProgressNs < SILENCE_NS) {
            final long now = receivers.stream().mapToLong(Receiver::arrivedCount).sum();
            if (now != arrived) {
                arrived = now;
                lastProgressNs = System.nanoTime();
            }
            LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(100));
        }
        return receivers.stream().mapToLong(Receiver::lastArrivedNs).max().orElseThrow();
    }

    private void check(final ArmRun run) {
        long lost = 0;
        long duplicates = 0;
        long outOfOrder = 0;
        for (final Receiver receiver : receivers) {
            lost += receiver.check().lost(sentCount);
            duplicates += receiver.check().duplicates();
            outOfOrder += receiver.check().outOfOrder();
        }
        run.count("sent", sentCount);
        run.count("received", receivers.stream().mapToLong(r -> r.check().received()).sum());
        judge(run, lost, duplicates, outOfOrder, sentCount * receivers.size());
    }

    /**
     * Fails a run whose events did not all come once and in order.
     *
     * @param run           that takes the counts.
     * @param lost          events.
     * @param duplicates    events that came again.
     * @param outOfOrder    events that came behind a later one.
     * @param expectedCount how many should have come.
     */
    public static void judge(
        final ArmRun run, final long lost, final long duplicates, final long outOfOrder, final long expectedCount) {
        run.count("lost", lost);
        run.count("duplicates", duplicates);
        run.count("outOfOrder", outOfOrder);
        if (lost + duplicates + outOfOrder > 0) {
            run.fail("lost " + lost + ", doubled " + duplicates + ", out of order " + outOfOrder + " of "
                + expectedCount + " events");
        }
    }

    /** One interval of all receivers. */
    private void take(final TimeHistory response, final TimeHistory service) {
        response.add(merged(receivers.stream().map(Receiver::takeResponse).toList()));
        service.add(merged(receivers.stream().map(Receiver::takeService).toList()));
    }

    private static Histogram merged(final List<Histogram> histograms) {
        final Histogram all = new Histogram(TimeHistory.DIGITS);
        all.setStartTimeStamp(Long.MAX_VALUE);
        histograms.forEach(all::add);
        return all;
    }

    /** A thread of its own: takes the interval histograms while a phase lasts. */
    private final class Sampler {
        private final Thread thread;
        private volatile boolean finished;

        Sampler(final TimeHistory response, final TimeHistory service) {
            thread = new Thread(() -> {
                long nextNs = System.nanoTime() + SAMPLE_NS;
                while (!finished) {
                    LockSupport.parkNanos(this, Math.max(1, nextNs - System.nanoTime()));
                    if (!finished && System.nanoTime() >= nextNs) {
                        take(response, service);
                        nextNs += SAMPLE_NS;
                    }
                }
            }, "history");
            thread.setDaemon(true);
            thread.start();
        }

        void finish() {
            finished = true;
            LockSupport.unpark(thread);
            try {
                thread.join();
            } catch (final InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
