package io.headrace.aeron.log;

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
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

class RecordWriterTest {
    private final StorageErrors errors = new StorageErrors(System::nanoTime);
    private ArchiveHost host;
    private RecordWriter writer;
    private Path driverFolder;

    @TempDir
    private Path folder;

    @BeforeEach
    void start() {
        driverFolder = DriverFolder.of(folder, Optional.empty());
        host = ArchiveHost.start(new EventLogContext().folder(folder), driverFolder, 1 << 20, errors);
        writer = RecordWriter.begin(host, "test", 16 << 20);
    }

    @AfterEach
    void stop() {
        host.close();
        assertFalse(Files.exists(driverFolder));
    }

    @Test
    void shouldTakeLittleMemory() throws IOException {
        final UnsafeBuffer buffer = new UnsafeBuffer(ByteBuffer.allocateDirect(1 << 20));
        while (writer.appendedPosition() < 64 << 20) {
            append(buffer, buffer.capacity());
        }
        try (Stream<Path> files = Files.walk(driverFolder)) {
            files.filter(Files::isRegularFile).forEach(f -> System.out.println(f + " " + usedBytes(f)));
        }
    }

    @Test
    void shouldAllocateNothing() {
        final UnsafeBuffer buffer = new UnsafeBuffer(ByteBuffer.allocateDirect(128));
        final var threads = (com.sun.management.ThreadMXBean)ManagementFactory.getThreadMXBean();
        for (int round = 0; round < 5; round++) {
            final long before = threads.getCurrentThreadAllocatedBytes();
            final long t = System.nanoTime();
            for (int i = 0; i < 200_000; i++) {
                append(buffer, 128);
            }
            System.out.println(threads.getCurrentThreadAllocatedBytes() - before + " B in "
                + (System.nanoTime() - t) / 1000 + " us");
        }
    }

    private void append(final UnsafeBuffer buffer, final int length) {
        while (writer.append(RecordType.EVENT.code(), 1, 2, 3, buffer, 0, length) == EventLog.BACK_PRESSURED) {
            host.doWork();
            writer.poll();
        }
        assertNull(writer.fault());
    }

    private static long usedBytes(final Path file) {
        try {
            return ((Number)Files.getAttribute(file, "unix:rdev")).longValue() + Files.size(file);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
