package io.headrace.bus.log;

import java.util.List;

/**
 * What a look at every record of an event log has found.
 *
 * @param log         the log.
 * @param eventCount  events that are whole.
 * @param controlCount control records that are whole.
 * @param damages     places where records are not what was written, in order.
 * @param tornTailBytes what lies behind the last whole record and is cut by the next start: the trace of a crash.
 */
public record LogVerification(
    LogDescription log, long eventCount, long controlCount, List<Damage> damages, long tornTailBytes) {
    /** Copies the list. */
    public LogVerification {
        damages = List.copyOf(damages);
    }

    /** {@return whether every record is what was written} */
    public boolean whole() {
        return damages.isEmpty();
    }

    /**
     * One damaged place with whole records behind it.
     *
     * @param position         the log position at which it begins.
     * @param endPosition      the log position at which whole records begin again.
     * @param segment          the name of the segment file.
     * @param segmentOffset    where in that file it begins.
     * @param lastGoodSequence of the last whole event before it; -1 when there is none.
     * @param nextGoodSequence the sequence from which on the log is whole again.
     * @param reason           what is wrong there.
     */
    public record Damage(
        long position,
        long endPosition,
        String segment,
        long segmentOffset,
        long lastGoodSequence,
        long nextGoodSequence,
        String reason) {
    }
}
