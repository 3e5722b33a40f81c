package io.headrace.adapters.file;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Any thread: says what an I/O failure means for a person, and what mends it. */
final class FileFailure {
    private FileFailure() {
    }

    static String describe(final IOException failure, final Path directory) {
        final String cause = String.valueOf(failure.getMessage());
        final String lower = cause.toLowerCase(Locale.ROOT);
        if (failure instanceof PartFile.FileTakenException) {
            return cause + "; stop the other one, or give each its own directory or file-name";
        }
        if (!Files.exists(directory)) {
            return "directory=" + directory + " does not exist; create it";
        }
        if (!Files.isDirectory(directory)) {
            return "directory=" + directory + " is no directory; move the file away and create the directory";
        }
        if (lower.contains("no space left") || lower.contains("quota exceeded")) {
            return "the disk of directory=" + directory + " is full (" + cause + "); free space on it";
        }
        if (lower.contains("read-only")) {
            return "the file system of directory=" + directory + " is read-only (" + cause + "); mount it for writing";
        }
        if (failure instanceof AccessDeniedException) {
            return "writing in directory=" + directory + " is not allowed (" + cause + "); let this user write there";
        }
        return "writing in directory=" + directory + " failed: " + failure;
    }
}
