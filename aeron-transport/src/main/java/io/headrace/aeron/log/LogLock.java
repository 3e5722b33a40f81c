package io.headrace.aeron.log;

import io.headrace.bus.log.LogException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The right to write a log: a lock on a file in its folder, which ends with the process however it ends. For any
 * thread.
 *
 * <p>POSIX gives all of a process's locks on a file back when the process closes any channel on it. So this class keeps
 * the folders that are locked in this process, and opens the file of none of them a second time.
 */
final class LogLock implements AutoCloseable {
    static final String FILE_NAME = "writer.lock";

    private static final Logger LOGGER = LoggerFactory.getLogger(LogLock.class);
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path realFolder;
    private final FileChannel channel;

    private LogLock(final Path realFolder, final FileChannel channel) {
        this.realFolder = realFolder;
        this.channel = channel;
    }

    /**
     * Takes the lock.
     *
     * @param folder of the log, which is there.
     * @return the lock.
     * @throws LogException when somebody has it, or the folder cannot be written.
     */
    static LogLock acquire(final Path folder) {
        try {
            final Path realFolder = folder.toRealPath();
            if (!HELD.add(realFolder)) {
                throw inUse(folder, "this process");
            }
            LogLock lock = null;
            try {
                lock = tryLock(realFolder);
            } finally {
                if (lock == null) {
                    HELD.remove(realFolder);
                }
            }
            if (lock == null) {
                throw inUse(folder, holder(realFolder));
            }
            return lock;
        } catch (final IOException e) {
            throw new LogException(LogException.Category.STORAGE, "cannot lock the event log in " + folder, e);
        }
    }

    /** {@return the real path of the folder that is locked} */
    Path folder() {
        return realFolder;
    }

    /** Gives the lock back. */
    @Override
    public void close() {
        if (channel.isOpen()) {
            try {
                channel.close();
            } catch (final IOException e) {
                throw new LogException(LogException.Category.STORAGE, "cannot unlock " + realFolder, e);
            } finally {
                HELD.remove(realFolder);
            }
        }
    }

    private static LogLock tryLock(final Path realFolder) throws IOException {
        final FileChannel channel = FileChannel.open(
            realFolder.resolve(FILE_NAME), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = null;
        try {
            lock = channel.tryLock();
            if (lock == null) {
                return null;
            }
            tellPid(realFolder, channel);
            return new LogLock(realFolder, channel);
        } finally {
            if (lock == null) {
                channel.close();
            }
        }
    }

    /** For people only: a disk without room for it is no reason not to lock. */
    private static void tellPid(final Path realFolder, final FileChannel channel) {
        try {
            final String pid = "%-20d%n".formatted(ProcessHandle.current().pid());
            channel.write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.US_ASCII)), 0);
        } catch (final IOException e) {
            LOGGER.warn("Cannot write this process's id into {}: {}", realFolder.resolve(FILE_NAME), e.toString());
        }
    }

    private static String holder(final Path realFolder) throws IOException {
        final String pid = Files.readString(realFolder.resolve(FILE_NAME), StandardCharsets.ISO_8859_1).strip();
        return pid.isEmpty() ? "another process" : "the process " + pid;
    }

    private static LogException inUse(final Path folder, final String holder) {
        return new LogException(
            LogException.Category.IN_USE,
            "the event log in " + folder + " is in use: " + holder + " writes it; stop that first",
            null);
    }
}
