package io.headrace.adapters.file;

import java.time.Duration;

/** Any thread, immutable: when a file is complete. */
final class FileRotation {
    private final long maxBytes;
    private final long intervalNs;

    FileRotation(final long maxBytes, final Duration interval) {
        this.maxBytes = maxBytes;
        this.intervalNs = interval.toNanos();
    }

    /** Whether lines of this length do not belong into a file of that size any more. */
    boolean isFull(final long fileBytes, final long lineBytes) {
        return fileBytes > 0 && fileBytes + lineBytes > maxBytes;
    }

    /**
     * Whether the interval of the last write has ended. A clock that goes back ends nothing: the file goes on until
     * time has passed where it was.
     */
    boolean isOver(final long lastWriteEpochNs, final long nowEpochNs) {
        return intervalNs > 0 && Math.floorDiv(nowEpochNs, intervalNs) > Math.floorDiv(lastWriteEpochNs, intervalNs);
    }
}
