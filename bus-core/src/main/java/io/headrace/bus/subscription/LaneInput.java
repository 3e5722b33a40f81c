package io.headrace.bus.subscription;

import com.lmax.disruptor.Sequence;
import io.headrace.bus.log.LogAccess;
import io.headrace.bus.log.LogCursor;
import io.headrace.bus.ring.EventCursor;
import io.headrace.bus.ring.Ring;
import io.headrace.bus.ring.RingReader;
import org.agrona.concurrent.status.AtomicCounter;

/**
 * Where a lane reads: from the ring, or from the event log as long as it is behind. Owned by the lane's thread, except
 * {@link #leaveRing()} and {@link #passOver()}, which the conductor calls while the lane is in its sink (see
 * {@link EvictionHandshake}).
 *
 * <pre>
 *           evicted                          nearly caught up: a gate at the publishers' place
 *     RING ─────────▶ LOG ◀──────────── JOINING
 *      ▲               └──────────────────▶ │
 *      └────────────────────────────────────┘
 *           the log was read up to that gate
 * </pre>
 */
final class LaneInput {
    /** The part of the ring that may be filled by the time a lane that comes back has read up to its gate. */
    private static final int JOIN_LAG_DIVISOR = 8;
    /** The part of the ring that may be filled while a lane waits for replicas. */
    private static final int LEAVE_LAG_DIVISOR = 4;

    /** Where the lane reads. */
    enum Place {
        /** From the ring, which it holds back. */
        RING,
        /** From the log; it holds nobody back. */
        LOG,
        /** From the log up to its new gate in the ring. */
        JOINING
    }

    private final Ring ring;
    private final LogAccess log;
    /** In the ring, null for none; in the log nothing is read that is not recorded. */
    private final Sequence limit;
    /** What limits it in the log: the recorded sequence, or one that is behind it. */
    private final Sequence logLimit;
    private final AtomicCounter rejoins;
    private final int joinLagSlots;
    private LogCursor logCursor;
    private EventCursor current;
    private long joinSequence;
    private volatile RingReader ringReader;
    private volatile Place place;
    private volatile long passedSequence;

    /**
     * Begins in the ring.
     *
     * @param ring       of the bus.
     * @param ringReader with its gate in the ring.
     * @param log        of the bus, or null.
     * @param limit      up to which sequence the lane may read from the ring, or null.
     * @param rejoins    counts how often it came back from the log.
     */
    LaneInput(
        final Ring ring,
        final RingReader ringReader,
        final LogAccess log,
        final Sequence limit,
        final AtomicCounter rejoins) {
        this.ring = ring;
        this.ringReader = ringReader;
        this.log = log;
        this.limit = limit;
        logLimit = limit == null && log != null ? log.recordedSequence() : limit;
        this.rejoins = rejoins;
        joinLagSlots = ring.capacity() / JOIN_LAG_DIVISOR;
        current = ringReader;
        place = Place.RING;
        passedSequence = ringReader.passedSequence();
    }

    /**
     * Begins in the log.
     *
     * @param ring         of the bus.
     * @param nextSequence the first that is read.
     * @param log          of the bus.
     * @param limit        up to which sequence the lane may read from the ring, or null.
     * @param rejoins      counts how often it came back from the log.
     */
    LaneInput(
        final Ring ring,
        final long nextSequence,
        final LogAccess log,
        final Sequence limit,
        final AtomicCounter rejoins) {
        this.ring = ring;
        this.log = log;
        this.limit = limit;
        logLimit = limit == null && log != null ? log.recordedSequence() : limit;
        this.rejoins = rejoins;
        joinLagSlots = ring.capacity() / JOIN_LAG_DIVISOR;
        place = Place.LOG;
        passedSequence = nextSequence - 1;
    }

    /** The cursor on the event that {@link #next(boolean)} moved to. */
    EventCursor cursor() {
        return current;
    }

    /**
     * Moves to the next event.
     *
     * @param mayChange whether the lane could go without stepping back over what it read last: it cannot step back
     *                  from the ring into the log.
     * @return true when there is one.
     */
    boolean next(final boolean mayChange) {
        if (place == Place.RING) {
            return current.next();
        }
        if (place == Place.LOG) {
            return nextInLog();
        }
        return nextWhileJoining(mayChange);
    }

    private boolean nextInLog() {
        openLog();
        // Looked at before the log: what it says is recorded, the log has by then.
        final long limitSequence = logLimit.get();
        if (logCursor.next()) {
            return isWithinLimit();
        }
        // Behind the last event there may be claims that were given up, of which the log knows nothing.
        logCursor.passTo(limitSequence);
        return false;
    }

    /** The log has more than what waits for replicas may read. */
    private boolean isWithinLimit() {
        if (logCursor.sequence() > logLimit.get()) {
            logCursor.back();
            return false;
        }
        return true;
    }

    private void openLog() {
        if (logCursor == null) {
            logCursor = log.newCursor();
            logCursor.seek(passedSequence + 1);
        }
        current = logCursor;
    }

    private boolean nextWhileJoining(final boolean mayChange) {
        // Looked at before the log: what it says is recorded, the log has by then.
        final boolean complete = logLimit.get() >= joinSequence - 1;
        if (logCursor.next()) {
            if (logCursor.sequence() < joinSequence) {
                return isWithinLimit();
            }
            logCursor.back();
        } else if (!complete) {
            return false;
        }
        if (!mayChange) {
            return false;
        }
        logCursor.close();
        logCursor = null;
        current = ringReader;
        place = Place.RING;
        rejoins.increment();
        return current.next();
    }

    /**
     * Gives up what was read, and comes back into the ring when little is missing. Called once per round.
     *
     * <p>A lane that waits for replicas leaves the ring by itself when it fills meanwhile: it is not in its sink, where
     * the conductor would move it, and replicas that are away must not hold publishers back.
     */
    void release() {
        if (place != Place.LOG) {
            if (place == Place.RING) {
                current.release();
            }
            if (logLimit != null && logLimit != log.recordedSequence()
                && gateLagSlots() > ring.capacity() / LEAVE_LAG_DIVISOR) {
                passedSequence = passedSequence();
                leaveRing();
                evicted();
            }
        } else if (place == Place.LOG && logCursor != null
            && ring.claimedSequence() - logCursor.passedSequence() < joinLagSlots) {
            final RingReader reader = ring.addReader(limit);
            joinSequence = reader.passedSequence() + 1;
            ringReader = reader;
            place = Place.JOINING;
        }
        passedSequence = current == null ? passedSequence : current.passedSequence();
    }

    /** Whether the conductor took the gate out of the ring. Called by the lane's thread behind its hand-shake. */
    boolean hasLeftRing() {
        return ringReader == null && place != Place.LOG;
    }

    /** Goes on in the log. Called by the lane's thread. */
    void evicted() {
        if (place == Place.RING) {
            current = null;
        }
        place = Place.LOG;
    }

    /**
     * Takes the gate out of the ring. Called by the conductor while it holds the hand-shake.
     *
     * @return false when it is out already.
     */
    boolean leaveRing() {
        final RingReader reader = ringReader;
        if (reader == null) {
            return false;
        }
        ringReader = null;
        reader.close();
        return true;
    }

    /** The reader whose events the conductor passes over, for a lane without the log. */
    RingReader passOver() {
        return ringReader;
    }

    /** How far the gate is behind the publishers; 0 without a gate. For any thread. */
    long gateLagSlots() {
        final RingReader reader = ringReader;
        return reader == null ? 0 : reader.lagSlots();
    }

    /** How far the lane is behind the publishers. For any thread. */
    long lagSlots() {
        return place == Place.RING ? gateLagSlots() : Math.max(0, ring.claimedSequence() - passedSequence);
    }

    /** The last sequence that was read over. Called by the lane's thread. */
    long passedSequence() {
        return current == null ? passedSequence : current.passedSequence();
    }

    Place place() {
        return place;
    }

    /** Whether there is something to do at once. Called by the lane's thread. */
    boolean hasEvent() {
        return switch (place) {
            case RING -> ((RingReader)current).hasFrame();
            case LOG -> logLimit.get() > passedSequence()
                || ring.claimedSequence() - passedSequence() < joinLagSlots;
            case JOINING -> logLimit.get() > passedSequence() || logLimit.get() >= joinSequence - 1;
        };
    }

    /** Takes the gate out of the ring and closes the log. Called by the lane's thread, as the last. */
    void close() {
        final RingReader reader = ringReader;
        if (reader != null) {
            ringReader = null;
            reader.close();
        }
        if (logCursor != null) {
            logCursor.close();
            logCursor = null;
        }
    }
}
