package io.headrace.client.link;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Functions, for any thread: folders of media drivers, whose memory holds the events and is for the eyes of this user
 * only, in a place where everybody may write.
 */
public final class PrivateFolder {
    private static final Path MEMORY_FILE_SYSTEM = Path.of("/dev/shm");
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");

    private PrivateFolder() {
    }

    /** {@return where such folders are unless somebody says otherwise: in memory, or else among temporary files} */
    public static Path parent() {
        return Files.isWritable(MEMORY_FILE_SYSTEM)
            ? MEMORY_FILE_SYSTEM : Path.of(System.getProperty("java.io.tmpdir"));
    }

    /**
     * Makes one, and those above it as they come.
     *
     * @param folder that is not there.
     * @throws IOException when it is, or cannot be made.
     */
    public static void make(final Path folder) throws IOException {
        Files.createDirectories(folder.getParent());
        if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        } else {
            Files.createDirectory(folder);
        }
    }

    /**
     * Deletes one with everything in it; nothing happens when it is not there. Follows no link, as somebody else may
     * have put one in its place.
     *
     * @param folder to be deleted.
     * @throws IOException when something of it stays.
     */
    public static void remove(final Path folder) throws IOException {
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(final Path file, final BasicFileAttributes attributes)
                throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(final Path visited, final IOException error)
                throws IOException {
                Files.deleteIfExists(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
