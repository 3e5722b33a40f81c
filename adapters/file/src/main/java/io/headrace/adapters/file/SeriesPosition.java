package io.headrace.adapters.file;

import io.headrace.bus.adapter.SinkContext;
import io.headrace.bus.log.EpochHistory;
import org.agrona.concurrent.status.AtomicCounter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The lane's thread: up to which event the files of a series hold them, so that a crash neither tears nor repeats a
 * line.
 *
 * <pre>
 *   1  name the file in progress and its length      (before its first line)
 *   2  append a batch's lines to the file            (forced to the disk, where that is asked for)
 *   3  store its new length and the last sequence    (the same)
 *   4  the batch is delivered
 * </pre>
 *
 * <p>After a crash between 2 and 4 the lines past the stored length were not acknowledged: they are cut off, and the
 * bus delivers them again. Up to the stored sequence nothing is written again. When the file is completed its name no
 * longer leads to a file in progress, and the sequence still holds.
 *
 * <p>On a bus without an event log nothing is stored, as it would mean nothing to the next process.
 */
final class SeriesPosition implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(SeriesPosition.class);
    private static final long NONE = -1;

    private final Path path;
    private final SinkContext context;
    private final boolean outlivesProcess;
    private final String unknownText;
    private final AtomicCounter lostPositions;
    private PositionFile file;
    /** What is stored; null when nothing is that holds for this log. */
    private String fileName;
    private long lengthBytes;
    private long sequence = NONE;
    /** Whether storing failed, so that nobody knows what is in the file. */
    private boolean uncertain;

    SeriesPosition(final Path path, final SinkContext context) {
        this.path = path;
        this.context = context;
        final EpochHistory epochs = context.epochs();
        outlivesProcess = epochs.outlivesProcess();
        unknownText = String.format("%016x", epochs.logId());
        lostPositions = context.counter("lost-positions");
    }

    /** Reads what is stored. */
    void open() throws IOException {
        close();
        if (outlivesProcess) {
            file = PositionFile.open(path);
            take(file.entries());
        } else if (Files.exists(path)) {
            final List<PositionFile.Entry> entries = PositionFile.peek(path);
            fileName = entries.isEmpty() ? null : entries.get(0).fileName();
        }
    }

    /** Takes the newest entry that the file in progress bears out: without fsync a loss of power can contradict it. */
    private void take(final List<PositionFile.Entry> entries) throws IOException {
        fileName = null;
        sequence = NONE;
        uncertain = false;
        for (final PositionFile.Entry entry : entries) {
            final boolean none = entry.positionText().equals(unknownText);
            final long found = none ? NONE : positionOf(entry);
            if (!none && found == NONE) {
                LOGGER.info("{} is of another event log: {}", path, entry);
                return;
            }
            final Path part = FileNames.part(path.resolveSibling(entry.fileName()));
            if (Files.notExists(part) || Files.size(part) >= entry.lengthBytes()) {
                fileName = entry.fileName();
                lengthBytes = entry.lengthBytes();
                sequence = found;
                return;
            }
            lostPositions.increment();
            LOGGER.warn("{} is shorter than the {} bytes that were written to it; lines are lost, or come again",
                part, entry.lengthBytes());
        }
    }

    private long positionOf(final PositionFile.Entry entry) throws UnknownPositionException {
        try {
            return context.epochs().positionOf(entry.positionText());
        } catch (final IllegalArgumentException e) {
            throw new UnknownPositionException(path, e);
        }
    }

    /** Whether a file in progress is of a bus with a log, while this one has none: it goes on when that comes back. */
    boolean isOfAnotherBus(final Path completed) {
        return !outlivesProcess && completed.getFileName().toString().equals(fileName);
    }

    /** How many bytes of a file in progress were acknowledged; {@link Long#MAX_VALUE} when nothing says so. */
    long acknowledgedBytes(final Path completed) {
        return outlivesProcess && completed.getFileName().toString().equals(fileName) ?
            lengthBytes : Long.MAX_VALUE;
    }

    /** The last event that the files hold; -1 for none that is known of. */
    long sequence() {
        return sequence;
    }

    /** Names a file before the next lines are written to it; nothing to do when it is named already. */
    void name(final PartFile part) throws IOException {
        if (!outlivesProcess) {
            return;
        }
        if (file == null || !file.isOpen()) {
            final long known = sequence;
            final boolean wasUncertain = uncertain;
            open();
            sequence = Math.max(known, sequence);
            uncertain = wasUncertain;
        }
        if (uncertain || !part.completed().getFileName().toString().equals(fileName)) {
            store(part, sequence);
        }
    }

    /** With the epochs of now: those of a replica grow while it runs. */
    private String positionText(final long newSequence) {
        return context.epochs().positionText(newSequence);
    }

    /** Stores that the lines of a file hold the events up to a sequence. */
    void store(final PartFile part, final long newSequence) throws IOException {
        if (!outlivesProcess) {
            return;
        }
        uncertain = true;
        final String name = part.completed().getFileName().toString();
        file.write(part.completeBytes(), newSequence == NONE ? unknownText : positionText(newSequence), name);
        fileName = name;
        lengthBytes = part.completeBytes();
        sequence = newSequence;
        uncertain = false;
    }

    /** Says that what was stored last does not hold, as its lines were taken back. */
    void takeBack(final long formerSequence) {
        sequence = formerSequence;
        uncertain = true;
    }

    void force() throws IOException {
        if (file != null) {
            file.force();
        }
    }

    @Override
    public void close() {
        if (file != null) {
            file.close();
            file = null;
        }
    }

    /** What is stored is a position that this event log cannot have given. */
    static final class UnknownPositionException extends IOException {
        private static final long serialVersionUID = 1L;

        UnknownPositionException(final Path path, final IllegalArgumentException cause) {
            super(path + " holds a position that this event log cannot have given: " + cause.getMessage()
                + ". The log was probably put back from an older copy: put back the newer one. Or delete " + path
                + ", which writes events again that the files may have", cause);
        }
    }
}
