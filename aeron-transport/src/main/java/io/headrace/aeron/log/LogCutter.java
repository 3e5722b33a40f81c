package io.headrace.aeron.log;

import io.headrace.bus.log.LogCut;
import io.headrace.bus.log.LogException;
import io.headrace.bus.log.RecordType;
import io.headrace.codecs.sbe.LogEpochDecoder;
import io.headrace.codecs.sbe.MessageHeaderDecoder;
import org.agrona.DirectBuffer;

import java.nio.file.Path;

/**
 * Cuts the end of a log that no other process writes, from an event on. Used by one thread.
 *
 * <p>What is cut begins with the event or, before it, with the record that tells of an epoch that begins there: what
 * stands between the last event that stays and that record stays too, unless it says itself that the log was further. A
 * cut that is interrupted is begun again by the next one; until then the log can be opened too, as it ends somewhere
 * between.
 */
final class LogCutter {
    private static final long NONE = -1;
    /** How far before the event to begin looking for the records in front of it. */
    private static final long LOOK_BACK_SEQUENCES = 1 << 16;

    private final SegmentFiles files;
    private final AeronLogReader reader;
    private final long fromSequence;
    private long cutPosition = NONE;
    private long firstSequence = NONE;
    private long lastSequence = NONE;
    private long eventCount;

    private LogCutter(final SegmentFiles files, final AeronLogReader reader, final long fromSequence) {
        this.files = files;
        this.reader = reader;
        this.fromSequence = fromSequence;
    }

    /**
     * Cuts a log.
     *
     * @param folder       of the log.
     * @param fromSequence the first event that is not to stay.
     * @return what was cut.
     * @throws LogException when a process writes the log, when what is left could not be recovered from, or when the
     *                      files cannot be read or written.
     */
    static LogCut cut(final Path folder, final long fromSequence) {
        ArchiveCatalog.require(folder);
        try (LogLock lock = LogLock.acquire(folder)) {
            final SegmentFiles files = new SegmentFiles(lock.folder(), ArchiveCatalog.require(folder));
            try (AeronLogReader reader = AeronLogReader.open(lock.folder());
                SparseIndex index = SparseIndex.load(files)) {
                return new LogCutter(files, reader, fromSequence).cut(index);
            }
        }
    }

    private LogCut cut(final SparseIndex index) {
        goBeforeTheCut();
        while (reader.next()) {
            look();
        }
        if (cutPosition != NONE) {
            requireRecoverable();
            LogTail.cutBehind(files, cutPosition);
            index.cutBehind(cutPosition);
        }
        return new LogCut(eventCount, firstSequence, lastSequence);
    }

    /** To the first record that may have to go, or some before it; to the log's first when that is purged. */
    private void goBeforeTheCut() {
        if (!isEventBeforeTheCut(fromSequence - LOOK_BACK_SEQUENCES)) {
            reader.seekPosition(files.firstPosition());
        }
    }

    /** The records before an event that is found are passed over: it must be one that stays. */
    private boolean isEventBeforeTheCut(final long sequence) {
        if (sequence <= 0) {
            return false;
        }
        try {
            reader.seekSequence(sequence);
            return reader.next() && reader.sequence() < fromSequence;
        } catch (final LogException e) {
            if (e.category() != LogException.Category.PURGED) {
                throw e;
            }
            return false;
        }
    }

    private void look() {
        final boolean isEvent = reader.type() == RecordType.EVENT;
        if (cutPosition == NONE && (reader.nextSequence() > fromSequence || beginsEpoch())) {
            cutPosition = reader.position();
        }
        if (cutPosition != NONE && isEvent) {
            firstSequence = eventCount == 0 ? reader.sequence() : firstSequence;
            lastSequence = reader.sequence();
            eventCount++;
        }
    }

    /** Whether the record tells of an epoch that begins at or behind the cut. */
    private boolean beginsEpoch() {
        if (reader.type() != RecordType.CONTROL || reader.lengthBytes() < MessageHeaderDecoder.ENCODED_LENGTH) {
            return false;
        }
        final DirectBuffer buffer = reader.buffer();
        final MessageHeaderDecoder header = new MessageHeaderDecoder().wrap(buffer, reader.offset());
        return header.templateId() == LogEpochDecoder.TEMPLATE_ID
            && new LogEpochDecoder().wrapAndApplyHeader(buffer, reader.offset(), header).firstSequence()
            >= fromSequence;
    }

    /** Without its beginning a log tells its state by a checkpoint only. */
    private void requireRecoverable() {
        if (files.firstPosition() == 0) {
            return;
        }
        try (RecordScanner scanner = new RecordScanner(files)) {
            long place = files.firstPosition();
            boolean found = false;
            while (place < cutPosition && scanner.step(place, cutPosition) == RecordScanner.Result.RECORD) {
                if (scanner.type() == RecordType.CHECKPOINT_END
                    && LogTail.checkpointStart(scanner) >= files.firstPosition()) {
                    found = true;
                }
                place = scanner.nextPosition();
            }
            if (!found) {
                throw new LogException(
                    LogException.Category.MISMATCH,
                    "the event log in " + files.folder() + " cannot be cut from sequence " + fromSequence
                        + " on: all that would be left of it has no checkpoint. Move the folder away, and let the"
                        + " replica begin anew",
                    null);
            }
        }
    }
}
