package io.headrace.perf.log;

import io.headrace.bus.Bus;
import io.headrace.client.link.Naps;
import io.headrace.bus.subscription.TopicSelector;
import io.headrace.perf.rig.ArmRun;
import io.headrace.perf.rig.EventPath;
import io.headrace.perf.rig.OpenLoop;
import io.headrace.perf.rig.Receiver;
import io.headrace.perf.rig.Settings;
import io.headrace.perf.rig.TimeHistory;
import org.HdrHistogram.Histogram;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The main thread of an arm of S5 or S6. Throughput is counted until the last event is recorded. Times are open loop:
 * each event has its time on the schedule, from which it is measured.
 */
final class RecordArms {
    static final String RECORDED = "recorded";

    private static final int RATE = 10_000;
    private static final int SYNCED_RATE = 500;
    private static final int DIGITS = 3;
    private static final long NS_PER_SECOND = 1_000_000_000L;

    private final long events;
    private final double warmUpSeconds;
    private final double seconds;
    private final int ratePerSecond;
    private final Path folder;

    private RecordArms(final ArmRun run, final boolean sync, final int defaultRate) {
        final Settings settings = run.settings();
        events = settings.quick() ? 400_000 : sync ? 1_000_000 : 4_000_000;
        // What waits for the disk passes seldom, and takes longer to get warm.
        warmUpSeconds = sync ? settings.seconds(2, 10) : 2;
        seconds = settings.seconds(2, 10);
        ratePerSecond = settings.rate(defaultRate);
        folder = run.folder().resolve("log");
    }

    /** What is done with the log. */
    @FunctionalInterface
    private interface Measurement {
        void run() throws Exception;
    }

    private static void measure(final RecordArms arms, final Measurement measurement) throws Exception {
        Files.createDirectories(arms.folder);
        try {
            measurement.run();
        } finally {
            LoggedBus.delete(arms.folder);
        }
    }

    /** The rate at which events are sent one by one, if the run was asked for none. */
    static int defaultRate(final boolean sync) {
        return sync ? SYNCED_RATE : RATE;
    }

    static void throughput(final ArmRun run, final boolean sync, final Appender.Factory factory) throws Exception {
        final RecordArms arms = new RecordArms(run, sync, defaultRate(sync));
        measure(arms, () -> {
            try (Appender appender = factory.open(arms.folder, sync)) {
                run.metric(RECORDED, arms.appendAll(appender) / 1e6);
            }
        });
    }

    static void recorded(
        final ArmRun run, final boolean sync, final int defaultRate, final Appender.Factory factory) throws Exception {
        final RecordArms arms = new RecordArms(run, sync, defaultRate);
        measure(arms, () -> {
            final Histogram histogram = new Histogram(DIGITS);
            try (Appender appender = factory.open(arms.folder, sync)) {
                arms.warmUp(appender);
                arms.pace(appender, histogram, (long)(arms.warmUpSeconds * arms.ratePerSecond));
                histogram.reset();
                histogram.setStartTimeStamp(System.currentTimeMillis());
                final long count = (long)(arms.seconds * arms.ratePerSecond);
                OpenLoop.judgeRate(run, count, arms.ratePerSecond, arms.pace(appender, histogram, count));
                histogram.setEndTimeStamp(System.currentTimeMillis());
            }
            final TimeHistory history = new TimeHistory();
            history.add(histogram);
            run.times("until recorded", history);
        });
    }

    static void handler(final ArmRun run, final boolean logged) throws Exception {
        final boolean sync = run.settings().synced();
        final RecordArms arms = new RecordArms(run, sync, defaultRate(sync));
        measure(arms, () -> OpenLoop.measure(run, (receivers, payloadBytes, waitProfile) -> new HandlerPath(
            logged ? LoggedBus.open(arms.folder, sync, waitProfile) : LoggedBus.openWithoutLog(waitProfile),
            receivers.get(0)), 1,
            arms.ratePerSecond, arms.warmUpSeconds, arms.seconds, 0));
    }

    /** The sending thread, and that of a direct subscription, which does not wait for the log. */
    private static final class HandlerPath implements EventPath {
        private final Bus bus;
        private final LoggedBus.Sender sender;

        HandlerPath(final Bus bus, final Receiver receiver) {
            this.bus = bus;
            bus.subscribe("handler", TopicSelector.all(), event -> receiver.onEvent(
                event.buffer().getLong(event.payloadOffset()), event.sourceTimeNs(),
                event.buffer().getLong(event.payloadOffset() + Long.BYTES)));
            sender = new LoggedBus.Sender(bus, "sender");
        }

        @Override
        public void send(final long number, final long intendedNs, final long sentNs) {
            // The monotonic clock in place of the epoch's: both ends are in this process.
            sender.send(number, intendedNs, sentNs);
        }

        @Override
        public void close() {
            bus.close();
        }
    }

    private double appendAll(final Appender appender) throws Exception {
        appender.appendAll(events / 4);
        final long beginNs = System.nanoTime();
        appender.appendAll(events);
        return events * (double)NS_PER_SECOND / (System.nanoTime() - beginNs);
    }

    /**
     * One after the other without a pause. At a hundred events a second the compilers would take minutes to get to code
     * that an arm without pauses has compiled at once, and a service of a day has as well.
     */
    private void warmUp(final Appender appender) throws Exception {
        final long endNs = System.nanoTime() + (long)(warmUpSeconds * NS_PER_SECOND);
        for (long i = 0; System.nanoTime() < endNs; i++) {
            appender.append(i);
        }
    }

    /**
     * Keeps to the schedule whatever an event takes, and measures from the schedule.
     *
     * @return how long it took in nanoseconds.
     */
    private long pace(final Appender appender, final Histogram histogram, final long count) throws Exception {
        // Whoever rests between two events keeps to the schedule within a few microseconds.
        Naps.wakePromptly();
        final long intervalNs = NS_PER_SECOND / ratePerSecond;
        final long beginNs = System.nanoTime() + intervalNs;
        for (long i = 0; i < count; i++) {
            final long intendedNs = beginNs + i * intervalNs;
            while (System.nanoTime() < intendedNs) {
                appender.rest();
            }
            histogram.recordValue(appender.append(i) - intendedNs);
        }
        return System.nanoTime() - beginNs;
    }
}
