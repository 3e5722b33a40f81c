package io.headrace.perf.growth;

import io.headrace.bus.Bus;
import io.headrace.bus.BusContext;
import io.headrace.bus.log.EventLogContext;
import io.headrace.bus.log.EventLogs;
import io.headrace.bus.log.SyncLevel;
import io.headrace.perf.rig.ArmRun;
import io.headrace.perf.rig.OtherProcess;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * The main thread of an arm with an event log of some size: it writes the log and closes it, and a JVM of its own, in
 * which nothing is warm, opens a bus on it.
 *
 * <p>Arguments of that JVM: the log's folder, {@code none} or {@code data}, the first sequence that the log does not
 * have.
 */
public final class LogArm {
    static final int PAYLOAD_BYTES = 1000;

    private static final int SLOTS = 1 << 16;
    private static final int SLOT_BYTES = 256;
    private static final int RECORD_HEADER_BYTES = 32;
    private static final long LOOK_NS = 10_000;
    /** So much more than the log must be free, for its index and for others who write to the disk. */
    private static final double ROOM = 1.2;
    private static final double NS_PER_MS = 1e6;
    private static final double BYTES_PER_MB = 1e6;
    private static final double BYTES_PER_GB = 1e9;
    private static final double BYTES_PER_KIB = 1024;

    private LogArm() {
    }

    static void measure(final ArmRun run, final long sizeBytes) throws Exception {
        Files.createDirectories(run.scratch());
        final Optional<String> refusal =
            refusal(sizeBytes, Files.getFileStore(run.scratch()).getUsableSpace(), run.scratch());
        if (refusal.isPresent()) {
            run.fail(refusal.get());
            return;
        }
        final Path folder = run.scratch().resolve("log");
        final String sync = run.settings().synced() ? "data" : "none";
        final long nextSequence = write(run, folder, sync, sizeBytes);
        try (OtherProcess restarted = OtherProcess.start(
            LogArm.class, List.of(folder.toString(), sync, Long.toString(nextSequence)))) {
            restarted.awaitFigures(() -> LockSupport.parkNanos(LOOK_NS)).forEach(run::metric);
        }
    }

    /** Why no log of that size is written. */
    static Optional<String> refusal(final long sizeBytes, final long freeBytes, final Path folder) {
        return freeBytes >= sizeBytes * ROOM ? Optional.empty() : Optional.of(String.format(Locale.ROOT,
            "a log of %.1f GB needs %.2f GB of free space in %s, where there are %.2f GB", sizeBytes / BYTES_PER_GB,
            sizeBytes * ROOM / BYTES_PER_GB, folder, freeBytes / BYTES_PER_GB));
    }

    private static Bus open(final Path folder, final String sync) {
        final EventLogContext log = new EventLogContext().folder(folder)
            .syncLevel("data".equals(sync) ? SyncLevel.DATA : SyncLevel.NONE);
        return new Bus(new BusContext().ring(SLOTS, SLOT_BYTES).log(() -> EventLogs.provider().open(log)));
    }

    /** Answers the first sequence that the log does not have. */
    private static long write(final ArmRun run, final Path folder, final String sync, final long sizeBytes) {
        try (Bus bus = open(folder, sync)) {
            final Sender sender = new Sender(bus, PAYLOAD_BYTES);
            final long count = sizeBytes / (sender.lengthBytes(Sender.TOPIC) + RECORD_HEADER_BYTES) + 1;
            for (long i = 0; i < count; i++) {
                sender.send();
            }
            awaitRecorded(bus, bus.claimedSequence());
            run.count("events", count);
            return bus.claimedSequence() + 1;
        }
    }

    private static void awaitRecorded(final Bus bus, final long sequence) {
        while (bus.finishedSequence() < sequence) {
            LockSupport.parkNanos(LOOK_NS);
        }
    }

    /**
     * Opens the bus, and measures until it has taken and recorded an event.
     *
     * @param args as described above.
     * @throws IOException when the process cannot look at its own memory.
     */
    public static void main(final String[] args) throws IOException {
        final long beginNs = System.nanoTime();
        try (Bus bus = open(Path.of(args[0]), args[1])) {
            final long sequence = new Sender(bus, PAYLOAD_BYTES).send();
            awaitRecorded(bus, sequence);
            final long tookNs = System.nanoTime() - beginNs;
            if (sequence < Long.parseLong(args[2])) {
                throw new IllegalStateException("sequence=" + sequence + " was given away before, up to " + args[2]);
            }
            final Map<String, Double> figures = new LinkedHashMap<>();
            figures.put("restart", tookNs / NS_PER_MS);
            figures.put("resident", memoryMegabytes("VmRSS:"));
            figures.put("resident anonymous", memoryMegabytes("RssAnon:"));
            System.gc();
            figures.put("heap", ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / BYTES_PER_MB);
            OtherProcess.tell(figures);
        }
        System.exit(0);
    }

    /** As Linux counts it for this process. */
    private static double memoryMegabytes(final String field) throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream().filter(line -> line.startsWith(field))
            .mapToDouble(line -> Double.parseDouble(line.substring(field.length()).replace("kB", "").strip()))
            .findFirst().orElseThrow() * BYTES_PER_KIB / BYTES_PER_MB;
    }
}
