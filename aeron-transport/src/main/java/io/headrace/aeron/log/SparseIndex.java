package io.headrace.aeron.log;

import io.headrace.bus.log.LogException;
import io.headrace.bus.log.RecordType;

/**
 * Where in the log about every mebibyte begins, and where its checkpoints end: sequence, time and position. Written by
 * the log thread; read by any, which gets hints and no more: a reader uses an entry only when the record that it points
 * to is whole and has the same sequence.
 *
 * <p>An entry's time is one that no event before it is later than. Clocks jump, so the times of events are in no order;
 * this one is, and an entry with an older time than the wanted one has no wanted event before it.
 *
 * <p>When the file lacks more than one segment's worth at the log's end, the log is not read for it when it is opened:
 * that would take as long as the log is long. The entries from then on have no time, and finding a sequence begins at
 * the starts of segments. The first to look for a time that lies there reads the log once, and the log thread takes
 * over what that found.
 */
final class SparseIndex implements AutoCloseable {
    /** About how much of the log lies between two entries. */
    static final int STRIDE_BYTES = 1 << 20;

    static final byte KIND_RECORD = 0;
    static final byte KIND_CHECKPOINT_END = 1;

    private static final long NO_POSITION = -1;
    private static final long UNKNOWN_TIME = Long.MAX_VALUE;
    private static final long MAX_SETTLE_BYTES = 128 << 20;

    private final SegmentFiles files;
    private final IndexFile file;
    private final int strideBytes;
    private volatile IndexTable table;
    private volatile Built built;
    private volatile boolean distrusted;
    private long lastPosition;
    /** The latest of all events so far, or {@link #UNKNOWN_TIME}. */
    private long latestTimeNs;
    /** The latest of those that this process wrote. */
    private long runningTimeNs;

    /** Entries that a reader has found, to be taken over by the log thread. */
    private record Built(IndexTable table, long endPosition, long latestTimeNs) {
    }

    private SparseIndex(
        final SegmentFiles files, final IndexFile file, final IndexTable table, final int strideBytes) {
        this.strideBytes = strideBytes;
        this.files = files;
        this.file = file;
        this.table = table;
    }

    /**
     * Loads a log's index. The log is not looked at.
     *
     * @param files of the log.
     * @return the index, not to be appended to before {@link #settle(long)}.
     */
    static SparseIndex load(final SegmentFiles files) {
        return load(files, STRIDE_BYTES);
    }

    static SparseIndex load(final SegmentFiles files, final int strideBytes) {
        return new SparseIndex(
            files, new IndexFile(files.folder()), IndexFile.load(files.folder()), strideBytes);
    }

    /**
     * Drops the entries of a stopped log that point into a range which was given up.
     *
     * @param files        of a log that no process writes.
     * @param fromPosition where the range begins.
     * @param endPosition  where it ends.
     */
    static void forget(final SegmentFiles files, final long fromPosition, final long endPosition) {
        final IndexTable loaded = IndexFile.load(files.folder());
        IndexTable kept = loaded.between(0, fromPosition);
        for (int i = 0; i < loaded.count(); i++) {
            if (loaded.position(i) >= endPosition) {
                kept = kept.withRoom();
                kept.append(loaded.sequence(i), loaded.timeNs(i), loaded.position(i), loaded.kind(i));
            }
        }
        if (kept.count() < loaded.count()) {
            try (IndexFile file = new IndexFile(files.folder())) {
                file.replace(kept);
            }
        }
    }

    /** {@return where the last checkpoint may end, or -1} */
    long checkpointEndHint() {
        final IndexTable entries = table;
        for (int i = entries.count() - 1; i >= 0; i--) {
            if (entries.kind(i) == KIND_CHECKPOINT_END) {
                return entries.position(i);
            }
        }
        return LogTail.NO_CHECKPOINT;
    }

    /**
     * Fits the index to the log that the writer goes on with: drops what is ahead of it or purged, and adds what the
     * last process did not come to write.
     *
     * @param endPosition of the log.
     */
    void settle(final long endPosition) {
        final long first = files.firstPosition();
        final int loadedCount = table.count();
        IndexTable entries = table.between(first, endPosition);
        // The last entry may stand before the padding at the log's end, with its record cut.
        if (entries.count() > 0 && !pointsToItsRecord(entries, entries.count() - 1, endPosition)) {
            entries = entries.between(first, entries.position(entries.count() - 1));
        }
        final int last = entries.count() - 1;
        final boolean knowsNothing = last < 0 || !pointsToItsRecord(entries, last, endPosition);
        if (knowsNothing) {
            entries = new IndexTable();
        }
        final boolean isPrefix = entries.count() == loadedCount;
        final long from = knowsNothing ? first : entries.position(last);
        latestTimeNs = knowsNothing ? Long.MIN_VALUE : entries.timeNs(last);
        runningTimeNs = Long.MIN_VALUE;
        if (endPosition - from <= Math.min(files.recording().segmentLengthBytes(), MAX_SETTLE_BYTES)) {
            final Built more = build(entries, from, endPosition, latestTimeNs);
            entries = more.table();
            latestTimeNs = more.latestTimeNs();
        } else {
            latestTimeNs = UNKNOWN_TIME;
        }
        lastPosition = entries.count() == 0 ? NO_POSITION : entries.position(entries.count() - 1);
        table = entries;
        if (isPrefix && file.holds(loadedCount)) {
            file.append(entries);
        } else {
            file.replace(entries);
        }
    }

    /**
     * Takes notice of a record. For the log thread.
     *
     * @param type     of the record.
     * @param sequence of an event; the next event's for others.
     * @param timeNs   since the Unix epoch.
     * @param position at which the record begins, or where the one before it ends when padding lies between.
     */
    void onRecord(final RecordType type, final long sequence, final long timeNs, final long position) {
        if (built != null || distrusted) {
            renew();
        }
        final boolean isCheckpoint = type == RecordType.CHECKPOINT_END;
        if (isCheckpoint || lastPosition == NO_POSITION || position - lastPosition >= strideBytes) {
            table = appended(table, isCheckpoint, sequence, latestTimeNs, position);
            lastPosition = position;
            file.append(table);
        }
        if (type == RecordType.EVENT) {
            latestTimeNs = Math.max(latestTimeNs, timeNs);
            runningTimeNs = Math.max(runningTimeNs, timeNs);
        }
    }

    /** Drops what points at or behind a position, at which the log was cut. For the log thread. */
    void cutBehind(final long position) {
        final int before = table.count();
        table = table.between(0, position);
        final int count = table.count();
        lastPosition = count == 0 ? NO_POSITION : table.position(count - 1);
        if (count < before) {
            file.replace(table);
        }
    }

    /** Drops what points before a position, from which on the log is still there. For the log thread. */
    void purge(final long firstPosition) {
        final int before = table.count();
        table = table.between(firstPosition, Long.MAX_VALUE);
        if (table.count() < before) {
            file.replace(table);
        }
    }

    /** {@return how often the index could not be written to its file; for any thread} */
    long failedWriteCount() {
        return file.failedWriteCount();
    }

    /** {@return the entries, for any thread} */
    IndexTable entries() {
        final Built found = built;
        return found == null ? table : found.table();
    }

    /** Takes notice that an entry did not point to its record, so that none is believed any more. For any thread. */
    void distrust() {
        distrusted = true;
    }

    /** {@return whether the entries are of no use} */
    boolean isDistrusted() {
        return distrusted;
    }

    /**
     * Adds the times that are missing, by reading the log from where they end. For any thread, and for long.
     *
     * @param limitPosition up to where the log may be read.
     */
    synchronized void completeTimes(final long limitPosition) {
        final IndexTable entries = table;
        final int exactCount = entries.beforeTime(UNKNOWN_TIME) + 1;
        final boolean isComplete = built != null || distrusted || exactCount == entries.count() && exactCount > 0
            && entries.position(exactCount - 1) + 2L * strideBytes > limitPosition;
        if (isComplete) {
            return;
        }
        final long first = files.firstPosition();
        final IndexTable exact = exactCount == entries.count() ? entries.between(first, Long.MAX_VALUE)
            : entries.between(first, entries.position(exactCount));
        final int last = exact.count() - 1;
        final long from = last < 0 ? first : exact.position(last);
        built = build(exact, from, limitPosition, last < 0 ? Long.MIN_VALUE : exact.timeNs(last));
    }

    @Override
    public void close() {
        if (built != null && !distrusted) {
            renew();
        }
        file.close();
    }

    /** The log thread takes over what a reader has found, or begins anew when the entries are of no use. */
    private void renew() {
        if (distrusted) {
            table = new IndexTable();
            lastPosition = NO_POSITION;
            latestTimeNs = UNKNOWN_TIME;
        } else {
            final Built found = built;
            final IndexTable own = table.between(found.endPosition(), Long.MAX_VALUE);
            IndexTable joined = found.table();
            if (latestTimeNs == UNKNOWN_TIME) {
                latestTimeNs = Math.max(found.latestTimeNs(), runningTimeNs);
            }
            for (int i = 0; i < own.count(); i++) {
                final boolean isCheckpoint = own.kind(i) == KIND_CHECKPOINT_END;
                // Too late a time makes an entry less useful, never wrong.
                final long timeNs = Math.min(own.timeNs(i), latestTimeNs);
                joined = appended(joined, isCheckpoint, own.sequence(i), timeNs, own.position(i));
            }
            table = joined;
        }
        built = null;
        distrusted = false;
        file.replace(table);
    }

    private Built build(final IndexTable known, final long from, final long until, final long timeNs) {
        IndexTable entries = known.between(0, Long.MAX_VALUE);
        long last = entries.count() == 0 ? NO_POSITION : entries.position(entries.count() - 1);
        long latest = timeNs;
        long place = from;
        try (RecordScanner scanner = new RecordScanner(files)) {
            while (place < until) {
                final RecordScanner.Result result = scanner.step(place, until);
                if (result != RecordScanner.Result.RECORD) {
                    if (result == RecordScanner.Result.END
                        || scanner.find(scanner.position() + 32, until) != RecordScanner.Result.RECORD) {
                        break;
                    }
                    place = scanner.position();
                }
                final boolean isCheckpoint = scanner.type() == RecordType.CHECKPOINT_END;
                if (place > last && (isCheckpoint || last == NO_POSITION || place - last >= strideBytes)) {
                    entries = appended(entries, isCheckpoint, scanner.sequence(), latest, place);
                    last = place;
                }
                if (scanner.type() == RecordType.EVENT) {
                    latest = Math.max(latest, scanner.timeNs());
                }
                place = scanner.nextPosition();
            }
        }
        return new Built(entries, place, latest);
    }

    private boolean pointsToItsRecord(final IndexTable entries, final int i, final long limit) {
        try (RecordScanner scanner = new RecordScanner(files)) {
            return scanner.step(entries.position(i), limit) == RecordScanner.Result.RECORD
                && scanner.sequence() == entries.sequence(i);
        } catch (final LogException e) {
            return false;
        }
    }

    private static IndexTable appended(
        final IndexTable entries,
        final boolean isCheckpoint,
        final long sequence,
        final long timeNs,
        final long position) {
        final IndexTable longer = entries.withRoom();
        longer.append(sequence, timeNs, position, isCheckpoint ? KIND_CHECKPOINT_END : KIND_RECORD);
        return longer;
    }
}
