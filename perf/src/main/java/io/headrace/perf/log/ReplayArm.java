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
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import org.agrona.collections.MutableLong;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * One arm of {@link ReplayComparison}, in a JVM of its own: reads the same events twice and counts those of the second
 * time per second.
 *
 * <p>Arguments: the arm, the number of events, the folder.
 */
public final class ReplayArm {
    private static final long NS_PER_SECOND = 1_000_000_000L;
    private static final int FRAGMENTS = 1024;
    private static final int REPLAY_STREAM = 77;
    private static final String CONTROL = "aeron:ipc?term-length=64k";

    private final long events;
    private final Path log;
    private final Path queue;
    private long checksum;

    private ReplayArm(final long events, final Path folder) {
        this.events = events;
        log = folder.resolve("log");
        queue = folder.resolve("queue");
    }

    /** What is compared. */
    public enum Arm {
        /** Writes the events into an event log and a queue. */
        PREPARE,
        /** Headrace's reader of the log. */
        HEADRACE,
        /** The archive's own replay of the same recording, without a look at the checksums. */
        ARCHIVE,
        /** A tailer of Chronicle Queue. */
        CHRONICLE
    }

    /**
     * Runs one arm.
     *
     * @param args as described above.
     * @throws Exception when it fails.
     */
    public static void main(final String[] args) throws Exception {
        final ReplayArm run = new ReplayArm(Long.parseLong(args[1]), Path.of(args[2]));
        final double perSecond = switch (Arm.valueOf(args[0])) {
            case PREPARE -> run.prepare();
            case HEADRACE -> run.measure(run::readLog);
            case ARCHIVE -> run.replay();
            case CHRONICLE -> run.measure(run::tail);
        };
        Child.answer(Map.of("perSecond", perSecond));
        System.exit(0);
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

    private double prepare() throws IOException {
        final long beginNs = System.nanoTime();
        try (Bus bus = LoggedBus.open(log, false)) {
            final LoggedBus.Sender sender = new LoggedBus.Sender(bus, "writer");
            for (long i = 0; i < events; i++) {
                sender.send(i, 0);
            }
        }
        try (ChronicleQueue chronicle = SingleChronicleQueueBuilder.single(queue.toString()).build();
             ExcerptAppender appender = chronicle.createAppender()) {
            final Bytes<?> bytes = Bytes.allocateElasticDirect(LoggedBus.EVENT_BYTES);
            for (long i = 0; i < events; i++) {
                bytes.clear().writeLong(i).writePosition(LoggedBus.EVENT_BYTES);
                appender.writeBytes(bytes);
            }
            bytes.releaseLast();
        }
        return events * (double)NS_PER_SECOND / (System.nanoTime() - beginNs);
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
