package io.headrace.adapters.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * The lane's thread: the one file that is being written to. It stands alone so that everything that can go wrong with a
 * disk goes wrong here: whatever happens, the file ends with a complete line, or is cut back to one before anything
 * else is written.
 */
final class PartFile implements AutoCloseable {
    private static final int SCAN_BYTES = 64 * 1024;

    private final Path path;
    private final Path completed;
    private final FileChannel channel;
    private final long tornBytes;
    private long completeBytes;
    private long forcedBytes;
    private boolean torn;

    private PartFile(
        final Path path, final Path completed, final FileChannel channel, final long completeBytes,
        final long tornBytes) {
        this.path = path;
        this.completed = completed;
        this.channel = channel;
        this.completeBytes = completeBytes;
        this.tornBytes = tornBytes;
    }

    /** Begins a file that must not exist yet. */
    static PartFile create(final Path completed) throws IOException {
        final Path path = FileNames.part(completed);
        final FileChannel channel =
            FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
        return locked(new PartFile(path, completed, channel, 0, 0));
    }

    /**
     * Goes on with a file that a predecessor left, after cutting off a torn last line, and what lies past a known size.
     *
     * @param completed    the name that it will have.
     * @param maximumBytes how much of it is kept at most.
     */
    static PartFile resume(final Path completed, final long maximumBytes) throws IOException {
        final Path path = FileNames.part(completed);
        final FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            final long sizeBytes = channel.size();
            final long keptBytes = endOfLastLine(channel, Math.min(sizeBytes, maximumBytes));
            final PartFile file = locked(new PartFile(path, completed, channel, keptBytes, sizeBytes - keptBytes));
            if (keptBytes < sizeBytes) {
                channel.truncate(keptBytes);
            }
            channel.position(keptBytes);
            return file;
        } catch (final IOException e) {
            closeAfter(channel, e);
            throw e;
        }
    }

    private static PartFile locked(final PartFile file) throws IOException {
        FileLock lock = null;
        try {
            lock = file.channel.tryLock();
        } catch (final OverlappingFileLockException e) {
            throw taken(file, e);
        } catch (final IOException e) {
            closeAfter(file.channel, e);
            throw e;
        }
        if (lock == null) {
            throw taken(file, null);
        }
        return file;
    }

    private static FileTakenException taken(final PartFile file, final Exception cause) {
        final FileTakenException taken = new FileTakenException(file.path, cause);
        closeAfter(file.channel, taken);
        return taken;
    }

    private static void closeAfter(final FileChannel channel, final IOException reason) {
        try {
            channel.close();
        } catch (final IOException e) {
            reason.addSuppressed(e);
        }
    }

    private static long endOfLastLine(final FileChannel channel, final long sizeBytes) throws IOException {
        final ByteBuffer buffer = ByteBuffer.allocate(SCAN_BYTES);
        long end = sizeBytes;
        while (end > 0) {
            final long begin = Math.max(0, end - SCAN_BYTES);
            buffer.clear().limit((int)(end - begin));
            int readBytes = 0;
            while (buffer.hasRemaining() && readBytes >= 0) {
                readBytes = channel.read(buffer, begin + buffer.position());
            }
            for (int i = (int)(end - begin) - 1; i >= 0; i--) {
                if (buffer.get(i) == '\n') {
                    return begin + i + 1;
                }
            }
            end = begin;
        }
        return 0;
    }

    /**
     * Writes complete lines behind the last complete one.
     *
     * @param lines from position to limit; a failed write is taken back, as far as the disk lets us, else before the
     *              next one.
     */
    void append(final ByteBuffer lines) throws IOException {
        cutTornTail();
        final int lengthBytes = lines.remaining();
        try {
            while (lines.hasRemaining()) {
                channel.write(lines);
            }
        } catch (final IOException e) {
            takeBack(e);
            throw e;
        }
        completeBytes += lengthBytes;
    }

    /** Takes back what was written after a size, when forcing it to the disk has failed. */
    void takeBackTo(final long sizeBytes, final IOException reason) {
        completeBytes = sizeBytes;
        takeBack(reason);
    }

    private void takeBack(final IOException reason) {
        torn = true;
        try {
            cutTornTail();
        } catch (final IOException e) {
            reason.addSuppressed(e);
        }
    }

    private void cutTornTail() throws IOException {
        if (torn) {
            channel.truncate(completeBytes);
            channel.position(completeBytes);
            forcedBytes = Math.min(forcedBytes, completeBytes);
            torn = false;
        }
    }

    /** Forces what is written to the disk; nothing to do when nothing was. */
    void force() throws IOException {
        if (forcedBytes != completeBytes) {
            channel.force(false);
            forcedBytes = completeBytes;
        }
    }

    /**
     * Gives the file its final name, which must be free. It is no file in progress any more then, whatever happens
     * next; closing it is left to the caller.
     *
     * @param finalPath its name.
     * @param force     whether its lines are forced to the disk before.
     */
    void complete(final Path finalPath, final boolean force) throws IOException {
        cutTornTail();
        if (force) {
            force();
        }
        Files.move(path, finalPath, StandardCopyOption.ATOMIC_MOVE);
    }

    static void forceDirectory(final Path directory) throws IOException {
        try (FileChannel entries = FileChannel.open(directory, StandardOpenOption.READ)) {
            entries.force(true);
        }
    }

    Path path() {
        return path;
    }

    /** The name that was meant for it when it was begun. */
    Path completed() {
        return completed;
    }

    /** How much of the file is complete lines. */
    long completeBytes() {
        return completeBytes;
    }

    /** How much was cut off when the file was found. */
    long tornBytes() {
        return tornBytes;
    }

    boolean isOpen() {
        return channel.isOpen();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    /** Another process, or another sink of this one, writes to the same file. */
    static final class FileTakenException extends FileSystemException {
        private static final long serialVersionUID = 1L;

        FileTakenException(final Path path, final Exception cause) {
            super(path.toString(), null, "is written to by another process or sink");
            initCause(cause);
        }
    }
}
