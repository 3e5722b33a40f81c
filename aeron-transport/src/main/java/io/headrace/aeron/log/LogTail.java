package io.headrace.aeron.log;

import io.headrace.bus.log.LogException;
import io.headrace.bus.log.RecordType;
import io.headrace.codecs.sbe.CheckpointEndDecoder;
import io.headrace.codecs.sbe.MessageHeaderDecoder;
import org.agrona.DirectBuffer;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * The end of a log, as the writer needs it before it starts the archive. Used by one thread.
 *
 * <p>The end is behind the last whole record. It is looked for from the last complete checkpoint on, which is what
 * recovery reads as well. What lies behind it and holds nothing whole is the trace of a crash, and is cut:
 * overwritten with zeros, so that the archive finds the same end and readers elsewhere lose nothing under their hands.
 * When something whole lies behind what is not, that is damage, and is not for a start to give up.
 */
final class LogTail {
    /** There is no complete checkpoint. */
    static final long NO_CHECKPOINT = -1;

    private static final long NONE = -1;
    private static final int CHUNK_LENGTH = 64 << 10;

    private final SegmentFiles files;
    private final Recording recording;
    private final long[] bases;
    private long checkpointPosition = NO_CHECKPOINT;
    private long endPosition;
    private long nextSequence;
    private long lastSequence = LogPlaces.NO_SEQUENCE;
    private long lastTimeNs;
    private long lastEventTimeNs;
    private boolean clean;
    private long cutBytes;

    private LogTail(final SegmentFiles files) {
        this.files = files;
        this.recording = files.recording();
        this.bases = files.bases();
    }

    /**
     * Takes a position for the end that the writer knows of, whatever lies behind it.
     *
     * @param files       of a log that no archive writes now.
     * @param endPosition of the last record that counts as recorded.
     * @return the end, with nothing else known.
     */
    static LogTail at(final SegmentFiles files, final long endPosition) {
        final LogTail tail = new LogTail(files);
        tail.endPosition = endPosition;
        return tail;
    }

    /**
     * Finds the end. Changes nothing.
     *
     * @param files             of a log that no process writes.
     * @param checkpointEndHint where the last {@code CHECKPOINT_END} may be, from an index; -1 when it tells none.
     * @return the end.
     * @throws LogException when the part that recovery reads is damaged, with the place and the remedy.
     */
    static LogTail find(final SegmentFiles files, final long checkpointEndHint) {
        return find(files, checkpointEndHint, false);
    }

    /**
     * Finds the end of a log for people to look at, also one that another process writes: damage before it is passed
     * over.
     *
     * @param files             of the log.
     * @param checkpointEndHint as for {@link #find}.
     * @return the end.
     */
    static LogTail look(final SegmentFiles files, final long checkpointEndHint) {
        return find(files, checkpointEndHint, true);
    }

    private static LogTail find(final SegmentFiles files, final long checkpointEndHint, final boolean passesDamage) {
        final LogTail tail = new LogTail(files);
        try (RecordScanner scanner = new RecordScanner(files)) {
            tail.walk(scanner, tail.startOf(scanner, checkpointEndHint), passesDamage);
        }
        return tail;
    }

    /**
     * Cuts what lies behind the end, and tells the archive's catalog where it is.
     *
     * @throws LogException when the files cannot be written.
     */
    void cut() {
        if (!clean) {
            cutBytes = cutBehind(files, endPosition);
        }
    }

    /**
     * Cuts a log at a position, and tells the archive's catalog that it ends there. The files keep their lengths, and
     * are not made anew: who reads them before the position does not notice.
     *
     * @param files       of a log that nothing writes now.
     * @param endPosition the end of a whole record.
     * @return how many bytes were cut.
     * @throws LogException when the files cannot be written.
     */
    static long cutBehind(final SegmentFiles files, final long endPosition) {
        final Recording recording = files.recording();
        long cutBytes = 0;
        try {
            final long[] bases = files.bases();
            // From behind: nothing whole is ever left behind what is not.
            for (int i = bases.length - 1; i >= 0; i--) {
                final long base = bases[i];
                if (base > endPosition) {
                    cutBytes += zero(files, base, 0);
                    Files.delete(files.path(base));
                } else if (base == recording.segmentBase(endPosition)) {
                    cutBytes += zero(files, base, recording.segmentOffset(endPosition));
                }
            }
            ArchiveCatalog.stopPosition(files.folder(), endPosition);
            return cutBytes;
        } catch (final IOException e) {
            throw new LogException(
                LogException.Category.STORAGE,
                "cannot cut the event log in " + files.folder() + " behind position " + endPosition,
                e);
        }
    }

    /** {@return the log position behind the last whole record and its padding} */
    long endPosition() {
        return endPosition;
    }

    /** {@return the log position at which the last complete checkpoint begins, or {@link #NO_CHECKPOINT}} */
    long checkpointPosition() {
        return checkpointPosition;
    }

    /** {@return the first sequence that an event behind the end may have; 0 for an empty log} */
    long nextSequence() {
        return nextSequence;
    }

    /** {@return the sequence of the last event behind the last checkpoint; -1 when there is none} */
    long lastSequence() {
        return lastSequence;
    }

    /** {@return the time of the last record since the Unix epoch; 0 for an empty log} */
    long lastTimeNs() {
        return lastTimeNs;
    }

    /** {@return the time of the event with {@link #lastSequence()}} */
    long lastEventTimeNs() {
        return lastEventTimeNs;
    }

    /** {@return how many bytes were cut; 0 before {@link #cut()}} */
    long cutBytes() {
        return cutBytes;
    }

    /** {@return where the checkpoint begins that the record closes, or {@link #NO_CHECKPOINT}} */
    static long checkpointStart(final RecordScanner scanner) {
        return checkpointStart(scanner.buffer(), scanner.payloadOffset(), scanner.payloadLength());
    }

    /** {@return where the checkpoint begins that the message closes, or {@link #NO_CHECKPOINT}} */
    static long checkpointStart(final DirectBuffer buffer, final int offset, final int lengthBytes) {
        final MessageHeaderDecoder header = new MessageHeaderDecoder().wrap(buffer, offset);
        final boolean fits = lengthBytes >= MessageHeaderDecoder.ENCODED_LENGTH + CheckpointEndDecoder.BLOCK_LENGTH
            && header.templateId() == CheckpointEndDecoder.TEMPLATE_ID;
        return fits ? new CheckpointEndDecoder().wrapAndApplyHeader(buffer, offset, header).startPosition()
            : NO_CHECKPOINT;
    }

    /** Where to begin: at the record that closes the last checkpoint, or at the log's start. */
    private long startOf(final RecordScanner scanner, final long hint) {
        if (hint >= recording.startPosition()
            && hint % 32 == 0
            && scanner.step(hint, Long.MAX_VALUE) == RecordScanner.Result.RECORD
            && closesCheckpoint(scanner)) {
            return scanner.position();
        }
        for (int i = bases.length - 1; i >= 0; i--) {
            final long found = lastCheckpointEnd(scanner, bases[i]);
            if (found != NONE) {
                return found;
            }
        }
        return bases.length == 0 ? recording.startPosition() : Math.max(recording.startPosition(), bases[0]);
    }

    private long lastCheckpointEnd(final RecordScanner scanner, final long base) {
        final long until = base + recording.segmentLengthBytes();
        long place = Math.max(base, recording.startPosition());
        long found = NONE;
        while (place < until) {
            final RecordScanner.Result result = scanner.step(place, until);
            if (result == RecordScanner.Result.END
                || result != RecordScanner.Result.RECORD
                && scanner.find(scanner.position() + 32, until) != RecordScanner.Result.RECORD) {
                break;
            }
            if (closesCheckpoint(scanner)) {
                found = scanner.position();
            }
            place = scanner.nextPosition();
        }
        return found;
    }

    /** A checkpoint of which a part was lost, and perhaps given up by a repair, is none: the one before it counts. */
    private boolean closesCheckpoint(final RecordScanner scanner) {
        if (scanner.type() != RecordType.CHECKPOINT_END) {
            return false;
        }
        final long end = scanner.position();
        long place = checkpointStart(scanner);
        if (place < recording.startPosition() || place > end) {
            return false;
        }
        try (RecordScanner checker = new RecordScanner(files)) {
            while (place < end && checker.step(place, end) == RecordScanner.Result.RECORD) {
                place = checker.nextPosition();
            }
            return checker.givenUpPosition() < 0 && (place >= end || checker.position() >= end);
        }
    }

    private void walk(final RecordScanner scanner, final long from, final boolean passesDamage) {
        endPosition = from;
        boolean any = false;
        RecordScanner.Result result = scanner.step(endPosition, Long.MAX_VALUE);
        while (result == RecordScanner.Result.RECORD || passesDamage && isWholeBehind(scanner)) {
            any = true;
            take(scanner);
            endPosition = scanner.nextPosition();
            result = scanner.step(endPosition, Long.MAX_VALUE);
        }
        endPosition = scanner.position();
        // Where the archive stopped in good order nothing was written behind.
        clean = endPosition == recording.stopPosition() && result != RecordScanner.Result.BROKEN;
        if (!clean && !passesDamage) {
            refuseDamage(scanner, result);
        }
        if (!any && recording.startPosition() > 0 && !passesDamage) {
            throw LogPlaces.damaged(files, endPosition, "nothing is left there", NONE, NONE);
        }
    }

    private boolean isWholeBehind(final RecordScanner scanner) {
        final long place = scanner.position();
        final long until = bases.length == 0 ? NONE : bases[bases.length - 1] + recording.segmentLengthBytes();
        if (scanner.find(place + 32, until) == RecordScanner.Result.RECORD) {
            return true;
        }
        // The end stays where it was before the search.
        scanner.step(place, Long.MAX_VALUE);
        return false;
    }

    private void take(final RecordScanner scanner) {
        nextSequence = scanner.nextSequence();
        lastTimeNs = scanner.timeNs();
        if (scanner.type() == RecordType.EVENT) {
            lastSequence = scanner.sequence();
            lastEventTimeNs = scanner.timeNs();
        } else if (closesCheckpoint(scanner)) {
            checkpointPosition = checkpointStart(scanner);
        }
    }

    private void refuseDamage(final RecordScanner scanner, final RecordScanner.Result result) {
        final String reason = result == RecordScanner.Result.BROKEN ? scanner.reason() : "nothing is written there";
        if (isWholeBehind(scanner)) {
            if (result == RecordScanner.Result.ABSENT) {
                throw LogPlaces.missing(files, endPosition);
            }
            throw LogPlaces.damaged(files, endPosition, reason, lastSequence, scanner.sequence());
        }
    }

    /**
     * How much is written behind a position. Changes nothing.
     *
     * @param files    of the log.
     * @param position the first place to look at.
     * @return the number of bytes up to the last that is not zero, in all segments.
     */
    static long usedBehind(final SegmentFiles files, final long position) {
        final Recording recording = files.recording();
        long usedBytes = 0;
        try {
            for (final long base : files.bases()) {
                if (base + recording.segmentLengthBytes() > position) {
                    usedBytes += walk(files.path(base), (int)Math.max(0, position - base), false);
                }
            }
            return usedBytes;
        } catch (final IOException e) {
            throw new LogException(LogException.Category.STORAGE, "cannot read the event log in " + files.folder(), e);
        }
    }

    /** Overwrites what is not zero, and tells how far that went. The file stays sparse and keeps its length. */
    private static long zero(final SegmentFiles files, final long base, final int from) throws IOException {
        final Path file = files.path(base);
        final long usedBytes = walk(file, from, true);
        final int segmentLength = files.recording().segmentLengthBytes();
        if (Files.size(file) != segmentLength) {
            try (RandomAccessFile whole = new RandomAccessFile(file.toFile(), "rw")) {
                whole.setLength(segmentLength);
            }
        }
        return usedBytes;
    }

    private static long walk(final Path file, final int from, final boolean zeroes) throws IOException {
        long endOffset = from;
        try (FileChannel channel = zeroes ? FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)
            : FileChannel.open(file, StandardOpenOption.READ)) {
            final ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_LENGTH);
            final byte[] bytes = new byte[CHUNK_LENGTH];
            for (long offset = from; offset < channel.size(); offset += CHUNK_LENGTH) {
                chunk.clear();
                final int length = channel.read(chunk, offset);
                chunk.flip().get(bytes, 0, Math.max(length, 0));
                final int used = usedLength(bytes, length);
                if (used > 0) {
                    endOffset = offset + used;
                    if (zeroes) {
                        Arrays.fill(bytes, 0, used, (byte)0);
                        write(channel, ByteBuffer.wrap(bytes, 0, used), offset);
                    }
                }
            }
            if (zeroes && endOffset > from) {
                channel.force(false);
            }
        }
        return endOffset - from;
    }

    private static void write(final FileChannel channel, final ByteBuffer bytes, final long offset)
        throws IOException {
        long place = offset;
        while (bytes.hasRemaining()) {
            place += channel.write(bytes, place);
        }
    }

    private static int usedLength(final byte[] bytes, final int length) {
        int used = Math.max(length, 0);
        while (used > 0 && bytes[used - 1] == 0) {
            used--;
        }
        return used;
    }
}
