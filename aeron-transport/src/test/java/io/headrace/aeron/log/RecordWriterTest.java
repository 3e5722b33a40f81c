package io.headrace.aeron.log;

import com.sun.management.ThreadMXBean;
import io.headrace.bus.log.EventLog;
import io.headrace.bus.log.EventLogContext;
import io.headrace.bus.log.RecordType;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

class RecordWriterTest {
    private static final int EVENT_CODE = RecordType.EVENT.code();
    private static final int RECORD_COUNT = 200_000;
    private static final int IDLE_TURN_COUNT = 200_000;

    private final StorageErrors errors = new StorageErrors(System::nanoTime);
    private final UnsafeBuffer buffer = new UnsafeBuffer(ByteBuffer.allocateDirect(1 << 20));
    private ArchiveHost host;
    private RecordWriter writer;
    private Path driverFolder;

    @TempDir
    private Path folder;

    @BeforeEach
    void start() {
        final EventLogContext context = new EventLogContext().folder(folder);
        driverFolder = DriverFolder.of(folder, Optional.empty());
        host = ArchiveHost.start(context, driverFolder, 1 << 20, errors);
        writer = RecordWriter.begin(host, "test", context.termLengthBytes());
    }

    @AfterEach
    void stop() {
        host.close();
        assertFalse(Files.exists(driverFolder));
        assertEquals(0, errors.errorCount());
    }

    @Test
    void shouldTakeLessThan64MegabytesOfSharedMemory() throws IOException {
        while (writer.appendedPosition() < 64 << 20) {
            append(buffer.capacity());
        }
        try (Stream<Path> files = Files.walk(driverFolder)) {
            final long bytes = files.filter(Files::isRegularFile).mapToLong(RecordWriterTest::lengthBytes).sum();
            assertTrue(bytes < 64 << 20, "bytes=" + bytes);
        }
    }

    @Test
    void shouldAllocateNothingForARecord() {
        final ThreadMXBean threads = (ThreadMXBean)ManagementFactory.getThreadMXBean();
        long leastBytes = Long.MAX_VALUE;
        for (int round = 0; round < 5; round++) {
            final long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < RECORD_COUNT; i++) {
                append(100 + i % 50);
            }
            for (int i = 0; i < 10; i++) {
                append(200_000);
            }
            leastBytes = Math.min(leastBytes, threads.getCurrentThreadAllocatedBytes() - before);
        }
        // Driver and archive allocate now and then, whether there are records or not.
        assertTrue(leastBytes < RECORD_COUNT, "leastBytes=" + leastBytes);
    }

    /** In any state of compilation. */
    @Test
    void shouldAllocateNothingItselfWhenIdle() {
        final ThreadMXBean threads = (ThreadMXBean)ManagementFactory.getThreadMXBean();
        long leastBytes = Long.MAX_VALUE;
        for (int round = 0; round < 3; round++) {
            final long bytesBefore = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < IDLE_TURN_COUNT; i++) {
                host.hearControl();
                writer.poll();
            }
            leastBytes = Math.min(leastBytes, threads.getCurrentThreadAllocatedBytes() - bytesBefore);
        }
        // What a first call loads is in the first round.
        assertEquals(0, leastBytes);
    }

    /** With driver and archive, whose pollers allocate two iterators a turn until the compiler has removed them. */
    @Test
    void shouldAllocateNextToNothingWhenIdle() {
        awaitCompiledTurns();
        final ThreadMXBean threads = (ThreadMXBean)ManagementFactory.getThreadMXBean();
        long leastBytes = Long.MAX_VALUE;
        for (int round = 0; round < 3; round++) {
            final long bytesBefore = threads.getCurrentThreadAllocatedBytes();
            final long cpuNsBefore = threads.getCurrentThreadCpuTime();
            idleTurns();
            System.out.printf("idle turn: %d ns of CPU%n",
                (threads.getCurrentThreadCpuTime() - cpuNsBefore) / IDLE_TURN_COUNT);
            leastBytes = Math.min(leastBytes, threads.getCurrentThreadAllocatedBytes() - bytesBefore);
        }
        assertTrue(leastBytes < IDLE_TURN_COUNT, "leastBytes=" + leastBytes);
    }

    /** Turns until the compiler has had nothing to do for a while, whatever the turns allocate. */
    private void awaitCompiledTurns() {
        final CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();
        long compiledMs = -1;
        int restCount = 0;
        while (restCount < 5) {
            idleTurns();
            restCount = compiler.getTotalCompilationTime() == compiledMs ? restCount + 1 : 0;
            compiledMs = compiler.getTotalCompilationTime();
        }
    }

    private void idleTurns() {
        for (int i = 0; i < IDLE_TURN_COUNT; i++) {
            host.doWork();
            writer.poll();
        }
    }

    @Test
    void shouldBePressedBackWhileNothingIsRecorded() {
        int count = 0;
        while (writer.append(EVENT_CODE, count, count + 1, 0, buffer, 0, 0) > 0) {
            count++;
        }
        assertEquals(InFlightRecords.CAPACITY, count);
        assertEquals(EventLog.BACK_PRESSURED, writer.append(EVENT_CODE, count, count + 1, 0, buffer, 0, 0));
        assertEquals(0, writer.recordedPosition());
        while (writer.recordedPosition() < writer.appendedPosition()) {
            host.doWork();
            writer.poll();
        }
        assertTrue(writer.append(EVENT_CODE, count, count + 1, 0, buffer, 0, 0) > 0);
    }

    @Test
    void shouldBePressedBackByHalfATermOfLongRecords() {
        long position;
        do {
            position = writer.append(EVENT_CODE, 0, 1, 0, buffer, 0, buffer.capacity());
        } while (position > 0);
        assertEquals(EventLog.BACK_PRESSURED, position);
        assertTrue(writer.appendedPosition() < 16 << 20);
        assertNull(writer.fault());
    }

    @Test
    void shouldNoticeThatTheRecordingStopped() {
        append(100);
        host.control().tryStopRecordingByIdentity(writer.recordingId());
        while (writer.fault() == null) {
            host.doWork();
            writer.poll();
        }
        assertEquals(EventLog.FAILED, writer.append(EVENT_CODE, 1, 2, 0, buffer, 0, 100));
    }

    private void append(final int lengthBytes) {
        while (writer.append(EVENT_CODE, 1, 2, 3, buffer, 0, lengthBytes) < 0) {
            host.doWork();
            writer.poll();
            assertNull(writer.fault());
        }
    }

    private static long lengthBytes(final Path file) {
        try {
            return Files.size(file);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
