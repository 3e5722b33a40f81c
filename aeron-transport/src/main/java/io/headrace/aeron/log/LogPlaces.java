package io.headrace.aeron.log;

import io.headrace.bus.log.LogException;

/** Says of a place in the log which file it is in, what is wrong there and what would mend it. For any thread. */
final class LogPlaces {
    static final long NO_SEQUENCE = -1;

    private LogPlaces() {
    }

    /**
     * Tells of damage.
     *
     * @param files            of the log.
     * @param position         where it begins.
     * @param reason           what is wrong there.
     * @param lastGoodSequence of the last whole event before it; -1 when none is known.
     * @param nextGoodSequence from which on the log is whole again; -1 when nothing behind it is whole.
     * @return the exception.
     */
    static LogException damaged(
        final SegmentFiles files,
        final long position,
        final String reason,
        final long lastGoodSequence,
        final long nextGoodSequence) {
        final Recording recording = files.recording();
        final String remedy = nextGoodSequence < 0
            ? "nothing behind it is whole, and the next start of the service cuts it"
            : "the log is whole again from sequence " + nextGoodSequence + ": 'headrace log verify' shows all damage,"
                + " and 'headrace log repair --from " + nextGoodSequence + "' gives up what is damaged";
        return new LogException(
            LogException.Category.DAMAGED,
            "the event log is damaged at position " + position + ", offset " + recording.segmentOffset(position)
                + " of segment " + files.path(recording.segmentBase(position)) + ": " + reason
                + "; last good sequence " + (lastGoodSequence < 0 ? "unknown" : lastGoodSequence) + "; " + remedy,
            null);
    }

    /** Tells that a part of the log was purged. */
    static LogException purged(final SegmentFiles files, final String what, final long firstPosition) {
        return new LogException(
            LogException.Category.PURGED,
            what + " was purged from the event log in " + files.folder() + ", which now begins at position "
                + firstPosition + ": begin there, or keep more (bus.log.retention)",
            null);
    }

    /** Tells that a segment is missing though there are others before and behind it. */
    static LogException missing(final SegmentFiles files, final long position) {
        return new LogException(
            LogException.Category.MISSING,
            files.path(files.recording().segmentBase(position)) + " is missing, which holds position " + position
                + " of the event log: put it back from a copy",
            null);
    }
}
