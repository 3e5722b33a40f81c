package io.headrace.aeron.log;

import io.headrace.bus.log.EventLog;
import io.headrace.bus.log.EventLogContext;
import io.headrace.bus.log.LogException;
import io.headrace.bus.log.LogReader;
import io.headrace.bus.log.RecordType;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** On a memory file system of 24 MB, which only root can mount; not run otherwise. */
class FullDiskTest {
    private static final int FILLER_BYTES = 8 << 20;

    private final AtomicLong clockNs = new AtomicLong();
    private boolean mounted;
    private Path folder;
    private Path filler;

    @TempDir
    private Path mountPoint;

    @BeforeEach
    void mount() throws IOException, InterruptedException {
        mounted = run("mount", "-t", "tmpfs", "-o", "size=24m", "headrace-test", mountPoint.toString()) == 0;
        assumeTrue(mounted, "no right to mount a file system");
        folder = mountPoint.resolve("log");
        filler = mountPoint.resolve("filler");
        Files.write(filler, new byte[FILLER_BYTES]);
    }

    @AfterEach
    void unmount() throws IOException, InterruptedException {
        if (mounted && run("umount", mountPoint.toString()) != 0) {
            run("umount", "-l", mountPoint.toString());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {60, 700, 7_000, 90_000})
    void shouldGoOnWhenThereIsRoomAgain(final int lengthBytes) throws IOException {
        final long sequence;
        try (AeronEventLog log = AeronEventLog.open(context(), clockNs::get); LogReader reader = log.newReader()) {
            final TestRecords records = new TestRecords(log);
            final long codes = fill(log, records, lengthBytes);
            assertTrue(codes > 0, "publishers were not pressed back before the failure");
            assertTrue(log.failure().contains("free space on the disk of " + folder), log.failure());
            assertEquals(EventLog.FAILED, log.append(
                RecordType.EVENT, 1, 2, 3, new UnsafeBuffer(), 0, 0));
            assertEquals(log.recordedPosition(), log.appendedPosition());
            final long recordedSequence = TestRecords.verify(reader, 0);
            assertEquals(log.recordedPosition(), reader.nextPosition());

            tryInVain(log);
            Files.delete(filler);
            tryUntilItRecords(log);
            assertEquals(log.recordedPosition(), log.appendedPosition());
            assertEquals(log.recordedPosition(), reader.nextPosition());

            records.goTo(recordedSequence);
            while (records.nextSequence() < recordedSequence + (2 << 20) / (lengthBytes + 64)) {
                records.append(lengthBytes);
            }
            records.awaitRecorded();
            sequence = records.nextSequence();
            assertEquals(sequence, TestRecords.verify(reader, recordedSequence));
        }
        try (AeronEventLog log = AeronEventLog.open(context())) {
            assertEquals(sequence, log.nextSequence());
            TestRecords.verify(log, 0, sequence);
        }
    }

    @Test
    void shouldCloseWhileTheDiskIsFull() throws IOException {
        final long recordedSequence;
        try (AeronEventLog log = AeronEventLog.open(context(), clockNs::get)) {
            fill(log, new TestRecords(log), 500);
            try (LogReader reader = log.newReader()) {
                recordedSequence = TestRecords.verify(reader, 0);
            }
        }
        final LogException e = assertThrows(LogException.class, () -> AeronEventLog.open(context()));
        assertEquals(LogException.Category.STORAGE, e.category());
        assertTrue(e.getMessage().contains("free space"), e.getMessage());
        Files.delete(filler);
        try (AeronEventLog log = AeronEventLog.open(context())) {
            assertTrue(log.nextSequence() >= recordedSequence);
            TestRecords.verify(log, 0, log.nextSequence());
        }
    }

    /** {@return how often a publisher was refused before the failure} */
    private static long fill(final EventLog log, final TestRecords records, final int lengthBytes) {
        long refusedCount = 0;
        while (log.failure() == null) {
            while (records.tryAppend(lengthBytes)) {
                assertTrue(records.nextSequence() < 1 << 20);
            }
            refusedCount++;
            log.doWork();
        }
        return refusedCount;
    }

    private void tryInVain(final EventLog log) {
        for (int i = 0; i < 100; i++) {
            clockNs.addAndGet(TimeUnit.MILLISECONDS.toNanos(100));
            log.doWork();
            assertNotNull(log.failure());
        }
    }

    private void tryUntilItRecords(final EventLog log) {
        for (int i = 0; i < 50 && log.failure() != null; i++) {
            clockNs.addAndGet(TimeUnit.MILLISECONDS.toNanos(100));
            log.doWork();
        }
        assertNull(log.failure());
    }

    private EventLogContext context() {
        return new EventLogContext().folder(folder).termLengthBytes(1 << 20).segmentLengthBytes(1 << 22);
    }

    private static int run(final String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start().waitFor();
    }
}
