package io.headrace.perf.log;

import io.headrace.bus.Bus;
import io.headrace.bus.adapter.EventBatch;
import io.headrace.bus.adapter.Sink;
import io.headrace.bus.subscription.Subscription;
import io.headrace.bus.subscription.SubscriptionContext;
import io.headrace.bus.subscription.TopicSelector;
import io.headrace.perf.rig.Arm;
import io.headrace.perf.rig.ArmRun;
import io.headrace.perf.rig.Comparison;
import io.headrace.perf.rig.Metric;
import io.headrace.perf.rig.Scenario;
import io.headrace.perf.rig.Settings;
import org.HdrHistogram.Histogram;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * S4: one sink stands still for a while, on a bus with an event log and an open-loop load: what its neighbour notices,
 * how fast the sink catches up while the load goes on, and whether anything is lost.
 */
public final class StalledSink implements Scenario {
    private static final int DIGITS = 3;
    private static final int RATE = 50_000;

    @Override
    public String id() {
        return "S4";
    }

    @Override
    public String question() {
        return "What does a flow notice of another one whose sink stands still, and how fast does that one catch up?";
    }

    @Override
    public List<Comparison> comparisons(final Settings settings) {
        return List.of(new Comparison("stall", settings.rate(RATE) + "/s, " + LoggedBus.EVENT_BYTES + " B, sync "
            + (settings.synced() ? "data" : "none"), List.of(
            Arm.baseline("calm", run -> new Run(run).measure(run, false)),
            Arm.subject("stalled", run -> new Run(run).measure(run, true))),
            List.of(Metric.less("neighbour p99", "µs", new Metric.Goal("stalled", "calm", 1.2)),
                Metric.more("second flow", "events/s", new Metric.Goal("stalled", "calm", 5)))));
    }

    /** Counts, checks that no number is missing or doubled, and measures from the schedule; it can stand still. */
    private static final class CountingSink implements Sink {
        private volatile long nextNumber;
        private volatile boolean still;
        private volatile Histogram histogram = new Histogram(DIGITS);
        private volatile String fault;

        @Override
        public void deliver(final EventBatch batch) throws InterruptedException {
            while (still) {
                TimeUnit.MILLISECONDS.sleep(1);
            }
            final long nowNs = System.nanoTime();
            final Histogram current = histogram;
            for (int i = 0; i < batch.size(); i++) {
                final long number = batch.event(i).buffer().getLong(batch.event(i).payloadOffset());
                if (number != nextNumber && fault == null) {
                    fault = "number " + number + " came in place of " + nextNumber;
                }
                nextNumber = number + 1;
                current.recordValue(Math.max(0, nowNs - batch.event(i).sourceTimeNs()));
            }
        }

        @Override
        public void close() {
            still = false;
        }
    }

    /** The main thread of an arm, and one that sends. */
    private static final class Run {
        private static final int WARM_UP_SECONDS = 3;
        private static final long NS_PER_SECOND = 1_000_000_000L;
        private static final long TICK_NS = TimeUnit.MILLISECONDS.toNanos(1);

        private final Path folder;
        private final Bus bus;
        private final LoggedBus.Sender sender;
        private final int rate;
        private final CountingSink neighbour = new CountingSink();
        private final CountingSink second = new CountingSink();
        private final Subscription secondSubscription;
        private final AtomicBoolean running = new AtomicBoolean(true);
        private volatile long sentCount;

        Run(final ArmRun run) {
            rate = run.settings().rate(RATE);
            folder = run.folder().resolve("log");
            bus = LoggedBus.open(folder, run.settings().synced(), run.settings().wait("eco"));
            sender = new LoggedBus.Sender(bus, "load");
            bus.subscribe(new SubscriptionContext().name("neighbour").topics(TopicSelector.all()), lane -> neighbour);
            secondSubscription =
                bus.subscribe(new SubscriptionContext().name("second").topics(TopicSelector.all()), lane -> second);
        }

        void measure(final ArmRun run, final boolean stall) throws Exception {
            final Thread load = new Thread(this::load, "load");
            load.start();
            TimeUnit.SECONDS.sleep(WARM_UP_SECONDS);
            second.still = stall;
            neighbour.histogram = new Histogram(DIGITS);
            final long fromNumber = second.nextNumber;
            final long fromNs = System.nanoTime();
            TimeUnit.MILLISECONDS.sleep((long)(run.settings().seconds(3, 10) * 1e3));
            final Histogram taken = neighbour.histogram;
            neighbour.histogram = new Histogram(DIGITS);
            run.metric("neighbour p50", taken.getValueAtPercentile(50) / 1e3);
            run.metric("neighbour p99", taken.getValueAtPercentile(99) / 1e3);
            run.metric("second flow", stall ? catchUp(fromNumber)
                : (second.nextNumber - fromNumber) * 1e9 / (System.nanoTime() - fromNs));
            running.set(false);
            load.join();
            final boolean drained = bus.drain(Duration.ofMinutes(1));
            run.count("sent", sentCount);
            run.count("evictions", secondSubscription.status().evictions());
            final long lost = 2 * sentCount - neighbour.nextNumber - second.nextNumber;
            run.count("lost", lost);
            if (!drained || lost != 0 || neighbour.fault != null || second.fault != null) {
                run.fail("lost " + lost + ", drained " + drained + ", faults " + neighbour.fault + ", "
                    + second.fault);
            }
            bus.close();
            LoggedBus.delete(folder);
        }

        /** From the end of the stall until it is next to the load again. */
        private double catchUp(final long fromNumber) throws InterruptedException {
            final long beginNs = System.nanoTime();
            second.still = false;
            while (second.nextNumber < sentCount - rate / 100) {
                TimeUnit.MILLISECONDS.sleep(1);
            }
            return (second.nextNumber - fromNumber) * 1e9 / (System.nanoTime() - beginNs);
        }

        /** Sends what is due on the schedule, in ticks; each event has its own time on it. */
        private void load() {
            final long intervalNs = NS_PER_SECOND / rate;
            final long beginNs = System.nanoTime();
            long number = 0;
            while (running.get()) {
                final long dueCount = (System.nanoTime() - beginNs) / intervalNs;
                while (number < dueCount) {
                    sender.send(number, beginNs + number * intervalNs, 0);
                    number++;
                    sentCount = number;
                }
                LockSupport.parkNanos(TICK_NS);
            }
        }
    }
}
