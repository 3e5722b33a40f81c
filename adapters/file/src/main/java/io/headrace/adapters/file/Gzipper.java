package io.headrace.adapters.file;

import org.agrona.concurrent.status.AtomicCounter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;

/**
 * Called by the lane's thread, works on a thread of its own: replaces completed files by their gzip form. The original
 * goes only after its compressed form is whole under its final name; what fails or does not fit the queue stays as it
 * is, is counted, and is taken up with the next start.
 */
final class Gzipper implements AutoCloseable {
    static final int MAX_WAITING_FILES = 256;
    private static final Logger LOGGER = LoggerFactory.getLogger(Gzipper.class);
    private static final int BUFFER_BYTES = 64 * 1024;
    private static final long CLOSE_TIMEOUT_S = 30;

    private final ThreadPoolExecutor executor;
    private final boolean force;
    private final AtomicCounter compressedFiles;
    private final AtomicCounter failedFiles;

    Gzipper(
        final String sinkName, final boolean force, final AtomicCounter compressedFiles,
        final AtomicCounter failedFiles) {
        this.force = force;
        this.compressedFiles = compressedFiles;
        this.failedFiles = failedFiles;
        executor = new ThreadPoolExecutor(
            1, 1, 10, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MAX_WAITING_FILES), task -> {
                final Thread thread = new Thread(task, "gzip-" + sinkName);
                thread.setDaemon(true);
                return thread;
            });
        executor.allowCoreThreadTimeOut(true);
    }

    void compress(final Path completed) {
        try {
            executor.execute(() -> compressNow(completed));
        } catch (final RejectedExecutionException e) {
            failedFiles.increment();
            LOGGER.warn("{} stays uncompressed: {} files are waiting already", completed, MAX_WAITING_FILES, e);
        }
    }

    private void compressNow(final Path completed) {
        if (Files.notExists(completed)) {
            LOGGER.debug("{} is compressed already, or was taken away", completed);
            return;
        }
        final Path target = FileNames.gzip(completed);
        final Path part = FileNames.part(target);
        try {
            try (FileChannel channel = FileChannel.open(
                part, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
                // Not closed by itself: closing would close the channel before it is forced.
                final GZIPOutputStream gzip = new GZIPOutputStream(Channels.newOutputStream(channel), BUFFER_BYTES);
                Files.copy(completed, gzip);
                gzip.finish();
                if (force) {
                    channel.force(false);
                }
            }
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
            if (force) {
                PartFile.forceDirectory(target.getParent());
            }
            Files.delete(completed);
            compressedFiles.increment();
        } catch (final IOException e) {
            failedFiles.increment();
            LOGGER.warn("{} stays uncompressed", completed, e);
            deletePart(part);
        }
    }

    private static void deletePart(final Path part) {
        try {
            Files.deleteIfExists(part);
        } catch (final IOException e) {
            LOGGER.warn("{} could not be removed; the next start tries again", part, e);
        }
    }

    @Override
    public void close() {
        executor.shutdown();
        try {
            if (!executor.awaitTermination(CLOSE_TIMEOUT_S, TimeUnit.SECONDS)) {
                LOGGER.warn("compressing goes on with the next start: it did not end within {} s", CLOSE_TIMEOUT_S);
                executor.shutdownNow();
            }
        } catch (final InterruptedException e) {
            executor.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
