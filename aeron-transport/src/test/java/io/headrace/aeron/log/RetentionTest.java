package io.headrace.aeron.log;

import io.aeron.archive.client.AeronArchive;
import io.headrace.bus.log.EventLogContext;
import io.headrace.bus.log.LogException;
import io.headrace.bus.log.LogReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class RetentionTest {
    private static final int SEGMENT_LENGTH = 1 << 20;
    private static final long EVERYTHING = Long.MAX_VALUE;
    private static final int EVENT_COUNT = 8_000;

    @TempDir
    private Path folder;

    @Test
    void shouldKeepAsManyBytesAsWanted() throws IOException {
        try (AeronEventLog log = AeronEventLog.open(context(Optional.empty(), 3 << 20))) {
            write(log);
            final long first = log.retain(EVERYTHING, EVERYTHING, 0);
            assertEquals((log.recordedPosition() - (3 << 20)) / SEGMENT_LENGTH * SEGMENT_LENGTH, first);
            assertFilesFrom(log, first);
            assertEquals(first, log.retain(EVERYTHING, EVERYTHING, 0));
            try (LogReader reader = log.newReader()) {
                reader.next();
                assertEquals(first, reader.position());
                assertThrows(LogException.class, () -> reader.seekSequence(1));
                reader.seekPosition(first);
                reader.next();
                final long sequence = reader.sequence();
                reader.seekPosition(first);
                assertEquals(EVENT_COUNT, TestRecords.verify(reader, sequence));
            }
        }
        try (AeronEventLog log = AeronEventLog.open(context(Optional.empty(), 3 << 20))) {
            assertEquals(EVENT_COUNT, log.nextSequence());
            write(log);
            final long first = log.retain(EVERYTHING, EVERYTHING, 0);
            assertTrue(log.recordedPosition() - first >= 3 << 20);
            assertFilesFrom(log, first);
        }
    }

    @Test
    void shouldKeepWhatIsYoungEnough() {
        try (AeronEventLog log = AeronEventLog.open(context(Optional.of(Duration.ofSeconds(2)), Long.MAX_VALUE))) {
            write(log);
            assertEquals(0, log.retain(EVERYTHING, EVERYTHING, TestRecords.timeNs(0)));
            final long middleSequence = EVENT_COUNT / 2;
            final long first = log.retain(
                EVERYTHING, EVERYTHING, TestRecords.timeNs(middleSequence) + TimeUnit.SECONDS.toNanos(2));
            assertTrue(first > 0);
            try (LogReader reader = log.newReader()) {
                reader.next();
                assertTrue(reader.sequence() <= middleSequence, "sequence=" + reader.sequence());
                reader.seekSequence(middleSequence);
                assertTrue(reader.next());
                // No segment more than it has to.
                assertTrue(reader.position() - first <= 2 * SEGMENT_LENGTH + SparseIndex.STRIDE_BYTES);
            }
        }
    }

    @Test
    void shouldGoByTheFilesWhenTheIndexWasLost() throws IOException {
        final EventLogContext context = context(Optional.of(Duration.ofSeconds(2)), Long.MAX_VALUE);
        final long end;
        try (AeronEventLog log = AeronEventLog.open(context)) {
            write(log);
            end = log.recordedPosition();
        }
        assertTrue(end > 3L * SEGMENT_LENGTH);
        deleteIndex();
        Files.setLastModifiedTime(folder.resolve("0-0.rec"), FileTime.fromMillis(1_000));
        try (AeronEventLog log = AeronEventLog.open(context)) {
            assertEquals(SEGMENT_LENGTH,
                log.retain(EVERYTHING, EVERYTHING, TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis())));
        }
    }

    @Test
    void shouldKeepWhatSomebodyNeeds() {
        try (AeronEventLog log = AeronEventLog.open(context(Optional.of(Duration.ofSeconds(2)), 1))) {
            write(log);
            assertEquals(0, log.retain(0, EVERYTHING, EVERYTHING));
            assertEquals(0, log.retain(EVERYTHING, SEGMENT_LENGTH - 32, EVERYTHING));
            assertEquals(SEGMENT_LENGTH, log.retain(EVERYTHING, 2 * SEGMENT_LENGTH - 32, EVERYTHING));
            final long neededSequence = EVENT_COUNT * 3 / 4;
            // As soon as the segment of the last time is deleted.
            while (log.retain(neededSequence, EVERYTHING, EVERYTHING) == SEGMENT_LENGTH) {
                log.doWork();
            }
            try (LogReader reader = log.newReader()) {
                reader.seekSequence(neededSequence);
                assertTrue(reader.next());
                assertEquals(neededSequence, reader.sequence());
            }
        }
    }

    @Test
    void shouldTryAgainWhatTheArchiveRefused() {
        try (AeronEventLog log = AeronEventLog.open(context(Optional.empty(), 1))) {
            write(log);
            final AeronArchive control = log.storage().host().control();
            final long replay = control.startReplay(0, 0, EVERYTHING, "aeron:ipc", 77);
            for (int i = 0; i < 1_000; i++) {
                log.doWork();
            }
            assertEquals(0, log.retain(EVERYTHING, EVERYTHING, 0));
            assertEquals(0, log.retain(EVERYTHING, EVERYTHING, 0));
            assertEquals(2, log.retention().refusedCount());
            control.stopReplay(replay);
            for (int i = 0; i < 1_000; i++) {
                log.doWork();
            }
            assertTrue(log.retain(EVERYTHING, EVERYTHING, 0) > 0);
        }
    }

    private static void write(final AeronEventLog log) {
        final TestRecords records = new TestRecords(log);
        records.append(EVENT_COUNT, 700);
        records.awaitRecorded();
    }

    private void assertFilesFrom(final AeronEventLog log, final long first) throws IOException {
        // The archive deletes one file in a turn.
        for (int i = 0; i < 100; i++) {
            log.doWork();
        }
        final long[] bases = new SegmentFiles(folder, ArchiveCatalog.require(folder)).bases();
        assertEquals(first, bases[0]);
        assertEquals((log.recordedPosition() - first) / SEGMENT_LENGTH + 1, bases.length);
    }

    private void deleteIndex() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (final Path file : files.filter(f -> f.getFileName().toString().contains("index")).toList()) {
                Files.delete(file);
            }
        }
    }

    private EventLogContext context(final Optional<Duration> age, final long bytes) {
        return new EventLogContext().folder(folder).termLengthBytes(1 << 17).segmentLengthBytes(SEGMENT_LENGTH)
            .retention(age, bytes);
    }
}
