package io.headrace.aeron.log;

import io.headrace.bus.log.LogException;
import io.headrace.bus.log.LogException.Category;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Whether there is room to go on writing a log. Immutable, for any thread. Below a term's length (at most 16 MiB) it is
 * not tried: what fits would be full again at once.
 */
final class StorageSpace {
    private static final long MOST_NEEDED_BYTES = 16 << 20;
    private static final int MIB_SHIFT = 20;

    private final Path folder;
    private final long neededBytes;

    StorageSpace(final Path folder, final int termLengthBytes) {
        this.folder = folder;
        neededBytes = Math.min(Math.max(termLengthBytes, 1L << MIB_SHIFT), MOST_NEEDED_BYTES);
    }

    /** {@return below how many free bytes the archive may refuse to record: less than is needed here} */
    long refusedBytes() {
        return neededBytes / 2;
    }

    /**
     * Looks for room.
     *
     * @return what is missing and what to do, or null when there is enough.
     */
    String shortage() {
        try {
            final long usableBytes = Files.getFileStore(folder).getUsableSpace();
            return usableBytes >= neededBytes ? null
                : "the disk is full: free space on the disk of " + folder + ", at least " + (neededBytes >> MIB_SHIFT)
                    + " MB, now " + (usableBytes >> MIB_SHIFT) + " MB";
        } catch (final IOException e) {
            return "the disk of " + folder + " cannot be read (" + e + "): see to it that it is there";
        }
    }

    /** Throws when there is no room. */
    void require() {
        final String shortage = shortage();
        if (shortage != null) {
            throw new LogException(Category.STORAGE, "the event log cannot be written: " + shortage, null);
        }
    }
}
