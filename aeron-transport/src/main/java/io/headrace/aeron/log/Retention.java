package io.headrace.aeron.log;

import io.aeron.exceptions.AeronException;
import io.headrace.bus.log.EventLogContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Lets go of the oldest segments, whole ones only, by age and by the log's length. Owned by the log thread. A segment
 * goes when at least the wanted bytes are left without it, or when every event in it is older than the wanted age, and
 * when nobody needs it: no position, no sequence, nor the last checkpoint that is recorded.
 */
final class Retention {
    private static final Logger LOG = LoggerFactory.getLogger(Retention.class);

    private final SegmentFiles files;
    private final SparseIndex index;
    private final long maxBytes;
    private final long maxAgeNs;
    private long refusedCount;

    Retention(final EventLogContext context, final SegmentFiles files, final SparseIndex index) {
        this.files = files;
        this.index = index;
        maxBytes = context.maxBytes();
        maxAgeNs = context.maxAge().map(Retention::toNanos).orElse(Long.MAX_VALUE);
    }

    private static long toNanos(final Duration age) {
        return age.compareTo(Duration.ofNanos(Long.MAX_VALUE)) < 0 ? age.toNanos() : Long.MAX_VALUE;
    }

    /**
     * From where on the log should be kept.
     *
     * @param firstPosition    that is there.
     * @param recordedPosition of the log.
     * @param neededPosition   the lowest that somebody needs.
     * @param neededSequence   the lowest that somebody needs.
     * @param nowNs            since the Unix epoch.
     * @return where a segment begins, or the first position when nothing is to go.
     */
    long wantedPosition(
        final long firstPosition,
        final long recordedPosition,
        final long neededPosition,
        final long neededSequence,
        final long nowNs) {
        final int segmentLength = files.recording().segmentLengthBytes();
        final long limit = Math.min(Math.min(recordedPosition, neededPosition), positionBefore(neededSequence));
        long wanted = firstPosition;
        long end = files.recording().segmentBase(firstPosition) + segmentLength;
        while (end <= limit && (recordedPosition - end >= maxBytes || isOld(end, nowNs))) {
            wanted = end;
            end += segmentLength;
        }
        return wanted;
    }

    /** A position that no event of that sequence or a later one lies before. */
    private long positionBefore(final long sequence) {
        if (sequence == Long.MAX_VALUE) {
            return Long.MAX_VALUE;
        }
        final IndexTable entries = index.entries();
        final int entry = entries.floorSequence(sequence);
        return index.isDistrusted() || entry < 0 ? 0 : entries.position(entry);
    }

    /** Whether every event before a segment's end is too old. */
    private boolean isOld(final long endPosition, final long nowNs) {
        return maxAgeNs < Long.MAX_VALUE && latestTimeNs(endPosition) < nowNs - maxAgeNs;
    }

    /** The index may not know the times, when its file was lost; then the segment was last written when it was full. */
    private long latestTimeNs(final long endPosition) {
        final IndexTable entries = index.entries();
        final int entry = firstBehind(entries, endPosition);
        final boolean known = !index.isDistrusted() && entry < entries.count()
            && entries.timeNs(entry) < Long.MAX_VALUE;
        return known ? entries.timeNs(entry) : writtenTimeNs(endPosition);
    }

    private static int firstBehind(final IndexTable entries, final long position) {
        int low = 0;
        int high = entries.count();
        while (low < high) {
            final int middle = (low + high) >>> 1;
            if (entries.position(middle) < position) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private long writtenTimeNs(final long endPosition) {
        try {
            return Files.getLastModifiedTime(files.path(endPosition - files.recording().segmentLengthBytes()))
                .to(TimeUnit.NANOSECONDS);
        } catch (final IOException e) {
            LOG.warn("event log {}: cannot tell the age of a segment, which is kept: {}", files.folder(), e.toString());
            return Long.MAX_VALUE;
        }
    }

    /**
     * Has the archive delete the segments before a position.
     *
     * @param host     of the archive.
     * @param position where a segment begins.
     * @return whether it did; a replay may still need them, and then it is tried again another time.
     */
    boolean purge(final ArchiveHost host, final long position) {
        if (host.isPurging()) {
            return false;
        }
        try {
            final long count = host.purge(files.recording().recordingId(), position);
            index.purge(position);
            LOG.info("event log {}: let {} segments before position {} go", files.folder(), count, position);
            return true;
        } catch (final AeronException e) {
            if (refusedCount++ == 0) {
                LOG.warn("event log {}: the archive keeps segments before position {} for now: {}",
                    files.folder(), position, e.getMessage());
            }
            return false;
        }
    }

    /** {@return how often the archive refused} */
    long refusedCount() {
        return refusedCount;
    }
}
