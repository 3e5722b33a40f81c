package io.headrace.bus.log;

import java.nio.file.Path;

/**
 * How an event log is, for people to look at.
 *
 * @param folder          where it is.
 * @param logId           its random number.
 * @param epoch           how often a process has begun to write it; 0 when nobody has.
 * @param startPosition   the log position of the first record that is still there.
 * @param endPosition     the log position behind the last record.
 * @param firstSequence   of the first event that is still there; -1 when there is none.
 * @param nextSequence    one past the last event.
 * @param firstTimeNs     when the first event was published, since the Unix epoch; 0 when there is none.
 * @param lastTimeNs      when the last event was published, since the Unix epoch; 0 when there is none.
 * @param segmentCount    the number of segment files.
 * @param segmentBytes    the size of a segment.
 */
public record LogDescription(
    Path folder,
    long logId,
    long epoch,
    long startPosition,
    long endPosition,
    long firstSequence,
    long nextSequence,
    long firstTimeNs,
    long lastTimeNs,
    int segmentCount,
    int segmentBytes) {
    /**
     * The same log with another epoch.
     *
     * @param number of the epoch.
     * @return the description.
     */
    public LogDescription inEpoch(final long number) {
        return new LogDescription(folder, logId, number, startPosition, endPosition, firstSequence, nextSequence,
            firstTimeNs, lastTimeNs, segmentCount, segmentBytes);
    }
}
