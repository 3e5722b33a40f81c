package io.headrace.aeron.log;

import io.headrace.bus.log.LogException;
import io.headrace.bus.log.LogReader;
import io.headrace.bus.log.LogVerification;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Kills a process that writes at full speed, again and again, and looks each time whether everything that it called
 * recorded is there, whole and without a gap. {@code -Dheadrace.crash.kills=200 -Dheadrace.crash.seed=N} for more.
 */
class CrashTest {
    private static final int KILL_COUNT = Integer.getInteger("headrace.crash.kills", 10);
    private static final long SEED = Long.getLong("headrace.crash.seed", System.nanoTime());
    private static final int MOST_REPORTS = 1_500;

    private final Random random = new Random(SEED);
    private long longestOpenNs;

    @TempDir
    private Path folder;

    @AfterEach
    void deleteWhatTheLastOneLeft() {
        DriverFolder.delete(DriverFolder.of(folder, Optional.empty()), new StorageErrors(System::nanoTime));
    }

    @Test
    void shouldLoseNothingThatWasRecordedWhenKilled() throws Exception {
        System.out.println("headrace.crash.seed=" + SEED);
        long recordedSequence = 0;
        long cutCount = 0;
        for (int kill = 0; kill < KILL_COUNT; kill++) {
            recordedSequence = Math.max(recordedSequence, writeUntilKilled());
            if (random.nextBoolean()) {
                recordedSequence = verifyAndGoOn(recordedSequence);
                cutCount++;
            }
        }
        final long end = verifyAndGoOn(recordedSequence);
        final LogVerification verification = LogVerifier.verify(folder, done -> { });
        assertTrue(verification.whole(), verification.toString());
        assertEquals(end, verification.log().nextSequence());
        System.out.printf("%d kills, of which %d were looked at at once; sequence %d; longest start %d ms%n",
            KILL_COUNT, cutCount, end, TimeUnit.NANOSECONDS.toMillis(longestOpenNs));
    }

    @Test
    void shouldRefuseALogThatAnotherProcessWrites() throws Exception {
        final Process process = startWriter();
        try (DataInputStream in = new DataInputStream(process.getInputStream())) {
            assertEquals(CrashingWriter.OPENING, in.readLong());
            in.readLong();
            final LogException e = assertThrows(
                LogException.class, () -> AeronEventLog.open(CrashingWriter.context(folder)));
            assertEquals(LogException.Category.IN_USE, e.category());
            assertTrue(e.getMessage().contains(Long.toString(process.pid())), e.getMessage());
            // And it has done the other no harm.
            final long before = in.readLong();
            for (int i = 0; i < 100; i++) {
                in.readLong();
            }
            assertTrue(in.readLong() > before);
        } finally {
            process.destroyForcibly();
        }
        assertTrue(process.waitFor(1, TimeUnit.MINUTES));
        verifyAndGoOn(0);
    }

    private long writeUntilKilled() throws IOException, InterruptedException {
        final int reportCount = random.nextInt(8) == 0 ? 0 : random.nextInt(MOST_REPORTS);
        final Process process = startWriter();
        long recordedSequence = 0;
        try (DataInputStream in = new DataInputStream(process.getInputStream())) {
            assertEquals(CrashingWriter.OPENING, in.readLong());
            for (int i = 0; i < reportCount; i++) {
                recordedSequence = in.readLong();
            }
            // Unlike the process's own method, its handle's leaves the pipe open.
            process.toHandle().destroyForcibly();
            recordedSequence = Math.max(recordedSequence, lastReport(in));
        } finally {
            process.destroyForcibly();
        }
        assertTrue(process.waitFor(1, TimeUnit.MINUTES));
        assertEquals(128 + 9, process.exitValue());
        return recordedSequence;
    }

    private Process startWriter() throws IOException {
        return new ProcessBuilder(
            ProcessHandle.current().info().command().orElseThrow(),
            "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
            "-Xmx128m",
            "-cp",
            System.getProperty("java.class.path"),
            CrashingWriter.class.getName(),
            folder.toString(),
            Long.toString(random.nextLong()))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    }

    private static long lastReport(final DataInputStream in) throws IOException {
        long last = 0;
        try {
            while (true) {
                last = in.readLong();
            }
        } catch (final EOFException e) {
            return last;
        }
    }

    /** {@return one past the last sequence in the log} */
    private long verifyAndGoOn(final long recordedSequence) {
        final long startNs = System.nanoTime();
        try (AeronEventLog log = AeronEventLog.open(CrashingWriter.context(folder))) {
            longestOpenNs = Math.max(longestOpenNs, System.nanoTime() - startNs);
            assertTrue(log.nextSequence() >= recordedSequence,
                "nextSequence=" + log.nextSequence() + " recordedSequence=" + recordedSequence);
            final TestRecords records = new TestRecords(log);
            for (int i = 0; i < 100; i++) {
                records.append(CrashingWriter.lengthBytes(random));
            }
            records.awaitRecorded();
            try (LogReader reader = log.newReader()) {
                reader.next();
                final long first = reader.sequence();
                reader.seekPosition(reader.position());
                assertEquals(records.nextSequence(), TestRecords.verify(reader, first));
            }
            return records.nextSequence();
        }
    }
}
