package io.headrace.perf.log;

import io.headrace.bus.Bus;
import io.headrace.bus.adapter.EventBatch;
import io.headrace.bus.adapter.Sink;
import io.headrace.bus.subscription.Subscription;
import io.headrace.bus.subscription.SubscriptionContext;
import io.headrace.bus.subscription.TopicSelector;
import io.headrace.perf.report.Arguments;
import io.headrace.perf.rig.HiccupMeter;
import io.headrace.perf.report.Ratios;
import io.headrace.perf.report.Report;
import org.HdrHistogram.Histogram;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * One sink stands still for a while, on a bus with an event log and an open-loop load: what its neighbour notices, how
 * fast the sink catches up while the load goes on, and whether anything is lost. Each round measures the neighbour
 * without a stall, without one again as the control, and with one, in turns.
 *
 * <p>Arguments: {@code --rounds 5 --rate 50000 --stall-seconds 10 --sync none|data --report FILE}.
 */
public final class StalledSink {
    private static final int DIGITS = 3;
    private static final int WARM_UP_SECONDS = 5;
    private static final long NS_PER_SECOND = 1_000_000_000L;
    private static final long TICK_NS = TimeUnit.MILLISECONDS.toNanos(1);

    private final Bus bus;
    private final LoggedBus.Sender sender;
    private final int rate;
    private final CountingSink neighbour = new CountingSink();
    private final CountingSink stalling = new CountingSink();
    private final Subscription stallingSubscription;
    private final AtomicBoolean running = new AtomicBoolean(true);
    private volatile long sentCount;

    private StalledSink(final Path folder, final boolean sync, final int rate) {
        this.rate = rate;
        bus = LoggedBus.open(folder, sync);
        sender = new LoggedBus.Sender(bus, "load");
        bus.subscribe(new SubscriptionContext().name("neighbour").topics(TopicSelector.all()), lane -> neighbour);
        stallingSubscription =
            bus.subscribe(new SubscriptionContext().name("stalling").topics(TopicSelector.all()), lane -> stalling);
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

    /**
     * Runs the measurement.
     *
     * @param args as described above.
     * @throws Exception when the bus cannot be opened.
     */
    public static void main(final String[] args) throws Exception {
        final Arguments arguments = new Arguments(args, "rounds", "rate", "stall-seconds", "sync", "report");
        final Report report = new Report("What does a flow notice of another one whose sink stands still?", args);
        final Path folder = Files.createTempDirectory("headrace-stall");
        final Map<String, List<Double>> values = new LinkedHashMap<>();
        final StalledSink run = new StalledSink(
            folder.resolve("log"), "data".equals(arguments.text("sync", "none")), arguments.number("rate", 50_000));
        final Thread load = new Thread(run::load, "load");
        load.start();
        try (HiccupMeter hiccups = new HiccupMeter()) {
            TimeUnit.SECONDS.sleep(WARM_UP_SECONDS);
            for (int round = 0; round < arguments.number("rounds", 5); round++) {
                run.round(round, arguments.number("stall-seconds", 10), values);
            }
            report.put("hiccupsNs", hiccups.figures());
        }
        run.running.set(false);
        load.join();
        final boolean drained = run.bus.drain(Duration.ofMinutes(2));
        final long lost = 2 * run.sentCount - run.neighbour.nextNumber - run.stalling.nextNumber;
        report.put("values", values).put("sent", run.sentCount).put("drained", drained).put("lost", lost)
            .put("faults", List.of(String.valueOf(run.neighbour.fault), String.valueOf(run.stalling.fault)))
            .put("evictions", run.stallingSubscription.status().evictions())
            .put("rejoins", run.stallingSubscription.status().rejoins());
        System.out.printf("sent %d, lost %d, faults: %s, %s%n",
            run.sentCount, lost, run.neighbour.fault, run.stalling.fault);
        run.bus.close();
        LoggedBus.delete(folder);
        report.finish(List.of(
            Ratios.of("p99 stalled / p99 calm", "goal: at most 1.2", values.get("stalled"), values.get("calm")),
            Ratios.of("p99 control / p99 calm", "", values.get("control"), values.get("calm")),
            Ratios.of("catch-up rate / live rate", "goal: at least 5",
                values.get("catchUpPerSecond"), values.get("livePerSecond"))), arguments.text("report", ""));
        System.exit(lost == 0 && run.neighbour.fault == null && run.stalling.fault == null ? 0 : 1);
    }

    /** Sends what is due on the schedule, in ticks; each event has its own time on it. */
    private void load() {
        final long intervalNs = NS_PER_SECOND / rate;
        final long beginNs = System.nanoTime();
        long number = 0;
        while (running.get()) {
            final long dueCount = (System.nanoTime() - beginNs) / intervalNs;
            while (number < dueCount) {
                sender.send(number, beginNs + number * intervalNs);
                number++;
                sentCount = number;
            }
            LockSupport.parkNanos(TICK_NS);
        }
    }

    private double neighbourP99Us(final int seconds) throws InterruptedException {
        neighbour.histogram = new Histogram(DIGITS);
        TimeUnit.SECONDS.sleep(seconds);
        final Histogram taken = neighbour.histogram;
        neighbour.histogram = new Histogram(DIGITS);
        return taken.getValueAtPercentile(99) / 1e3;
    }

    private void round(final int round, final int stallSeconds, final Map<String, List<Double>> values)
        throws InterruptedException {
        final double calm;
        final double stalled;
        if (round % 2 == 0) {
            calm = neighbourP99Us(stallSeconds);
            stalled = stall(stallSeconds, values);
        } else {
            stalled = stall(stallSeconds, values);
            calm = neighbourP99Us(stallSeconds);
        }
        final double control = neighbourP99Us(stallSeconds);
        values.computeIfAbsent("calm", n -> new ArrayList<>()).add(calm);
        values.computeIfAbsent("stalled", n -> new ArrayList<>()).add(stalled);
        values.computeIfAbsent("control", n -> new ArrayList<>()).add(control);
        System.out.printf(Locale.ROOT, "round %d: neighbour p99 calm %.0f µs, stalled %.0f µs, control %.0f µs, "
            + "catch-up %.0f/s%n", round + 1, calm, stalled, control,
            values.get("catchUpPerSecond").get(round));
    }

    /** Answers the neighbour's p99 during the stall; the sink has caught up when this returns. */
    private double stall(final int seconds, final Map<String, List<Double>> values) throws InterruptedException {
        stalling.still = true;
        final double p99 = neighbourP99Us(seconds);
        final long fromNumber = stalling.nextNumber;
        final long beginNs = System.nanoTime();
        stalling.still = false;
        while (stalling.nextNumber < sentCount - rate / 100) {
            TimeUnit.MILLISECONDS.sleep(1);
        }
        final double tookSeconds = (System.nanoTime() - beginNs) / 1e9;
        values.computeIfAbsent("catchUpPerSecond", n -> new ArrayList<>())
            .add((stalling.nextNumber - fromNumber) / tookSeconds);
        values.computeIfAbsent("livePerSecond", n -> new ArrayList<>()).add((double)rate);
        return p99;
    }
}
