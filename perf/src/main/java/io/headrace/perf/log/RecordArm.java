package io.headrace.perf.log;

import io.headrace.bus.Bus;
import io.headrace.bus.subscription.TopicSelector;
import org.HdrHistogram.Histogram;
import org.agrona.concurrent.UnsafeBuffer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

/**
 * One arm of {@link RecordComparison}, in a JVM of its own. Throughput is counted until the last event is recorded.
 * Latency is open loop: each event has its time on the schedule, from which it is measured.
 *
 * <p>Arguments: the arm, the sync level, the number of events, the publishers, the folder.
 */
public final class RecordArm {
    private static final int LATENCY_RATE = 10_000;
    private static final int SYNCED_LATENCY_RATE = 500;
    private static final int LATENCY_SECONDS = 4;
    private static final int WARM_UP_SECONDS = 2;
    private static final int DIGITS = 3;
    private static final long NS_PER_SECOND = 1_000_000_000L;

    private final boolean sync;
    private final long events;
    private final int publishers;
    private final Path folder;

    private RecordArm(final boolean sync, final long events, final int publishers, final Path folder) {
        this.sync = sync;
        this.events = events;
        this.publishers = publishers;
        this.folder = folder;
    }

    /** What is compared. */
    public enum Arm {
        /** The archive alone: events per second until recorded. */
        BARE_THROUGHPUT,
        /** The bus with its log: events per second until recorded. */
        BUS_THROUGHPUT,
        /** The archive alone: from the schedule until recorded. */
        BARE_RECORDED,
        /** The bus with its log: from the schedule until recorded. */
        BUS_RECORDED,
        /** The bus without a log: from the schedule until a direct handler has it. */
        HANDLER_WITHOUT_LOG,
        /** The bus with its log: from the schedule until a direct handler has it. */
        HANDLER_WITH_LOG
    }

    /**
     * Runs one arm.
     *
     * @param args as described above.
     * @throws Exception when it fails.
     */
    public static void main(final String[] args) throws Exception {
        final RecordArm run = new RecordArm(
            "data".equals(args[1]), Long.parseLong(args[2]), Integer.parseInt(args[3]), Path.of(args[4]));
        LoggedBus.delete(run.folder);
        Files.createDirectories(run.folder);
        Child.answer(switch (Arm.valueOf(args[0])) {
            case BARE_THROUGHPUT -> run.bareThroughput();
            case BUS_THROUGHPUT -> run.busThroughput();
            case BARE_RECORDED -> run.bareRecorded();
            case BUS_RECORDED -> run.busRecorded();
            case HANDLER_WITHOUT_LOG -> run.handler(LoggedBus.openWithoutLog());
            case HANDLER_WITH_LOG -> run.handler(LoggedBus.open(run.folder, run.sync));
        });
        LoggedBus.delete(run.folder);
        System.exit(0);
    }

    private BareArchive bareArchive() throws IOException {
        return new BareArchive(folder.resolve("archive"), driverFolder(), sync);
    }

    private static Path driverFolder() throws IOException {
        final Path memory = Path.of("/dev/shm");
        return Files.isDirectory(memory) ?
            Files.createTempDirectory(memory, "headrace-perf") : Files.createTempDirectory("headrace-perf");
    }

    private Map<String, Double> bareThroughput() throws IOException {
        final UnsafeBuffer message = new UnsafeBuffer(new byte[LoggedBus.MESSAGE_BYTES]);
        try (BareArchive archive = bareArchive()) {
            offer(archive, message, events / 4);
            final long beginNs = System.nanoTime();
            offer(archive, message, events);
            return Map.of("perSecond", events * (double)NS_PER_SECOND / (System.nanoTime() - beginNs));
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

    private Map<String, Double> busThroughput() throws InterruptedException {
        try (Bus bus = LoggedBus.open(folder, sync)) {
            publish(bus, events / 4);
            final long beginNs = System.nanoTime();
            publish(bus, events);
            return Map.of("perSecond", events * (double)NS_PER_SECOND / (System.nanoTime() - beginNs));
        }
    }

    private void publish(final Bus bus, final long count) throws InterruptedException {
        final CountDownLatch done = new CountDownLatch(publishers);
        for (int p = 0; p < publishers; p++) {
            final LoggedBus.Sender sender = new LoggedBus.Sender(bus, "sender-" + p);
            new Thread(() -> {
                for (long i = 0; i < count / publishers; i++) {
                    sender.send(i, 0);
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

    private int rate() {
        return sync ? SYNCED_LATENCY_RATE : LATENCY_RATE;
    }

    private interface Step {
        void perform(long number, long intendedNs);
    }

    /** Keeps to the schedule whatever the step takes, and measures from the schedule. */
    private void pace(final Step step, final Runnable between, final int seconds) {
        final long intervalNs = NS_PER_SECOND / rate();
        final long count = (long)seconds * rate();
        final long beginNs = System.nanoTime() + intervalNs;
        for (long i = 0; i < count; i++) {
            final long intendedNs = beginNs + i * intervalNs;
            while (System.nanoTime() < intendedNs) {
                between.run();
            }
            step.perform(i, intendedNs);
        }
    }

    private static Map<String, Double> figures(final Histogram histogram) {
        final Map<String, Double> figures = new LinkedHashMap<>();
        figures.put("p50", histogram.getValueAtPercentile(50) / 1e3);
        figures.put("p99", histogram.getValueAtPercentile(99) / 1e3);
        return figures;
    }

    private Map<String, Double> bareRecorded() throws IOException {
        final UnsafeBuffer message = new UnsafeBuffer(new byte[LoggedBus.MESSAGE_BYTES]);
        final Histogram histogram = new Histogram(DIGITS);
        try (BareArchive archive = bareArchive()) {
            final Step step = (number, intendedNs) -> {
                archive.awaitRecorded(archive.offer(message, LoggedBus.MESSAGE_BYTES));
                histogram.recordValue(System.nanoTime() - intendedNs);
            };
            pace(step, archive::doWork, WARM_UP_SECONDS);
            histogram.reset();
            pace(step, archive::doWork, LATENCY_SECONDS);
        }
        return figures(histogram);
    }

    private Map<String, Double> busRecorded() {
        final Histogram histogram = new Histogram(DIGITS);
        try (Bus bus = LoggedBus.open(folder, sync)) {
            final LoggedBus.Sender sender = new LoggedBus.Sender(bus, "sender");
            final Step step = (number, intendedNs) -> {
                awaitRecorded(bus, sender.send(number, 0));
                histogram.recordValue(System.nanoTime() - intendedNs);
            };
            pace(step, RecordArm::rest, WARM_UP_SECONDS);
            histogram.reset();
            pace(step, RecordArm::rest, LATENCY_SECONDS);
        }
        return figures(histogram);
    }

    private static void rest() {
        LockSupport.parkNanos(1);
    }

    private Map<String, Double> handler(final Bus openBus) {
        final Histogram histogram = new Histogram(DIGITS);
        try (Bus bus = openBus) {
            bus.subscribe("handler", TopicSelector.all(), event ->
                histogram.recordValue(Math.max(0, System.nanoTime() - event.sourceTimeNs())));
            final LoggedBus.Sender sender = new LoggedBus.Sender(bus, "sender");
            // The monotonic clock in place of the epoch's: both ends are in this process.
            final Step step = sender::send;
            pace(step, RecordArm::rest, WARM_UP_SECONDS);
            histogram.reset();
            pace(step, RecordArm::rest, LATENCY_SECONDS);
        }
        return figures(histogram);
    }
}
