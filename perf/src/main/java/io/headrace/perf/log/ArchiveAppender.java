package io.headrace.perf.log;

import org.agrona.concurrent.UnsafeBuffer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The thread that measures, and nobody else: the bare archive, offered to and invoked by it. */
final class ArchiveAppender implements Appender {
    /** As large as the bursts that the bus's log thread makes, so that one sync serves as many. */
    private static final int BURST = 4096;

    private final UnsafeBuffer message = new UnsafeBuffer(new byte[LoggedBus.MESSAGE_BYTES]);
    private final BareArchive archive;

    ArchiveAppender(final Path folder, final boolean sync) throws IOException {
        archive = new BareArchive(folder.resolve("archive"), driverFolder(), sync);
    }

    private static Path driverFolder() throws IOException {
        final Path memory = Path.of("/dev/shm");
        return Files.isDirectory(memory) ?
            Files.createTempDirectory(memory, "headrace-perf") : Files.createTempDirectory("headrace-perf");
    }

    @Override
    public long append(final long number) {
        message.putLong(0, number);
        archive.awaitRecorded(archive.offer(message, LoggedBus.MESSAGE_BYTES));
        return System.nanoTime();
    }

    @Override
    public void appendAll(final long count) {
        long position = 0;
        for (long i = 0; i < count; i++) {
            message.putLong(0, i);
            position = archive.offer(message, LoggedBus.MESSAGE_BYTES);
            if (i % BURST == BURST - 1) {
                archive.doWork();
            }
        }
        archive.awaitRecorded(position);
    }

    @Override
    public void rest() {
        archive.doWork();
    }

    @Override
    public void close() {
        archive.close();
    }
}
