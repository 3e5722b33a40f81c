package io.headrace.aeron.log;

import io.headrace.bus.log.LogVerification;
import io.headrace.bus.log.RecordType;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleConsumer;

/** Looks at every record of a log. Used by one thread, also while a process writes the log; changes nothing. */
final class LogVerifier {
    private static final long PROGRESS_STEP_BYTES = 4 << 20;

    private final SegmentFiles files;
    private final Recording recording;
    private final DoubleConsumer progress;
    private final long firstPosition;
    private final long untilPosition;
    private final List<LogVerification.Damage> damages = new ArrayList<>();
    private long eventCount;
    private long controlCount;
    private long lastGoodSequence = LogPlaces.NO_SEQUENCE;
    private long nextProgressPosition;
    private long endPosition;

    private LogVerifier(final SegmentFiles files, final DoubleConsumer progress) {
        this.files = files;
        this.recording = files.recording();
        this.progress = progress;
        this.firstPosition = files.firstPosition();
        final long[] bases = files.bases();
        this.untilPosition = bases.length == 0 ? firstPosition
            : bases[bases.length - 1] + recording.segmentLengthBytes();
    }

    /**
     * Looks at every record.
     *
     * @param folder   of the log.
     * @param progress gets the part done, from 0 to 1.
     * @return what it found.
     * @throws io.headrace.bus.log.LogException when there is no log or it cannot be read.
     */
    static LogVerification verify(final Path folder, final DoubleConsumer progress) {
        final LogVerifier verifier = new LogVerifier(
            new SegmentFiles(folder, ArchiveCatalog.require(folder)), progress);
        verifier.walk();
        final long tornBytes = LogTail.usedBehind(verifier.files, verifier.endPosition);
        progress.accept(1);
        return new LogVerification(
            LogDescriber.describe(folder), verifier.eventCount, verifier.controlCount, verifier.damages, tornBytes);
    }

    /**
     * Finds the damages only.
     *
     * @param files of the log.
     * @return the places, in order.
     */
    static List<LogVerification.Damage> damages(final SegmentFiles files) {
        final LogVerifier verifier = new LogVerifier(files, part -> { });
        verifier.walk();
        return verifier.damages;
    }

    private void walk() {
        try (RecordScanner scanner = new RecordScanner(files)) {
            long place = firstPosition;
            RecordScanner.Result result = scanner.step(place, untilPosition);
            while (result == RecordScanner.Result.RECORD
                || result != RecordScanner.Result.END && passesDamage(scanner, result)) {
                count(scanner);
                place = scanner.nextPosition();
                tell(place);
                result = scanner.step(place, untilPosition);
            }
            endPosition = place;
        }
    }

    private void count(final RecordScanner scanner) {
        if (scanner.type() == RecordType.EVENT) {
            eventCount++;
            lastGoodSequence = scanner.sequence();
        } else {
            controlCount++;
        }
    }

    /**
     * Goes on behind a place that is not whole, when something behind it is. What was only on its way to the disk when
     * it was looked at is whole by now, and is no damage.
     */
    private boolean passesDamage(final RecordScanner scanner, final RecordScanner.Result result) {
        final long place = scanner.position();
        final String reason = switch (result) {
            case BROKEN -> scanner.reason();
            case ABSENT -> "the segment's file is missing";
            default -> "nothing is written there";
        };
        if (scanner.find(place + 32, untilPosition) != RecordScanner.Result.RECORD) {
            return false;
        }
        final long goodPosition = scanner.position();
        final long goodSequence = scanner.sequence();
        if (scanner.step(place, untilPosition) == RecordScanner.Result.RECORD) {
            return true;
        }
        damages.add(new LogVerification.Damage(
            place,
            goodPosition,
            files.name(recording.segmentBase(place)),
            recording.segmentOffset(place),
            lastGoodSequence,
            goodSequence,
            reason));
        return scanner.step(goodPosition, untilPosition) == RecordScanner.Result.RECORD;
    }

    private void tell(final long place) {
        if (place >= nextProgressPosition) {
            nextProgressPosition = place + PROGRESS_STEP_BYTES;
            progress.accept(Math.min(1, (place - firstPosition) / (double)(untilPosition - firstPosition)));
        }
    }
}
