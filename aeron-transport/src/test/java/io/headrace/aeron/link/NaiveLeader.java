package io.headrace.aeron.link;

import io.aeron.ChannelUri;
import io.aeron.ChannelUriStringBuilder;
import io.aeron.ExclusivePublication;
import io.aeron.archive.Archive;
import io.aeron.archive.ArchiveThreadingMode;
import io.aeron.archive.ArchivingMediaDriver;
import io.aeron.archive.client.AeronArchive;
import io.aeron.archive.codecs.SourceLocation;
import io.aeron.archive.status.RecordingPos;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.YieldingIdleStrategy;
import org.agrona.concurrent.status.CountersReader;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A process that publishes numbers to a live stream which an archive records: the naive way to feed replicas. Its
 * archive is invoked, and is given no more turns for the last numbers: a disk that stalls, made on purpose. Then it
 * says so and waits to be killed. One thread.
 */
final class NaiveLeader {
    static final int STREAM_ID = 7;
    static final int MESSAGE_BYTES = 64;
    static final String RECORDED = "recorded";
    static final String SENT = "sent";
    private static final int TERM_BYTES = 64 * 1024;

    private NaiveLeader() {
    }

    /** Arguments: folder, UDP port of the replica, first number, how many to record, how many more to send. */
    public static void main(final String[] args) throws IOException {
        final Path folder = Path.of(args[0]);
        final long first = Long.parseLong(args[2]);
        final int recordedCount = Integer.parseInt(args[3]);
        final int unrecordedCount = Integer.parseInt(args[4]);
        try (ArchivingMediaDriver driver = launch(folder, ArchiveThreadingMode.INVOKER);
            AeronArchive archive = connect(driver)) {
            final ExclusivePublication publication = publish(archive, "aeron:udp?endpoint=127.0.0.1:" + args[1]);
            final CountersReader counters = archive.context().aeron().countersReader();
            int counterId = CountersReader.NULL_COUNTER_ID;
            while (counterId == CountersReader.NULL_COUNTER_ID || !publication.isConnected()) {
                driver.archive().invoker().invoke();
                counterId = RecordingPos.findCounterIdBySession(
                    counters, publication.sessionId(), archive.archiveId());
            }
            for (int i = 0; i < recordedCount; i++) {
                offer(publication, first + i, driver.archive());
            }
            while (counters.getCounterValue(counterId) < publication.position()) {
                driver.archive().invoker().invoke();
            }
            System.out.println(RECORDED);
            for (int i = 0; i < unrecordedCount; i++) {
                offer(publication, first + recordedCount + i, null);
            }
            System.out.println(SENT);
            // Ends with the process that started this one, if that does not kill it.
            while (System.in.read() >= 0) {
                Thread.onSpinWait();
            }
        }
    }

    private static void offer(final ExclusivePublication publication, final long number, final Archive archive) {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[MESSAGE_BYTES]);
        buffer.putLong(0, number);
        while (publication.offer(buffer) < 0) {
            if (archive != null) {
                archive.invoker().invoke();
            }
            Thread.yield();
        }
    }

    /** Begins a recording, or goes on with the one that is there, as a restarted leader does. */
    private static ExclusivePublication publish(final AeronArchive archive, final String channel) {
        final long[] found = {-1, 0, 0};
        archive.listRecordings(0, 1, (controlSessionId, correlationId, recordingId, startTimestamp, stopTimestamp,
            startPosition, stopPosition, initialTermId, segmentFileLength, termBufferLength, mtuLength, sessionId,
            streamId, strippedChannel, originalChannel, sourceIdentity) -> {
            found[0] = recordingId;
            found[1] = stopPosition;
            found[2] = initialTermId;
        });
        final ChannelUriStringBuilder uri = new ChannelUriStringBuilder(channel)
            .termLength(TERM_BYTES).spiesSimulateConnection(false);
        if (found[0] < 0) {
            final ExclusivePublication publication =
                archive.context().aeron().addExclusivePublication(uri.build(), STREAM_ID);
            archive.startRecording(session(channel, publication), STREAM_ID, SourceLocation.LOCAL);
            return publication;
        }
        final ExclusivePublication publication = archive.context().aeron().addExclusivePublication(
            uri.initialPosition(found[1], (int)found[2], TERM_BYTES).build(), STREAM_ID);
        archive.extendRecording(found[0], session(channel, publication), STREAM_ID, SourceLocation.LOCAL);
        return publication;
    }

    private static String session(final String channel, final ExclusivePublication publication) {
        return ChannelUri.addSessionId(channel, publication.sessionId());
    }

    /** A driver with an archive over what a process that was killed has left. */
    static ArchivingMediaDriver launch(final Path folder, final ArchiveThreadingMode mode) throws IOException {
        final File mark = folder.resolve("mark").toFile();
        // The mark of a process that was killed looks alive for 10 s.
        Files.deleteIfExists(mark.toPath().resolve("archive-mark.dat"));
        final String driverFolder = folder.resolve("driver").toString();
        return ArchivingMediaDriver.launch(
            new MediaDriver.Context()
                .aeronDirectoryName(driverFolder)
                .dirDeleteOnStart(true)
                .threadingMode(ThreadingMode.SHARED)
                .counterValuesBufferLength(1 << 20)
                .termBufferSparseFile(true),
            new Archive.Context()
                .aeronDirectoryName(driverFolder)
                .archiveDir(folder.resolve("archive").toFile())
                .markFileDir(mark)
                .threadingMode(mode)
                .controlChannelEnabled(false)
                .archiveClientContext(new AeronArchive.Context().controlResponseChannel("aeron:ipc"))
                .replicationChannel("aeron:udp?endpoint=127.0.0.1:0")
                .recordingEventsEnabled(false)
                .lowStorageSpaceThreshold(1 << 20)
                .segmentFileLength(1 << 20));
    }

    static AeronArchive connect(final ArchivingMediaDriver driver) {
        return AeronArchive.connect(new AeronArchive.Context()
            .aeronDirectoryName(driver.mediaDriver().aeronDirectoryName())
            .agentInvoker(driver.archive().invoker())
            .idleStrategy(YieldingIdleStrategy.INSTANCE)
            .controlRequestChannel("aeron:ipc")
            .controlRequestStreamId(AeronArchive.Configuration.localControlStreamId())
            .controlResponseChannel("aeron:ipc"));
    }
}
