package io.headrace.client.link;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Where a link driver keeps its memory. Owned by whoever made it. A lock beside the memory says whether its process
 * lives, so that a killed one's folder is taken over at once, and a living one's never.
 *
 * <p>POSIX gives all of a process's locks on a file back when the process closes any channel on it. So this class keeps
 * the folders that are locked in this process, and opens the lock of none of them a second time.
 */
final class LinkDriverFolder implements AutoCloseable {
    private static final String PREFIX = "headrace-link-";
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();
    private static final String LOCK = "lock";
    private static final String MEMORY = "driver";

    private final Path folder;
    /** As it is in {@link #HELD}: the folder itself may be gone by the end. */
    private final Path held;
    private final boolean chosen;
    private final FileChannel channel;

    private LinkDriverFolder(final Path folder, final Path held, final boolean chosen, final FileChannel channel) {
        this.folder = folder;
        this.held = held;
        this.chosen = chosen;
        this.channel = channel;
    }

    /**
     * Takes a folder into use.
     *
     * @param name   of the driver, which is in the name of a chosen folder.
     * @param wanted the folder; empty to have one chosen, which is deleted with the driver.
     * @return the folder, locked.
     * @throws IOException when it cannot be made, or another driver has it.
     */
    static LinkDriverFolder take(final String name, final Optional<Path> wanted) throws IOException {
        final Path parent = PrivateFolder.parent();
        final boolean chosen = wanted.isEmpty();
        if (chosen) {
            removeDead(parent);
        }
        final Path folder = wanted.orElseGet(() -> parent.resolve(
            PREFIX + name + "-" + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong()))).toAbsolutePath();
        if (!Files.isDirectory(folder)) {
            PrivateFolder.make(folder);
        }
        final Path held = folder.toRealPath();
        final FileChannel channel = lock(held);
        if (channel != null) {
            return new LinkDriverFolder(folder, held, chosen, channel);
        }
        if (chosen) {
            // Another process that cleans up was faster than our lock.
            return take(name, wanted);
        }
        throw new IOException("another process has a media driver in " + folder);
    }

    /** Null when a living driver has it. */
    private static FileChannel lock(final Path held) throws IOException {
        if (!HELD.add(held)) {
            return null;
        }
        FileChannel channel = null;
        try {
            channel = tryLock(held);
        } finally {
            if (channel == null) {
                HELD.remove(held);
            }
        }
        return channel;
    }

    private static FileChannel tryLock(final Path folder) throws IOException {
        final FileChannel channel = FileChannel.open(
            folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
        boolean locked = false;
        try {
            final FileLock lock = channel.tryLock();
            locked = lock != null;
        } finally {
            if (!locked) {
                channel.close();
            }
        }
        return locked ? channel : null;
    }

    /** What killed processes of this user left. Another user's cannot be opened, and a living one's is locked. */
    private static void removeDead(final Path parent) throws IOException {
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(parent, PREFIX + "*")) {
            for (final Path folder : folders) {
                if (!Files.isRegularFile(folder.resolve(LOCK), LinkOption.NOFOLLOW_LINKS) || !isOurs(folder)) {
                    continue;
                }
                try {
                    removeUnlessHeld(folder);
                } catch (final NoSuchFileException e) {
                    // Another process removes it at the same time.
                    continue;
                }
            }
        }
    }

    private static void removeUnlessHeld(final Path folder) throws IOException {
        final Path held = folder.toRealPath();
        final FileChannel lock = lock(held);
        if (lock != null) {
            try {
                PrivateFolder.remove(folder);
            } finally {
                lock.close();
                HELD.remove(held);
            }
        }
    }

    private static boolean isOurs(final Path folder) throws IOException {
        return Files.isWritable(folder) && Files.isWritable(folder.resolve(LOCK))
            && Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS).getName().equals(System.getProperty("user.name"));
    }

    /**
     * Where the driver of a folder keeps its memory.
     *
     * @param folder as another process names it.
     * @return the folder for Aeron.
     */
    static Path memoryOf(final Path folder) {
        return folder.resolve(MEMORY);
    }

    /** {@return the folder, by which other processes find the driver} */
    Path path() {
        return folder;
    }

    /** {@return the folder for Aeron} */
    Path memory() {
        return memoryOf(folder);
    }

    /** Gives it up; a chosen one is deleted. */
    @Override
    public void close() throws IOException {
        try (channel) {
            PrivateFolder.remove(chosen ? folder : memory());
        } finally {
            HELD.remove(held);
        }
    }
}
