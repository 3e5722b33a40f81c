package io.headrace.aeron.log;

import io.headrace.bus.log.LogException;
import io.headrace.bus.log.LogReader;
import io.headrace.bus.log.RecordType;
import org.agrona.DirectBuffer;

import java.nio.file.Path;
import java.util.function.LongSupplier;

/**
 * Reads the log's segment files in place. Owned by one thread, and tied to no other: it asks for the limit and for the
 * first position, and looks at files. Allocates nothing for a record.
 *
 * <p>A reader in the writer's process is bounded by the recorded position, and below that everything has to be whole.
 * A reader elsewhere is bounded by what is whole: what is not may be on its way, a crash's trace, or damage, which is
 * told apart by looking whether anything behind it is whole.
 */
final class AeronLogReader implements LogReader {
    /** The limit of a reader that no writer bounds. */
    static final LongSupplier UNBOUNDED = () -> Long.MAX_VALUE;

    private static final long NOWHERE = -1;
    private static final int MAX_HINT_COUNT = 4;

    private final SegmentFiles files;
    private final Recording recording;
    private final RecordScanner scanner;
    private final LongSupplier limitPosition;
    private final LongSupplier firstPosition;
    private final SparseIndex index;

    private RecordType type;
    private long sequence;
    private long nextSequence;
    private long timeNs;
    private long position;
    private long nextPosition;
    private boolean searched;
    private long lastGoodSequence = LogPlaces.NO_SEQUENCE;
    private boolean closed;

    /**
     * Makes a reader that stands before the first record.
     *
     * @param files         of the log.
     * @param limitPosition up to where it may be read; {@link #UNBOUNDED} without a writer in this process.
     * @param firstPosition the first log position that was not purged.
     * @param index         of the log.
     */
    AeronLogReader(
        final SegmentFiles files,
        final LongSupplier limitPosition,
        final LongSupplier firstPosition,
        final SparseIndex index) {
        this.index = index;
        this.files = files;
        this.recording = files.recording();
        this.limitPosition = limitPosition;
        this.firstPosition = firstPosition;
        this.nextPosition = firstPosition.getAsLong();
        this.scanner = new RecordScanner(files);
    }

    /**
     * Makes a reader for a log that another process writes, or none.
     *
     * @param folder of the log.
     * @return the reader.
     */
    static AeronLogReader open(final Path folder) {
        final SegmentFiles files = new SegmentFiles(folder, ArchiveCatalog.require(folder));
        return new AeronLogReader(files, UNBOUNDED, files::firstPosition, SparseIndex.load(files));
    }

    @Override
    public void seekPosition(final long wantedPosition) {
        ensureOpen();
        final long first = firstPosition.getAsLong();
        if (wantedPosition < first) {
            throw LogPlaces.purged(files, "position " + wantedPosition, first);
        }
        if (wantedPosition > limitPosition.getAsLong() || wantedPosition % 32 != 0) {
            throw new LogException(
                LogException.Category.MISSING,
                "no record begins at position " + wantedPosition + " of the event log in " + files.folder(),
                null);
        }
        goTo(wantedPosition);
    }

    @Override
    public void seekSequence(final long wantedSequence) {
        ensureOpen();
        final long first = firstPosition.getAsLong();
        goTo(startFor(wantedSequence, first));
        while (next()) {
            if (type == RecordType.EVENT && sequence >= wantedSequence) {
                goTo(position);
                return;
            }
        }
    }

    @Override
    public void seekTime(final long wantedTimeNs) {
        ensureOpen();
        final long first = firstPosition.getAsLong();
        final long limit = limitPosition.getAsLong();
        if (limit != Long.MAX_VALUE) {
            index.completeTimes(limit);
        }
        final IndexTable entries = index.entries();
        goTo(hinted(entries, entries.beforeTime(wantedTimeNs), first, limit));
        while (next()) {
            if (type == RecordType.EVENT && timeNs >= wantedTimeNs) {
                goTo(position);
                return;
            }
        }
    }

    @Override
    public boolean next() {
        ensureOpen();
        final long limit = limitPosition.getAsLong();
        final RecordScanner.Result result = scanner.step(nextPosition, limit);
        if (result == RecordScanner.Result.RECORD) {
            take();
            return true;
        }
        return notWhole(result, limit);
    }

    /** Keeps what is asked for also when the next look found nothing. */
    private void take() {
        type = scanner.type();
        sequence = scanner.sequence();
        nextSequence = scanner.nextSequence();
        timeNs = scanner.timeNs();
        position = scanner.position();
        nextPosition = scanner.nextPosition();
        if (type == RecordType.EVENT) {
            lastGoodSequence = sequence;
        }
    }

    @Override
    public RecordType type() {
        return type;
    }

    @Override
    public long sequence() {
        return sequence;
    }

    @Override
    public long nextSequence() {
        return nextSequence;
    }

    /** {@return the record's time since the Unix epoch} */
    long timeNs() {
        return timeNs;
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public long nextPosition() {
        return nextPosition;
    }

    @Override
    public DirectBuffer buffer() {
        return scanner.buffer();
    }

    @Override
    public int offset() {
        return scanner.payloadOffset();
    }

    @Override
    public int lengthBytes() {
        return scanner.payloadLength();
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            scanner.close();
        }
    }

    private void goTo(final long place) {
        nextPosition = place;
        searched = false;
        lastGoodSequence = LogPlaces.NO_SEQUENCE;
    }

    /**
     * A place before which no event has the sequence or a later one: the index's last such entry, or the start of a
     * later segment where the index has none.
     */
    private long startFor(final long wantedSequence, final long first) {
        final long limit = limitPosition.getAsLong();
        final IndexTable entries = index.entries();
        long start = hinted(entries, entries.floorSequence(wantedSequence), first, limit);
        for (final long base : files.bases()) {
            if (base > start && base < limit && scanner.step(base, limit) == RecordScanner.Result.RECORD) {
                if (scanner.sequence() > wantedSequence) {
                    break;
                }
                start = base;
            }
        }
        if (start == first && first > 0
            && scanner.step(first, limit) == RecordScanner.Result.RECORD && scanner.sequence() > wantedSequence) {
            throw LogPlaces.purged(files, "sequence " + wantedSequence, first);
        }
        return start;
    }

    /** The position of the index's entry, or of an earlier one that may be read already, or else the log's first. */
    private long hinted(final IndexTable entries, final int from, final long first, final long limit) {
        int i = from;
        while (i >= 0 && entries.position(i) >= limit) {
            i--;
        }
        // The last entries may be ahead of the log that another process writes.
        final int lowest = Math.max(0, i - MAX_HINT_COUNT + 1);
        if (i < 0 || index.isDistrusted()) {
            return first;
        }
        for (; i >= lowest && entries.position(i) >= first; i--) {
            if (scanner.step(entries.position(i), limit) == RecordScanner.Result.RECORD
                && scanner.sequence() == entries.sequence(i)) {
                return entries.position(i);
            }
        }
        if (i < lowest) {
            index.distrust();
        }
        return first;
    }

    private boolean notWhole(final RecordScanner.Result result, final long limit) {
        return switch (result) {
            case END -> false;
            case ABSENT -> absent(limit);
            default -> limit == Long.MAX_VALUE ? unboundedEnd(result) : damaged(result, limit);
        };
    }

    /** Below the recorded position everything must be whole, unless the record is purged. */
    private boolean damaged(final RecordScanner.Result result, final long limit) {
        final long place = scanner.position();
        final String reason = reasonOf(result);
        final long first = firstPosition.getAsLong();
        if (place < first) {
            throw LogPlaces.purged(files, "position " + place, first);
        }
        // The writer may have cut its tail and made the segment anew under the file that is open here.
        scanner.release();
        if (scanner.step(place, limit) == RecordScanner.Result.RECORD) {
            return next();
        }
        throw LogPlaces.damaged(files, place, reason, lastGoodSequence, sequenceBehind(place));
    }

    private boolean absent(final long limit) {
        final long place = scanner.position();
        final long first = firstPosition.getAsLong();
        if (place < first) {
            throw LogPlaces.purged(files, "position " + place, first);
        }
        final long[] bases = files.bases();
        final boolean isBehindLast = bases.length == 0 || bases[bases.length - 1] < place;
        if (isBehindLast && limit == Long.MAX_VALUE) {
            return false;
        }
        if (files.firstPosition() > place) {
            throw LogPlaces.purged(files, "position " + place, files.firstPosition());
        }
        if (scanner.step(place, limit) == RecordScanner.Result.ABSENT) {
            throw LogPlaces.missing(files, place);
        }
        return next();
    }

    /**
     * Nothing, or nothing whole, at a place that nobody vouches for: the end, when nothing behind it is whole. That is
     * looked for at the first end after a seek, and whenever a later segment is there, for it means reading a segment.
     */
    private boolean unboundedEnd(final RecordScanner.Result result) {
        final long place = scanner.position();
        final String reason = reasonOf(result);
        if (searched && lastBase() <= recording.segmentBase(place)) {
            scanner.release();
            return false;
        }
        searched = true;
        final long goodSequence = sequenceBehind(place);
        // What was on its way when we looked first is there by now, if something behind it is.
        if (goodSequence >= 0 && scanner.step(place, Long.MAX_VALUE) != RecordScanner.Result.RECORD) {
            throw LogPlaces.damaged(files, place, reason, lastGoodSequence, goodSequence);
        }
        return goodSequence >= 0 && next();
    }

    private long sequenceBehind(final long place) {
        final long until = lastBase() + recording.segmentLengthBytes();
        return scanner.find(place + 32, until) == RecordScanner.Result.RECORD
            ? scanner.sequence() : LogPlaces.NO_SEQUENCE;
    }

    private long lastBase() {
        final long[] bases = files.bases();
        return bases.length == 0 ? NOWHERE : bases[bases.length - 1];
    }

    private String reasonOf(final RecordScanner.Result result) {
        return result == RecordScanner.Result.EMPTY ? "nothing is written there" : scanner.reason();
    }

    private void ensureOpen() {
        if (closed) {
            throw new LogException(LogException.Category.MISSING, "the log's reader is closed", null);
        }
    }
}
