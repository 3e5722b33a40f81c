package io.headrace.adapters.cli.eventlog;

import io.headrace.bus.log.EventLogProvider;
import io.headrace.bus.log.LogDescription;
import io.headrace.bus.log.LogReader;
import io.headrace.bus.log.RecordType;
import io.headrace.bus.subscription.StartPosition;
import io.headrace.codecs.EventStamp;

import java.nio.file.Path;

/**
 * A walk over the records of an event log between two places, up to what was recorded when it began. Owned by one
 * thread. It reads the files only, so a service may be writing them.
 */
public final class LogWalk implements AutoCloseable {
    private final LogReader reader;
    private final StartPosition to;
    private final long endPosition;

    /**
     * Stands before the first record.
     *
     * @param provider of logs.
     * @param folder   of the log.
     * @param from     where to begin.
     * @param to       the last that is wanted; {@link StartPosition#NOW} for all that is recorded now.
     * @throws io.headrace.bus.log.LogException when there is no log, or that part of it is not there any more.
     */
    public LogWalk(
        final EventLogProvider provider, final Path folder, final StartPosition from, final StartPosition to) {
        this.to = to;
        final LogDescription log = provider.describe(folder);
        endPosition = log.endPosition();
        reader = provider.openReader(folder);
        try {
            switch (from.kind()) {
                case SEQUENCE -> reader.seekSequence(from.value());
                case TIME -> reader.seekTime(from.value());
                case NOW -> reader.seekPosition(endPosition);
                default -> reader.seekPosition(log.startPosition());
            }
        } catch (final RuntimeException e) {
            reader.close();
            throw e;
        }
    }

    /**
     * Moves to the next record.
     *
     * @return false when there is none in these bounds.
     * @throws io.headrace.bus.log.LogException when it is damaged, or was purged meanwhile.
     */
    public boolean next() {
        return reader.next() && reader.position() < endPosition && isWanted();
    }

    private boolean isWanted() {
        final boolean isEvent = reader.type() == RecordType.EVENT;
        return switch (to.kind()) {
            case SEQUENCE -> reader.sequence() <= (isEvent ? to.value() : to.value() + 1);
            case TIME -> !isEvent || EventStamp.publishTimeNs(reader.buffer(), reader.offset()) <= to.value();
            default -> true;
        };
    }

    /**
     * Steps back before an event that the walk has passed.
     *
     * @param sequence of the event.
     */
    void backTo(final long sequence) {
        reader.seekSequence(sequence);
    }

    /** {@return whether the walk stands on an event} */
    public boolean isEvent() {
        return reader.type() == RecordType.EVENT;
    }

    /** {@return the reader, standing on the record; not to be moved} */
    public LogReader reader() {
        return reader;
    }

    @Override
    public void close() {
        reader.close();
    }
}
