package io.headrace.aeron.log;

import io.headrace.bus.log.EventLog;
import io.headrace.bus.log.EventLogContext;
import io.headrace.bus.log.EventLogContext.Driver;
import io.headrace.bus.log.EventLogProvider;
import io.headrace.bus.log.LogException;
import io.headrace.bus.log.LogReader;
import io.headrace.bus.log.RecordType;
import io.headrace.bus.log.SyncLevel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class AeronEventLogTest {
    private static final int LONG_LENGTH = (1 << 20) + 13;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource(value = Driver.class, names = {"INVOKED", "THREADED"})
    void shouldGiveBackWhatItRecorded(final Driver driver) {
        final EventLogContext context = new EventLogContext().folder(folder).driver(driver);
        try (AeronEventLog log = AeronEventLog.open(context)) {
            final TestRecords records = new TestRecords(log);
            records.append(20);
            records.append(LONG_LENGTH);
            records.append(0);
            records.append(70_000);
            records.awaitRecorded();
            assertEquals(log.appendedPosition(), log.recordedPosition());
            TestRecords.verify(log, 0, records.nextSequence());
        }
        assertFalse(Files.exists(DriverFolder.of(folder, Optional.empty())));
    }

    @Test
    void shouldTakeTheLongestRecordAndRefuseALongerOne() {
        try (AeronEventLog log = AeronEventLog.open(small())) {
            final TestRecords records = new TestRecords(log);
            for (int i = 0; i < 40; i++) {
                records.append(log.maxRecordLengthBytes());
            }
            assertThrows(IllegalArgumentException.class, () -> records.append(log.maxRecordLengthBytes() + 1));
            records.awaitRecorded();
            TestRecords.verify(log, 0, records.nextSequence());
        }
    }

    @ParameterizedTest
    @EnumSource(SyncLevel.class)
    void shouldGoOnWhereItStopped(final SyncLevel syncLevel) {
        final EventLogContext context = small().syncLevel(syncLevel);
        long sequence = 0;
        long logId = 0;
        for (int run = 0; run < 4; run++) {
            try (AeronEventLog log = AeronEventLog.open(context)) {
                assertEquals(sequence, log.nextSequence());
                assertTrue(run == 0 || logId == log.logId());
                logId = log.logId();
                TestRecords.verify(log, 0, sequence);
                final TestRecords records = new TestRecords(log);
                records.append(30_000, 40);
                sequence = records.nextSequence();
            }
        }
        try (AeronEventLog log = AeronEventLog.open(context)) {
            TestRecords.verify(log, 0, sequence);
        }
    }

    @Test
    void shouldGoOnWithTheTermLengthItBeganWith() {
        try (AeronEventLog log = AeronEventLog.open(small())) {
            new TestRecords(log).append(10);
        }
        try (AeronEventLog log = AeronEventLog.open(new EventLogContext().folder(folder))) {
            final TestRecords records = new TestRecords(log);
            records.append(log.maxRecordLengthBytes());
            records.awaitRecorded();
            TestRecords.verify(log, 0, records.nextSequence());
            assertEquals((1 << 13) - RecordDescriptor.HEADER_LENGTH, log.maxRecordLengthBytes());
        }
    }

    @Test
    void shouldRecoverFromTheLastWholeCheckpoint() {
        final long checkpointPosition;
        try (AeronEventLog log = AeronEventLog.open(small())) {
            final TestRecords records = new TestRecords(log);
            records.append(500, 100);
            records.checkpoint(log.appendedPosition());
            records.append(500, 100);
            checkpointPosition = log.appendedPosition();
            records.checkpoint(checkpointPosition);
            records.append(300, 100);
        }
        try (AeronEventLog log = AeronEventLog.open(small())) {
            final List<RecordType> types = new ArrayList<>();
            final List<Long> sequences = new ArrayList<>();
            log.recover((type, sequence, nextSequence, position, buffer, offset, lengthBytes) -> {
                assertTrue(types.size() > 0 || position == checkpointPosition);
                types.add(type);
                sequences.add(sequence);
            });
            assertEquals(RecordType.CHECKPOINT_END, types.get(0));
            assertEquals(301, types.size());
            assertEquals(1_000, sequences.get(1));
            assertEquals(1_299, sequences.get(300));
            assertEquals(1_300, log.nextSequence());
        }
    }

    @Test
    void shouldKeepTheCheckpointThatItWouldRecoverFrom() {
        final EventLogContext context = small().retention(Optional.empty(), 1);
        final long checkpointPosition;
        try (AeronEventLog log = AeronEventLog.open(context)) {
            final TestRecords records = new TestRecords(log);
            records.append(5_000, 100);
            checkpointPosition = log.appendedPosition();
            records.checkpoint(checkpointPosition);
            records.append(10_000, 100);
            records.awaitRecorded();
            records.checkpoint(log.appendedPosition());
            final long first = log.retain(Long.MAX_VALUE, Long.MAX_VALUE, 0);
            assertTrue(first > 0 && first <= checkpointPosition, "first=" + first);
            records.awaitRecorded();
            // As soon as the segments of the first time are deleted.
            while (log.retain(Long.MAX_VALUE, Long.MAX_VALUE, 0) == first) {
                log.doWork();
            }
            assertTrue(log.retain(Long.MAX_VALUE, Long.MAX_VALUE, 0) > checkpointPosition);
        }
        try (AeronEventLog log = AeronEventLog.open(context)) {
            final long before = log.retain(Long.MAX_VALUE, Long.MAX_VALUE, 0);
            new TestRecords(log).append(10_000, 100);
            assertEquals(before, log.retain(Long.MAX_VALUE, Long.MAX_VALUE, 0));
        }
    }

    @Test
    void shouldKeepTheDriversMemoryFromOtherUsers() throws IOException {
        final Path driverFolder = DriverFolder.of(folder, Optional.empty());
        Files.createSymbolicLink(driverFolder, folder);
        final Path kept = Files.writeString(folder.resolve("kept"), "kept");
        try (AeronEventLog log = AeronEventLog.open(small())) {
            assertNull(log.failure());
            assertFalse(Files.isSymbolicLink(driverFolder));
            assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(driverFolder)));
        }
        assertTrue(Files.exists(kept));
        assertFalse(Files.exists(driverFolder));
    }

    @Test
    void shouldGoOnRecordingWhenItsThreadIsInterrupted() {
        try (AeronEventLog log = AeronEventLog.open(small())) {
            final TestRecords records = new TestRecords(log);
            Thread.currentThread().interrupt();
            records.append(1_000, 1_000);
            records.awaitRecorded();
            assertNull(log.failure());
            assertTrue(Thread.interrupted());
            TestRecords.verify(log, 0, 1_000);
            records.append(100);
            Thread.currentThread().interrupt();
        } finally {
            assertTrue(Thread.interrupted());
        }
        try (AeronEventLog log = AeronEventLog.open(small())) {
            assertEquals(1_001, log.nextSequence());
        }
    }

    @Test
    void shouldBeFoundAsAService() {
        final EventLogProvider provider = ServiceLoader.load(EventLogProvider.class).findFirst().orElseThrow();
        final long logId;
        try (EventLog log = provider.open(small())) {
            final TestRecords records = new TestRecords(log);
            records.append(100, 100);
            records.awaitRecorded();
            logId = log.logId();
            assertEquals(100, log.describe().nextSequence());
            assertEquals(log.recordedPosition(), provider.describe(folder).endPosition());
        }
        assertTrue(provider.verify(folder, done -> { }).whole());
        try (LogReader reader = provider.openReader(folder)) {
            assertEquals(100, TestRecords.verify(reader, 0));
        }
        try (EventLog log = provider.open(small())) {
            assertEquals(logId, log.logId());
        }
    }

    @Test
    void shouldRefuseAFolderInUse() {
        try (EventLog log = AeronEventLog.open(small())) {
            assertNull(log.failure());
            final LogException e = assertThrows(LogException.class, () -> AeronEventLog.open(small()));
            assertEquals(LogException.Category.IN_USE, e.category());
        }
    }

    @Test
    void shouldFollowWhatIsBeingRecorded() {
        try (AeronEventLog log = AeronEventLog.open(small()); LogReader reader = log.newReader()) {
            final TestRecords records = new TestRecords(log);
            for (int i = 0; i < 10_000; i++) {
                assertFalse(reader.next());
                records.append(i % 300);
                records.awaitRecorded();
                assertTrue(reader.next());
                assertEquals(i, reader.sequence());
                assertEquals(log.recordedPosition(), reader.nextPosition());
            }
        }
    }

    private EventLogContext small() {
        return new EventLogContext().folder(folder).termLengthBytes(1 << 16).segmentLengthBytes(1 << 18);
    }
}
