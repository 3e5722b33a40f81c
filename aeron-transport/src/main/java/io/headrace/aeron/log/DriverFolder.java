package io.headrace.aeron.log;

import io.headrace.bus.log.LogException;
import io.headrace.client.link.PrivateFolder;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Where the driver of one log keeps its memory. Owned by whoever holds the log's lock. The name follows from the log's
 * folder, so that the next process finds what a killed one left and deletes it, and two logs never meet.
 */
final class DriverFolder {
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
        return parentFolder.orElseGet(PrivateFolder::parent).resolve("headrace-" + nameOf(logFolder)).toAbsolutePath();
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
        PrivateFolder.remove(folder);
        PrivateFolder.make(folder);
        return folder.resolve("driver");
    }

    /** Deletes it with everything in it; nothing happens when it is not there. */
    static void delete(final Path folder, final StorageErrors errors) {
        try {
            PrivateFolder.remove(folder);
        } catch (final IOException e) {
            errors.onError(e);
        }
    }
}
