package io.headrace.adapters.cli.eventlog;

import io.headrace.bus.log.EventLogProvider;
import io.headrace.bus.log.LogDescription;
import io.headrace.bus.log.LogException;
import io.headrace.bus.log.LogReader;
import io.headrace.bus.log.RecordType;
import io.headrace.codecs.EventStamp;

import java.util.ArrayList;
import java.util.List;

/** What the segments of an event log hold. Used by one thread; holds no state. */
public final class LogSegments {
    private LogSegments() {
    }

    /**
     * One segment. Immutable.
     *
     * @param startPosition the log position at which it begins.
     * @param recordedBytes how much of it is recorded.
     * @param firstSequence of its first event; -1 when there is none.
     * @param firstTimeNs   when that was published, since the Unix epoch; 0 when there is none.
     * @param problem       why its beginning cannot be read, empty when it can.
     */
    public record Segment(
        long startPosition, long recordedBytes, long firstSequence, long firstTimeNs, String problem) {
    }

    /** The log positions at which segments begin, as many as have records. A record never crosses such a place. */
    static List<Long> startPositions(final LogDescription log) {
        final List<Long> positions = new ArrayList<>();
        long position = log.startPosition();
        while (position < log.endPosition()) {
            positions.add(position);
            position = (position / log.segmentBytes() + 1) * log.segmentBytes();
        }
        return positions;
    }

    /**
     * Looks at the beginning of every segment.
     *
     * @param provider of logs.
     * @param log      as it was described.
     * @return the segments with records, the oldest first.
     * @throws LogException when there is no log.
     */
    public static List<Segment> of(final EventLogProvider provider, final LogDescription log) {
        final List<Segment> segments = new ArrayList<>();
        final List<Long> starts = startPositions(log);
        try (LogReader reader = provider.openReader(log.folder())) {
            for (int i = 0; i < starts.size(); i++) {
                final long endPosition = i + 1 < starts.size() ? starts.get(i + 1) : log.endPosition();
                segments.add(look(reader, starts.get(i), endPosition));
            }
        }
        return segments;
    }

    private static Segment look(final LogReader reader, final long startPosition, final long endPosition) {
        final long recordedBytes = endPosition - startPosition;
        try {
            reader.seekPosition(startPosition);
            while (reader.next() && reader.position() < endPosition) {
                if (reader.type() == RecordType.EVENT) {
                    return new Segment(startPosition, recordedBytes, reader.sequence(),
                        EventStamp.publishTimeNs(reader.buffer(), reader.offset()), "");
                }
            }
            return new Segment(startPosition, recordedBytes, -1, 0, "");
        } catch (final LogException e) {
            // The others are still worth showing.
            return new Segment(startPosition, recordedBytes, -1, 0, String.valueOf(e.getMessage()));
        }
    }
}
