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
import org.agrona.concurrent.UnsafeBuffer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

/**
 * The main thread of an arm of S5. Throughput is counted until the last event is recorded. Times are open loop: each
 * event has its time on the schedule, from which it is measured.
 */
final class RecordArms {
    private static final int LATENCY_RATE = 10_000;
    private static final int SYNCED_LATENCY_RATE = 500;
    private static final int WARM_UP_SECONDS = 2;
    private static final int DIGITS = 3;
    private static final long NS_PER_SECOND = 1_000_000_000L;
    private static final int MANY_PUBLISHERS = 32;

    private final boolean sync;
    private final long events;
    private final int publishers;
    private final double seconds;
    private final int ratePerSecond;
    private final Path folder;

    private RecordArms(final ArmRun run) {
        final Settings settings = run.settings();
        sync = settings.synced();
        events = settings.quick() ? 400_000 : sync ? 1_000_000 : 4_000_000;
        publishers = sync ? MANY_PUBLISHERS : 1;
        seconds = settings.seconds(2, 10);
        ratePerSecond = settings.rate(sync ? SYNCED_LATENCY_RATE : LATENCY_RATE);
        folder = run.folder().resolve("log");
    }

    /** What is done with the log. */
    @FunctionalInterface
    private interface Measurement {
        void run(RecordArms arms) throws Exception;
    }

    private static void measure(final ArmRun run, final Measurement measurement) throws Exception {
        final RecordArms arms = new RecordArms(run);
        Files.createDirectories(arms.folder);
        try {
            measurement.run(arms);
        } finally {
            LoggedBus.delete(arms.folder);
        }
    }

    static void throughput(final ArmRun run, final boolean bare) throws Exception {
        measure(run, arms -> run.metric("recorded", (bare ? arms.bareThroughput() : arms.busThroughput()) / 1e6));
    }

    static void recorded(final ArmRun run, final boolean bare) throws Exception {
        measure(run, arms -> {
            final TimeHistory history = new TimeHistory();
            history.add(bare ? arms.bareRecorded() : arms.busRecorded());
            run.times("until recorded", history);
        });
    }

    static void handler(final ArmRun run, final boolean logged) throws Exception {
        measure(run, arms -> OpenLoop.measure(run, (receivers, payloadBytes, waitProfile) -> new HandlerPath(
            logged ? LoggedBus.open(arms.folder, arms.sync) : LoggedBus.openWithoutLog(), receivers.get(0)), 1,
            arms.ratePerSecond, WARM_UP_SECONDS, arms.seconds, 0));
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

    private BareArchive bareArchive() throws IOException {
        return new BareArchive(folder.resolve("archive"), driverFolder(), sync);
    }

    private static Path driverFolder() throws IOException {
        final Path memory = Path.of("/dev/shm");
        return Files.isDirectory(memory) ?
            Files.createTempDirectory(memory, "headrace-perf") : Files.createTempDirectory("headrace-perf");
    }

    private double bareThroughput() throws IOException {
        final UnsafeBuffer message = new UnsafeBuffer(new byte[LoggedBus.MESSAGE_BYTES]);
        try (BareArchive archive = bareArchive()) {
            offer(archive, message, events / 4);
            final long beginNs = System.nanoTime();
            offer(archive, message, events);
            return events * (double)NS_PER_SECOND / (System.nanoTime() - beginNs);
        }
    }

    /** As large bursts as the log thread makes, so that one sync serves as many. */
    private static void offer(final BareArchive archive, final UnsafeBuffer message, final long count) {
        final int burst = 4096;
        long position = 0;
        for (long i = 0; i < count; i++) {
            message.putLong(0, i);
            position = archive.offer(message, LoggedBus.MESSAGE_BYTES);
            if (i % burst == burst - 1) {
                archive.doWork();
            }
        }
        archive.awaitRecorded(position);
    }

    private double busThroughput() throws InterruptedException {
        try (Bus bus = LoggedBus.open(folder, sync)) {
            publish(bus, events / 4);
            final long beginNs = System.nanoTime();
            publish(bus, events);
            return events * (double)NS_PER_SECOND / (System.nanoTime() - beginNs);
        }
    }

    private void publish(final Bus bus, final long count) throws InterruptedException {
        final CountDownLatch done = new CountDownLatch(publishers);
        for (int p = 0; p < publishers; p++) {
            final LoggedBus.Sender sender = new LoggedBus.Sender(bus, "sender-" + p);
            new Thread(() -> {
                for (long i = 0; i < count / publishers; i++) {
                    sender.send(i, 0, 0);
                }
                done.countDown();
            }).start();
        }
        done.await();
        awaitRecorded(bus, bus.claimedSequence());
    }

    private static void awaitRecorded(final Bus bus, final long sequence) {
        while (bus.finishedSequence() < sequence) {
            Thread.onSpinWait();
        }
    }

    private interface Step {
        void perform(long number, long intendedNs);
    }

    /** Keeps to the schedule whatever the step takes, and measures from the schedule. */
    private void pace(final Step step, final Runnable between, final double seconds) {
        final long intervalNs = NS_PER_SECOND / ratePerSecond;
        final long count = (long)(seconds * ratePerSecond);
        final long beginNs = System.nanoTime() + intervalNs;
        for (long i = 0; i < count; i++) {
            final long intendedNs = beginNs + i * intervalNs;
            while (System.nanoTime() < intendedNs) {
                between.run();
            }
            step.perform(i, intendedNs);
        }
    }

    private Histogram bareRecorded() throws IOException {
        final UnsafeBuffer message = new UnsafeBuffer(new byte[LoggedBus.MESSAGE_BYTES]);
        final Histogram histogram = new Histogram(DIGITS);
        try (BareArchive archive = bareArchive()) {
            final Step step = (number, intendedNs) -> {
                archive.awaitRecorded(archive.offer(message, LoggedBus.MESSAGE_BYTES));
                histogram.recordValue(System.nanoTime() - intendedNs);
            };
            pace(step, archive::doWork, WARM_UP_SECONDS);
            histogram.reset();
            histogram.setStartTimeStamp(System.currentTimeMillis());
            pace(step, archive::doWork, seconds);
        }
        return histogram;
    }

    private Histogram busRecorded() {
        final Histogram histogram = new Histogram(DIGITS);
        // The schedule is kept to a few microseconds, as by the other arm, which turns the archive meanwhile.
        Naps.wakePromptly();
        try (Bus bus = LoggedBus.open(folder, sync)) {
            final LoggedBus.Sender sender = new LoggedBus.Sender(bus, "sender");
            final Step step = (number, intendedNs) -> {
                awaitRecorded(bus, sender.send(number, 0, 0));
                histogram.recordValue(System.nanoTime() - intendedNs);
            };
            pace(step, RecordArms::rest, WARM_UP_SECONDS);
            histogram.reset();
            histogram.setStartTimeStamp(System.currentTimeMillis());
            pace(step, RecordArms::rest, seconds);
        }
        return histogram;
    }

    private static void rest() {
        LockSupport.parkNanos(1);
    }
}
