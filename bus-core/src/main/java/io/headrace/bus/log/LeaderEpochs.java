package io.headrace.bus.log;

/**
 * Which epochs of its leader a replica's log has still to be told of. Owned by the log thread, except
 * {@link #follow(EpochHistory)}, which is for any.
 *
 * <p>An epoch is written when everything before it is there: neither earlier, so that each event belongs to the epoch
 * that the leader gave it in, nor later than its first event.
 */
final class LeaderEpochs {
    private static final long NONE = Long.MAX_VALUE;

    private volatile EpochHistory leader;
    private EpochHistory seen;
    private long nextEpoch;
    private long nextFirstSequence = NONE;
    private boolean due;
    private boolean onItsWay;

    /** Takes the epochs of a leader; null when there is none to follow. */
    void follow(final EpochHistory epochs) {
        leader = epochs;
    }

    /** Whether {@link #look} would find something new. */
    boolean isNew() {
        return leader != seen;
    }

    /** Compares with what the log has, after one of the two has changed. */
    void compare(final EpochHistory own) {
        seen = leader;
        nextFirstSequence = NONE;
        due = false;
        onItsWay = false;
        if (seen != null) {
            final long common = seen.lastCommonEpoch(own);
            if (seen.epoch() > common) {
                nextEpoch = common + 1;
                nextFirstSequence = seen.firstSequence(nextEpoch);
            }
        }
    }

    /** Whether an event must wait until the next epoch is written. */
    boolean precede(final long sequence) {
        if (sequence >= nextFirstSequence) {
            due = true;
            return true;
        }
        return false;
    }

    /** Whether the next epoch is to be written now. */
    boolean isDue(final long nextSequence) {
        return !onItsWay && (due || nextSequence >= nextFirstSequence && nextFirstSequence != NONE);
    }

    /** Encodes the next epoch, which is on its way from now on. */
    int encodeNext(final ControlMessages messages) {
        onItsWay = true;
        return messages.epoch(seen.logId(), nextEpoch, nextFirstSequence, seen.startTimeNs(nextEpoch));
    }
}
