package io.headrace.aeron.log;

import io.headrace.bus.log.LogDescription;
import io.headrace.bus.log.RecordType;
import io.headrace.codecs.sbe.LogEpochDecoder;
import io.headrace.codecs.sbe.MessageHeaderDecoder;

import java.nio.file.Path;

/** Describes a log from its files. Used by one thread, also while a process writes the log; changes nothing. */
final class LogDescriber {
    private final SegmentFiles files;
    private final SparseIndex index;
    private final long firstPosition;
    private long firstSequence = LogPlaces.NO_SEQUENCE;
    private long firstTimeNs;
    private long lastSequence = LogPlaces.NO_SEQUENCE;
    private long lastTimeNs;
    private long logId;
    private long epoch;

    private LogDescriber(final SegmentFiles files) {
        this.files = files;
        this.index = SparseIndex.load(files);
        this.firstPosition = files.firstPosition();
    }

    /**
     * Describes a log.
     *
     * @param folder of the log.
     * @return the description.
     * @throws io.headrace.bus.log.LogException when there is no log, or it cannot be read.
     */
    static LogDescription describe(final Path folder) {
        return new LogDescriber(new SegmentFiles(folder, ArchiveCatalog.require(folder))).describe();
    }

    private LogDescription describe() {
        final LogTail tail = LogTail.look(files, index.checkpointEndHint());
        lastSequence = tail.lastSequence();
        lastTimeNs = tail.lastEventTimeNs();
        try (RecordScanner scanner = new RecordScanner(files)) {
            findFirst(scanner, tail.endPosition());
            if (lastSequence < 0 && firstSequence >= 0) {
                findLast(scanner, tail.endPosition());
            }
            findEpoch(scanner, Math.max(firstPosition, tail.checkpointPosition()), tail.endPosition());
        }
        return new LogDescription(
            files.folder(),
            logId,
            epoch,
            firstPosition,
            tail.endPosition(),
            firstSequence,
            tail.nextSequence(),
            firstTimeNs,
            lastTimeNs,
            files.bases().length,
            files.recording().segmentLengthBytes());
    }

    private void findFirst(final RecordScanner scanner, final long until) {
        for (long place = firstPosition; advances(scanner, place, until); place = scanner.nextPosition()) {
            if (scanner.type() == RecordType.EVENT) {
                firstSequence = scanner.sequence();
                firstTimeNs = scanner.timeNs();
                return;
            }
        }
    }

    /** No event lies behind the last checkpoint: looks backwards in steps, from one entry of the index to the next. */
    private void findLast(final RecordScanner scanner, final long endPosition) {
        final IndexTable entries = index.entries();
        final long[] bases = files.bases();
        int entry = entries.count() - 1;
        int segment = bases.length - 1;
        long until = endPosition;
        while (lastSequence < 0 && until > firstPosition) {
            while (entry >= 0 && entries.position(entry) >= until) {
                entry--;
            }
            while (segment >= 0 && bases[segment] >= until) {
                segment--;
            }
            final long from = Math.max(entry < 0 ? 0 : entries.position(entry), segment < 0 ? 0 : bases[segment]);
            for (long place = Math.max(from, firstPosition);
                advances(scanner, place, until);
                place = scanner.nextPosition()) {
                if (scanner.type() == RecordType.EVENT) {
                    lastSequence = scanner.sequence();
                    lastTimeNs = scanner.timeNs();
                }
            }
            until = Math.max(from, firstPosition);
        }
    }

    private void findEpoch(final RecordScanner scanner, final long from, final long until) {
        final MessageHeaderDecoder header = new MessageHeaderDecoder();
        final LogEpochDecoder decoder = new LogEpochDecoder();
        for (long place = from; advances(scanner, place, until); place = scanner.nextPosition()) {
            final boolean isEpoch = scanner.type() == RecordType.CONTROL
                && scanner.payloadLength() >= MessageHeaderDecoder.ENCODED_LENGTH + LogEpochDecoder.BLOCK_LENGTH
                && header.wrap(scanner.buffer(), scanner.payloadOffset()).templateId() == LogEpochDecoder.TEMPLATE_ID;
            if (isEpoch) {
                decoder.wrapAndApplyHeader(scanner.buffer(), scanner.payloadOffset(), header);
                logId = decoder.logId();
                epoch = Math.max(epoch, decoder.epoch());
            }
        }
    }

    /** Goes to the record at a place, or to the next whole one behind it. */
    private static boolean advances(final RecordScanner scanner, final long place, final long until) {
        final RecordScanner.Result result = scanner.step(place, until);
        return result == RecordScanner.Result.RECORD
            || result != RecordScanner.Result.END
            && scanner.find(scanner.position() + 32, until) == RecordScanner.Result.RECORD;
    }
}
