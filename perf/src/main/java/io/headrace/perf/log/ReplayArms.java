package io.headrace.perf.log;

import io.aeron.Aeron;
import io.aeron.FragmentAssembler;
import io.aeron.Subscription;
import io.aeron.archive.Archive;
import io.aeron.archive.ArchiveThreadingMode;
import io.aeron.archive.ArchivingMediaDriver;
import io.aeron.archive.client.AeronArchive;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.headrace.bus.Bus;
import io.headrace.bus.log.EventLogs;
import io.headrace.bus.log.LogReader;
import io.headrace.bus.log.RecordType;
import io.headrace.perf.rig.ArmRun;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import org.agrona.collections.MutableLong;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The main thread of an arm of S7: writes events, reads them twice, and counts those of the second time per second.
 * Each arm writes its own, so that none finds its files warmed by another.
 */
final class ReplayArms {
    private static final long NS_PER_SECOND = 1_000_000_000L;
    private static final int FRAGMENTS = 1024;
    private static final int REPLAY_STREAM = 77;
    private static final String CONTROL = "aeron:ipc?term-length=64k";

    private final long events;
    private final Path log;
    private final Path queue;
    private long checksum;

    private ReplayArms(final ArmRun run) {
        events = run.settings().quick() ? 500_000 : 4_000_000;
        log = run.folder().resolve("log");
        queue = run.folder().resolve("queue");
    }

    private interface Measurement {
        double run(ReplayArms arms) throws Exception;
    }

    private static void measure(final ArmRun run, final Measurement measurement) throws Exception {
        final ReplayArms arms = new ReplayArms(run);
        try {
            run.metric("read", measurement.run(arms) / 1e6);
            run.count("events", arms.events);
        } finally {
            LoggedBus.delete(arms.log);
            LoggedBus.delete(arms.queue);
        }
    }

    /** Headrace's reader of the log, which checks every checksum. */
    static void headrace(final ArmRun run) throws Exception {
        measure(run, arms -> {
            arms.writeLog();
            return arms.measure(arms::readLog);
        });
    }

    /** The archive's own replay of such a recording, without a look at the checksums. */
    static void archive(final ArmRun run) throws Exception {
        measure(run, arms -> {
            arms.writeLog();
            return arms.replay();
        });
    }

    /** A tailer of Chronicle Queue. */
    static void chronicle(final ArmRun run) throws Exception {
        measure(run, arms -> {
            arms.writeQueue();
            return arms.measure(arms::tail);
        });
    }

    private interface Pass {
        void read() throws IOException;
    }

    private double measure(final Pass pass) throws IOException {
        pass.read();
        check();
        final long beginNs = System.nanoTime();
        pass.read();
        final double perSecond = events * (double)NS_PER_SECOND / (System.nanoTime() - beginNs);
        check();
        return perSecond;
    }

    private void check() {
        if (checksum != events * (events - 1) / 2) {
            throw new IllegalStateException("checksum=" + checksum + ": events were lost or doubled");
        }
        checksum = 0;
    }

    private void writeLog() {
        try (Bus bus = LoggedBus.open(log, false, "eco")) {
            final LoggedBus.Sender sender = new LoggedBus.Sender(bus, "writer");
            for (long i = 0; i < events; i++) {
                sender.send(i, 0, 0);
            }
        }
    }

    private void writeQueue() {
        try (ChronicleQueue chronicle = SingleChronicleQueueBuilder.single(queue.toString()).build();
             ExcerptAppender appender = chronicle.createAppender()) {
            final Bytes<?> bytes = Bytes.allocateElasticDirect(LoggedBus.EVENT_BYTES);
            for (long i = 0; i < events; i++) {
                bytes.clear().writeLong(i).writePosition(LoggedBus.EVENT_BYTES);
                appender.writeBytes(bytes);
            }
            bytes.releaseLast();
        }
    }

    private void readLog() {
        try (LogReader reader = EventLogs.provider().openReader(log)) {
            while (reader.next()) {
                if (reader.type() == RecordType.EVENT) {
                    checksum += reader.sequence();
                }
            }
        }
    }

    private void tail() {
        try (ChronicleQueue chronicle = SingleChronicleQueueBuilder.single(queue.toString()).readOnly(true).build();
             ExcerptTailer tailer = chronicle.createTailer()) {
            final Bytes<?> bytes = Bytes.allocateElasticDirect(LoggedBus.EVENT_BYTES);
            while (tailer.readBytes(bytes)) {
                checksum += bytes.readLong(0);
                bytes.clear();
            }
            bytes.releaseLast();
        }
    }

    /** Driver and archive have a thread each, the reader has its own: as an archive is run. */
    private double replay() throws IOException {
        final Path driverFolder = Files.createTempDirectory(Path.of("/dev/shm"), "headrace-perf");
        try (ArchivingMediaDriver driver = ArchivingMediaDriver.launch(
                 new MediaDriver.Context().aeronDirectoryName(driverFolder.toString()).dirDeleteOnStart(true)
                     .dirDeleteOnShutdown(true).threadingMode(ThreadingMode.SHARED),
                 new Archive.Context().aeronDirectoryName(driverFolder.toString()).archiveDir(log.toFile())
                     .markFileDir(driverFolder.resolve("archive").toFile())
                     .threadingMode(ArchiveThreadingMode.SHARED).controlChannelEnabled(false)
                     .archiveClientContext(new AeronArchive.Context().controlResponseChannel(CONTROL))
                     .replicationChannel("aeron:udp?endpoint=localhost:0"));
             Aeron aeron = Aeron.connect(
                 new Aeron.Context().aeronDirectoryName(driver.mediaDriver().aeronDirectoryName()));
             AeronArchive archive = AeronArchive.connect(new AeronArchive.Context().aeron(aeron)
                 .controlRequestChannel(CONTROL).controlResponseChannel(CONTROL)
                 .controlRequestStreamId(AeronArchive.Configuration.localControlStreamId()))) {
            final MutableLong start = new MutableLong();
            final MutableLong stop = new MutableLong();
            archive.listRecording(0, (controlSessionId, correlationId, recordingId, startTimestamp, stopTimestamp,
                startPosition, stopPosition, initialTermId, segmentFileLength, termBufferLength, mtuLength, sessionId,
                streamId, strippedChannel, originalChannel, sourceIdentity) -> {
                start.set(startPosition);
                stop.set(stopPosition);
            });
            replayOnce(archive, start.get(), stop.get());
            return replayOnce(archive, start.get(), stop.get());
        }
    }

    private double replayOnce(final AeronArchive archive, final long start, final long stop) {
        final long beginNs = System.nanoTime();
        try (Subscription subscription =
                 archive.replay(0, start, stop - start, "aeron:ipc?term-length=16m", REPLAY_STREAM)) {
            final FragmentAssembler handler = new FragmentAssembler((buffer, offset, length, header) -> {
                // The type and the sequence stand in the record's header.
                if (buffer.getByte(offset + 7) == RecordType.EVENT.code()) {
                    checksum += buffer.getLong(offset + Long.BYTES);
                }
            });
            while (!subscription.isConnected()) {
                Thread.onSpinWait();
            }
            while (subscription.hasNoImages() || subscription.imageAtIndex(0).position() < stop) {
                if (subscription.poll(handler, FRAGMENTS) == 0) {
                    Thread.onSpinWait();
                }
            }
        }
        final double perSecond = events * (double)NS_PER_SECOND / (System.nanoTime() - beginNs);
        check();
        return perSecond;
    }
}
