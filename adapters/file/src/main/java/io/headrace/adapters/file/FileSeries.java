package io.headrace.adapters.file;

import io.headrace.bus.adapter.SinkContext;
import org.agrona.concurrent.status.AtomicCounter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The lane's thread: the files of one sink, one after the other. It knows which one is being written to, begins and
 * completes them, and takes up what a predecessor left. It never writes over a file.
 */
final class FileSeries implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(FileSeries.class);

    private final FileNames names;
    private final FileRotation rotation;
    private final boolean force;
    private final Gzipper gzipper;
    private final AtomicCounter completedFiles;
    private final AtomicCounter tornLines;
    private final AtomicCounter vanishedFiles;
    private final AtomicCounter takenBackBytes;
    private final SeriesPosition position;
    private boolean recovered;
    private long lastCounter;
    private long lastWriteEpochNs;
    private PartFile part;

    FileSeries(final FileSinkOptions options, final SinkContext context) {
        names = new FileNames(Path.of(options.directory()), options.fileName(), context.name());
        rotation = new FileRotation(options.rotateBytes().bytes(), options.rotateInterval());
        force = options.fsync() != FileSync.NONE;
        gzipper = options.compression() == FileCompression.NONE ? null : new Gzipper(
            context.name(), force, context.counter("compressed-files"), context.counter("uncompressed-files"));
        completedFiles = context.counter("completed-files");
        tornLines = context.counter("torn-lines");
        vanishedFiles = context.counter("vanished-files");
        takenBackBytes = context.counter("taken-back-bytes");
        position = new SeriesPosition(names.position(), context);
    }

    /** The file that lines of this length belong into now; begins one, and completes the last one, where needed. */
    PartFile fileFor(final long nowEpochNs, final long lineBytes) throws IOException {
        recoverOnce(nowEpochNs);
        reopen();
        if (part != null && (rotation.isOver(lastWriteEpochNs, nowEpochNs) ||
            rotation.isFull(part.completeBytes(), lineBytes))) {
            complete(nowEpochNs);
        }
        if (part == null) {
            part = PartFile.create(nextFree(nowEpochNs));
            if (force) {
                PartFile.forceDirectory(names.directory());
            }
        }
        position.name(part);
        return part;
    }

    /** Finds what a predecessor left, and how far it came; {@link #position} tells afterwards. */
    void recoverOnce(final long nowEpochNs) throws IOException {
        if (!recovered) {
            recover(nowEpochNs);
            recovered = true;
        }
    }

    SeriesPosition position() {
        return position;
    }

    /** Remembers when something was written, as that decides to which interval the file belongs. */
    void written(final long nowEpochNs) {
        lastWriteEpochNs = Math.max(lastWriteEpochNs, nowEpochNs);
    }

    /** Completes the file when its interval has ended; it also finds what a predecessor left. */
    void completeWhenOver(final long nowEpochNs) throws IOException {
        recoverOnce(nowEpochNs);
        if (part != null && rotation.isOver(lastWriteEpochNs, nowEpochNs)) {
            reopen();
            if (part != null) {
                complete(nowEpochNs);
            }
        }
    }

    /** The file being written to, or null. */
    PartFile current() {
        return part;
    }

    /** After an interrupt the channel is closed, and after somebody moved the file its lines would go nowhere. */
    private void reopen() throws IOException {
        if (part == null) {
            return;
        }
        if (!Files.exists(part.path())) {
            vanishedFiles.increment();
            LOGGER.error("{} was moved or deleted while it was written to; beginning another", part.path());
            final PartFile vanished = part;
            part = null;
            // It may come back with its directory, as a file system that is mounted again does.
            recovered = false;
            position.close();
            vanished.close();
        } else if (!part.isOpen()) {
            part = PartFile.resume(part.completed(), part.completeBytes());
        }
    }

    private void recover(final long nowEpochNs) throws IOException {
        position.open();
        final List<FileNames.OwnFile> found = names.list();
        for (final FileNames.OwnFile file : found) {
            lastCounter = Math.max(lastCounter, file.counter());
        }
        for (final FileNames.OwnFile file : found) {
            switch (file.suffix()) {
                case FileNames.PART_SUFFIX -> takeUp(file, nowEpochNs);
                case FileNames.GZIP_SUFFIX + FileNames.PART_SUFFIX -> Files.delete(file.path());
                case "" -> settleCompleted(file.path());
                default -> LOGGER.debug("found {}", file.path());
            }
        }
    }

    /** Of several files in progress, which only a person can have made, the last one goes on. */
    private void takeUp(final FileNames.OwnFile file, final long nowEpochNs) throws IOException {
        if (part != null && part.path().equals(file.path())) {
            return;
        }
        if (position.isOfAnotherBus(file.completed())) {
            LOGGER.warn("{} stays as it is: a bus with an event log writes to it; to take it up here delete {}",
                file.path(), names.position());
            return;
        }
        if (part != null) {
            complete(nowEpochNs);
        }
        final FileTime modified = Files.getLastModifiedTime(file.path());
        final long acknowledgedBytes = position.acknowledgedBytes(file.completed());
        part = PartFile.resume(file.completed(), acknowledgedBytes);
        lastWriteEpochNs = modified.to(TimeUnit.NANOSECONDS);
        if (part.tornBytes() > 0) {
            if (acknowledgedBytes == Long.MAX_VALUE) {
                tornLines.increment();
                LOGGER.warn("cut a torn last line of {} bytes off {}", part.tornBytes(), part.path());
            } else {
                takenBackBytes.getAndAdd(part.tornBytes());
                LOGGER.info("cut {} bytes off {}, which were not acknowledged; their events come again",
                    part.tornBytes(), part.path());
            }
        }
        LOGGER.info("going on with {} at {} bytes", part.path(), part.completeBytes());
    }

    private void complete(final long nowEpochNs) throws IOException {
        final PartFile file = part;
        if (file.completeBytes() == 0) {
            Files.deleteIfExists(file.path());
            part = null;
            file.close();
            return;
        }
        position.name(file);
        final Path completed = FileNames.isFree(file.completed()) ? file.completed() : nextFree(nowEpochNs);
        if (force) {
            file.force();
            position.force();
        }
        file.complete(completed, force);
        part = null;
        completedFiles.increment();
        file.close();
        if (force) {
            PartFile.forceDirectory(names.directory());
        }
        if (gzipper != null) {
            gzipper.compress(completed);
        }
    }

    /** A completed file that was not compressed, or that was, and could not be removed any more. */
    private void settleCompleted(final Path completed) throws IOException {
        if (gzipper != null) {
            gzipper.compress(completed);
        } else if (Files.deleteIfExists(FileNames.gzip(completed))) {
            LOGGER.info("removed the compressed form of {}, which is there uncompressed too", completed);
        }
    }

    private Path nextFree(final long nowEpochNs) {
        Path completed;
        do {
            lastCounter++;
            completed = names.completed(nowEpochNs, lastCounter);
        } while (!FileNames.isFree(completed) || Files.exists(FileNames.part(completed)));
        return completed;
    }

    /** Completes the file, so that everything delivered is in files that nobody writes to any more. */
    void finish(final long nowEpochNs) throws IOException {
        reopen();
        if (part != null) {
            complete(nowEpochNs);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            if (part != null) {
                part.close();
            }
        } finally {
            position.close();
            if (gzipper != null) {
                gzipper.close();
            }
        }
    }
}
