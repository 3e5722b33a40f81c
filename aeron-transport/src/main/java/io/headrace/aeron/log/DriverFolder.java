package io.headrace.aeron.log;

import io.headrace.bus.log.LogException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;

/**
 * Where the driver of one log keeps its memory. Owned by whoever holds the log's lock. The name follows from the log's
 * folder, so that the next process finds what a killed one left and deletes it, and two logs never meet.
 */
final class DriverFolder {
    private static final Path MEMORY_FILE_SYSTEM = Path.of("/dev/shm");
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");

    private DriverFolder() {
    }

    /**
     * The driver's folder of a log.
     *
     * @param logFolder    that exists.
     * @param parentFolder below which it is; without it a memory file system, or else the temporary files.
     * @return a folder that nothing else uses, and that need not exist.
     */
    static Path of(final Path logFolder, final Optional<Path> parentFolder) {
        final Path parent = parentFolder.orElseGet(() -> Files.isWritable(MEMORY_FILE_SYSTEM)
            ? MEMORY_FILE_SYSTEM : Path.of(System.getProperty("java.io.tmpdir")));
        return parent.resolve("headrace-" + nameOf(logFolder)).toAbsolutePath();
    }

    /** The inode is in it because two containers may share the memory and use the same path for different disks. */
    private static String nameOf(final Path logFolder) {
        try {
            final Path path = logFolder.toRealPath();
            final Object key = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
            final byte[] hash = MessageDigest.getInstance("SHA-256")
                .digest((path + "\n" + key).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 8);
        } catch (final IOException e) {
            throw new LogException(LogException.Category.STORAGE, "cannot read " + logFolder + ": " + e, e);
        } catch (final NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /**
     * Makes it anew, for the eyes of this user only: the driver's memory holds the events.
     *
     * @param folder that is nobody's: what is there was left by a process that died.
     * @return the folder for the driver, which makes it itself.
     * @throws IOException when it cannot be made.
     */
    static Path make(final Path folder) throws IOException {
        remove(folder);
        Files.createDirectories(folder.getParent());
        if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        } else {
            Files.createDirectory(folder);
        }
        return folder.resolve("driver");
    }

    /** Deletes it with everything in it; nothing happens when it is not there. */
    static void delete(final Path folder, final StorageErrors errors) {
        try {
            remove(folder);
        } catch (final IOException e) {
            errors.onError(e);
        }
    }

    /** Follows no link: everybody may write into the folder above, and the name can be guessed. */
    private static void remove(final Path folder) throws IOException {
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(final Path file, final BasicFileAttributes attributes)
                throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(final Path visited, final IOException error)
                throws IOException {
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
