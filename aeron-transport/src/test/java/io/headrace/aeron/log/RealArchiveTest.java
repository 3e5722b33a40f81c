package io.headrace.aeron.log;

import io.aeron.ExclusivePublication;
import io.aeron.FragmentAssembler;
import io.aeron.Subscription;
import io.aeron.archive.Archive;
import io.aeron.archive.ArchiveThreadingMode;
import io.aeron.archive.ArchivingMediaDriver;
import io.aeron.archive.client.AeronArchive;
import io.aeron.archive.client.ArchiveException;
import io.aeron.archive.status.RecordingPos;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.headrace.bus.log.LogVerification;
import io.headrace.bus.log.RecordType;
import org.agrona.IoUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.CountersReader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Compares what this package takes for granted of the archive's files with those of a real archive. */
@Timeout(120)
class RealArchiveTest {
    private static final String CHANNEL = "aeron:ipc?term-length=64k|mtu=1408";
    private static final int STREAM_ID = 1;
    private static final int REPLAY_STREAM_ID = 2;

    private Path folder;
    private Path driverFolder;
    private final List<byte[]> sent = new ArrayList<>();
    private final List<Long> endPositions = new ArrayList<>();

    @BeforeEach
    void makeFolders() throws IOException {
        folder = Files.createTempDirectory("headrace-archive");
        driverFolder = Files.createTempDirectory("headrace-driver");
    }

    @AfterEach
    void deleteFolders() {
        IoUtil.delete(folder.toFile(), false);
        IoUtil.delete(driverFolder.toFile(), false);
    }

    @Test
    void shouldReadWhatAnArchiveWritesWhileItDoes() {
        try (ArchivingMediaDriver driver = launch(); AeronArchive archive = connect(driver)) {
            final ExclusivePublication publication = archive.addRecordedExclusivePublication(CHANNEL, STREAM_ID);
            final int counterId = awaitCounter(archive, publication);
            final Random random = new Random(42);
            offer(publication, random, 1);
            awaitRecorded(archive, counterId, publication.position());
            try (AeronLogReader reader = AeronLogReader.open(folder)) {
                for (int i = 1; publication.position() < 5 * LogFiles.SEGMENT_LENGTH; i += 50) {
                    offer(publication, random, 50);
                    awaitRecorded(archive, counterId, publication.position());
                    assertReadsOn(reader);
                }
                final Recording recording = ArchiveCatalog.require(folder);
                assertEquals(1, archive.listRecording(
                    recording.recordingId(),
                    (controlSessionId, correlationId, recordingId, startTimestamp, stopTimestamp, startPosition,
                        stopPosition, initialTermId, segmentFileLength, termBufferLength, mtuLength, sessionId,
                        streamId, strippedChannel, originalChannel, sourceIdentity) ->
                        assertEquals(recording, new Recording(
                            recordingId, startPosition, stopPosition, initialTermId, termBufferLength,
                            segmentFileLength, sessionId, streamId))));
                assertEquals(AeronArchive.NULL_POSITION, recording.stopPosition());
            }
            archive.stopRecording(publication);
        }
        final SegmentFiles files = new SegmentFiles(folder, ArchiveCatalog.require(folder));
        final long end = endPositions.get(endPositions.size() - 1);
        assertEquals(end, files.recording().stopPosition());
        final LogTail tail = LogTail.find(files, -1);
        assertEquals(end, tail.endPosition());
        assertEquals(sent.size(), tail.nextSequence());
        final LogVerification found = LogVerifier.verify(folder, part -> { });
        assertTrue(found.whole());
        assertEquals(sent.size(), found.eventCount());
        assertEquals(0, found.tornTailBytes());
    }

    @Test
    void shouldLeaveALogThatAnArchiveReplaysOverWhatWasGivenUp() throws IOException {
        record(4 * LogFiles.SEGMENT_LENGTH);
        final SegmentFiles files = new SegmentFiles(folder, ArchiveCatalog.require(folder));
        final int count = 40;
        final int first = indexAt(LogFiles.TERM_LENGTH) - 20;
        overwrite(files, endPositions.get(first), endPositions.get(first + count));
        final LogVerification.Damage damage = LogVerifier.verify(folder, part -> { }).damages().get(0);
        assertEquals(first + count + 1, damage.nextGoodSequence());
        LogRepair.repair(folder, damage.nextGoodSequence());
        for (int i = 0; i < count; i++) {
            sent.remove(first + 1);
            endPositions.remove(first + 1);
        }
        assertEquals(sent.size(), replay());
    }

    @Test
    void shouldLeaveALogWithWhichAnArchiveStarts() throws IOException {
        record(2 * LogFiles.SEGMENT_LENGTH + 20_000);
        final int kept = sent.size() - 5;
        final SegmentFiles files = new SegmentFiles(folder, ArchiveCatalog.require(folder));
        // A process that died leaves the stop position open, and half a record.
        ArchiveCatalog.stopPosition(folder, AeronArchive.NULL_POSITION);
        LogTail.cutBehind(files, endPositions.get(kept - 1) + 64);
        ArchiveCatalog.stopPosition(folder, AeronArchive.NULL_POSITION);
        final SegmentFiles torn = new SegmentFiles(folder, ArchiveCatalog.require(folder));
        final LogTail tail = LogTail.find(torn, -1);
        tail.cut();
        assertTrue(tail.cutBytes() > 0 && tail.cutBytes() <= 64);
        assertEquals(endPositions.get(kept - 1), tail.endPosition());
        sent.subList(kept, sent.size()).clear();
        endPositions.subList(kept, endPositions.size()).clear();
        assertEquals(kept, replay());
    }

    @Test
    void shouldStartAnArchiveThatTakesZerosForATornRecord() {
        // One frame over three pages, of which the last two are all zeros.
        final byte[] last = LogFiles.record(RecordType.EVENT, 0, 1, 0, new byte[8000]);
        try (ArchivingMediaDriver driver = launch(); AeronArchive archive = connect(driver)) {
            final ExclusivePublication publication = archive.addRecordedExclusivePublication(
                "aeron:ipc?term-length=64k|mtu=8192", STREAM_ID);
            final int counterId = awaitCounter(archive, publication);
            offer(publication, last);
            awaitRecorded(archive, counterId, publication.position());
            archive.stopRecording(publication);
        }
        ArchiveCatalog.stopPosition(folder, AeronArchive.NULL_POSITION);
        final ArchiveException e = assertThrows(ArchiveException.class, () -> launch().close());
        assertTrue(e.getMessage().contains("straddling page boundary"), e.getMessage());

        final LogTail tail = LogTail.find(new SegmentFiles(folder, ArchiveCatalog.require(folder)), -1);
        tail.cut();
        assertEquals(0, tail.cutBytes());
        assertEquals(sent.size(), replay());
    }

    private void record(final long length) {
        try (ArchivingMediaDriver driver = launch(); AeronArchive archive = connect(driver)) {
            final ExclusivePublication publication = archive.addRecordedExclusivePublication(CHANNEL, STREAM_ID);
            final int counterId = awaitCounter(archive, publication);
            final Random random = new Random(43);
            while (publication.position() < length) {
                offer(publication, random, 50);
            }
            awaitRecorded(archive, counterId, publication.position());
            archive.stopRecording(publication);
        }
    }

    /** Replays everything through an archive, and compares it with what is in {@code sent}. */
    private int replay() {
        final int[] received = {0};
        try (ArchivingMediaDriver driver = launch(); AeronArchive archive = connect(driver)) {
            final Recording recording = ArchiveCatalog.require(folder);
            final long end = endPositions.get(endPositions.size() - 1);
            assertEquals(end, archive.getStopPosition(recording.recordingId()));
            final FragmentAssembler assembler = new FragmentAssembler((buffer, offset, length, header) -> {
                final byte[] bytes = new byte[length];
                buffer.getBytes(offset, bytes);
                assertArrayEquals(sent.get(received[0]++), bytes);
            });
            try (Subscription subscription = archive.replay(
                recording.recordingId(), 0, end, "aeron:ipc", REPLAY_STREAM_ID)) {
                while (subscription.imageCount() == 0 || subscription.imageAtIndex(0).position() < end) {
                    if (subscription.poll(assembler, 100) == 0) {
                        archive.checkForErrorResponse();
                        Thread.yield();
                    }
                }
            }
        }
        return received[0];
    }

    private void assertReadsOn(final AeronLogReader reader) {
        while (reader.next()) {
            final int i = (int)reader.sequence();
            final byte[] record = sent.get(i);
            final byte[] payload = new byte[record.length - RecordDescriptor.HEADER_LENGTH];
            System.arraycopy(record, RecordDescriptor.HEADER_LENGTH, payload, 0, payload.length);
            final byte[] read = new byte[reader.lengthBytes()];
            reader.buffer().getBytes(reader.offset(), read);
            assertArrayEquals(payload, read);
            assertEquals(endPositions.get(i), reader.nextPosition());
        }
        assertEquals(sent.size(), reader.nextSequence());
        assertFalse(reader.next());
    }

    private void offer(final ExclusivePublication publication, final Random random, final int count) {
        for (int i = 0; i < count; i++) {
            final int length = random.nextInt(20) == 0 ? random.nextInt(8000) : random.nextInt(400);
            final byte[] record = LogFiles.record(
                RecordType.EVENT, sent.size(), sent.size() + 1, sent.size(), LogFiles.payload(random, length));
            offer(publication, record);
        }
    }

    private void offer(final ExclusivePublication publication, final byte[] record) {
        final UnsafeBuffer buffer = new UnsafeBuffer(record);
        long position = publication.offer(buffer, 0, record.length, null);
        while (position < 0) {
            Thread.yield();
            position = publication.offer(buffer, 0, record.length, null);
        }
        sent.add(record);
        endPositions.add(position);
    }

    private int indexAt(final long position) {
        int i = 0;
        while (endPositions.get(i) < position) {
            i++;
        }
        return i;
    }

    private static void overwrite(final SegmentFiles files, final long from, final long until) throws IOException {
        final byte[] noise = new byte[(int)(until - from)];
        new Random(1).nextBytes(noise);
        try (RandomAccessFile file = new RandomAccessFile(files.path(0).toFile(), "rw")) {
            file.seek(from);
            file.write(noise);
        }
    }

    private ArchivingMediaDriver launch() {
        return ArchivingMediaDriver.launch(
            new MediaDriver.Context()
                .aeronDirectoryName(driverFolder.resolve("aeron").toString())
                .dirDeleteOnStart(true)
                .dirDeleteOnShutdown(true)
                .threadingMode(ThreadingMode.SHARED)
                .counterValuesBufferLength(1 << 20)
                .termBufferSparseFile(true),
            new Archive.Context()
                .aeronDirectoryName(driverFolder.resolve("aeron").toString())
                .archiveDir(folder.toFile())
                .markFileDir(driverFolder.resolve("mark").toFile())
                .threadingMode(ArchiveThreadingMode.SHARED)
                .controlChannelEnabled(false)
                .archiveClientContext(new AeronArchive.Context().controlResponseChannel("aeron:ipc"))
                .replicationChannel("aeron:udp?endpoint=localhost:0")
                .recordingEventsEnabled(false)
                .lowStorageSpaceThreshold(1 << 20)
                .segmentFileLength(LogFiles.SEGMENT_LENGTH));
    }

    private static AeronArchive connect(final ArchivingMediaDriver driver) {
        return AeronArchive.connect(new AeronArchive.Context()
            .aeronDirectoryName(driver.mediaDriver().aeronDirectoryName())
            .controlRequestChannel("aeron:ipc")
            .controlRequestStreamId(AeronArchive.Configuration.localControlStreamId())
            .controlResponseChannel("aeron:ipc"));
    }

    private static int awaitCounter(final AeronArchive archive, final ExclusivePublication publication) {
        final CountersReader counters = archive.context().aeron().countersReader();
        int counterId = CountersReader.NULL_COUNTER_ID;
        while (counterId == CountersReader.NULL_COUNTER_ID) {
            archive.checkForErrorResponse();
            Thread.yield();
            counterId = RecordingPos.findCounterIdBySession(counters, publication.sessionId(), archive.archiveId());
        }
        return counterId;
    }

    private static void awaitRecorded(final AeronArchive archive, final int counterId, final long position) {
        final CountersReader counters = archive.context().aeron().countersReader();
        while (counters.getCounterValue(counterId) < position) {
            archive.checkForErrorResponse();
            Thread.yield();
        }
    }
}
