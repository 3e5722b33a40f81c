package io.headrace.bus.log;

import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The epochs of one event log: when and with which sequence each began. It turns sequences into the texts that sinks
 * store in their targets, tells what such a text still means, and compares a replica's log with its leader's.
 * Immutable.
 *
 * <p>A position of an older epoch may lie past what that epoch left in the log, when the machine lost power before the
 * log was on its disk, or when a replica's log was cut. Those sequences were given to other events later, so such a
 * position is cut back to the end of its epoch. Two processes that both took themselves for the leader may have begun
 * epochs of the same number; they are told apart by when they began.
 */
public final class EpochHistory {
    private static final Pattern TEXT =
        Pattern.compile("([0-9a-f]{16})-([0-9]{1,18})-([0-9]{1,18})(?:-([0-9a-f]{8}))?");
    private static final long UNKNOWN_TIME = 0;

    private final long logId;
    private final long[] firstSequences;
    private final long[] startTimesNs;
    private final boolean outlivesProcess;

    /**
     * What a replica has to do before it can follow.
     *
     * @param fromSequence  the first that an event of the feed may have.
     * @param cutSequence   from which on the replica has what the leader has not; -1 when there is nothing.
     * @param leaderIsStale whether it is the other way round: the replica knows of an epoch that began after the
     *                      leader's last one, so that somebody else leads.
     */
    public record Comparison(long fromSequence, long cutSequence, boolean leaderIsStale) {
    }

    private EpochHistory(
        final long logId, final long[] firstSequences, final long[] startTimesNs, final boolean outlivesProcess) {
        this.logId = logId;
        this.firstSequences = firstSequences;
        this.startTimesNs = startTimesNs;
        this.outlivesProcess = outlivesProcess;
    }

    /**
     * The history of a log that nobody has written yet.
     *
     * @param logId of the log.
     * @return a history without an epoch.
     */
    public static EpochHistory of(final long logId) {
        return new EpochHistory(logId, new long[0], new long[0], true);
    }

    /** {@return the history of a bus without an event log: one epoch that ends with the process} */
    public static EpochHistory withoutLog() {
        return new EpochHistory(ThreadLocalRandom.current().nextLong(), new long[0], new long[0], false)
            .begin(1, 0);
    }

    /**
     * The history with one more epoch of which nobody knows when it began.
     *
     * @param epoch         from 1; one more than the last one, or one that is there.
     * @param firstSequence the first that it may give to an event.
     * @return the longer history.
     */
    public EpochHistory begin(final long epoch, final long firstSequence) {
        return begin(epoch, firstSequence, UNKNOWN_TIME);
    }

    /**
     * The history with one more epoch. One that is there already changes nothing: a crash can leave the beginning of
     * a checkpoint, which tells of the first epochs again. One that begins elsewhere or at another time replaces those
     * from it on.
     *
     * @param epoch         from 1; one more than the last one, or one that is there.
     * @param firstSequence the first that it may give to an event.
     * @param startTimeNs   when it began, since the Unix epoch.
     * @return the longer history.
     */
    public EpochHistory begin(final long epoch, final long firstSequence, final long startTimeNs) {
        if (epoch < 1 || epoch > firstSequences.length + 1) {
            throw new IllegalArgumentException("epoch=" + epoch + " does not follow " + firstSequences.length);
        }
        final int index = (int)epoch - 1;
        if (epoch <= firstSequences.length && firstSequences[index] == firstSequence
            && startTimesNs[index] == startTimeNs) {
            return this;
        }
        final long[] moreSequences = Arrays.copyOf(firstSequences, (int)epoch);
        final long[] moreTimesNs = Arrays.copyOf(startTimesNs, (int)epoch);
        moreSequences[index] = firstSequence;
        moreTimesNs[index] = startTimeNs;
        return new EpochHistory(logId, moreSequences, moreTimesNs, outlivesProcess);
    }

    /** {@return the random number of the log} */
    public long logId() {
        return logId;
    }

    /**
     * Whether a position still means something when the process has ended, so that it is worth storing where that
     * costs something.
     *
     * @return false on a bus without an event log.
     */
    public boolean outlivesProcess() {
        return outlivesProcess;
    }

    /** {@return the current epoch; 0 before the first} */
    public long epoch() {
        return firstSequences.length;
    }

    /**
     * With which sequence an epoch began.
     *
     * @param epoch from 1 to {@link #epoch()}.
     * @return the sequence.
     */
    public long firstSequence(final long epoch) {
        return firstSequences[(int)epoch - 1];
    }

    /**
     * When an epoch began.
     *
     * @param epoch from 1 to {@link #epoch()}.
     * @return the time since the Unix epoch; 0 when nobody knows.
     */
    public long startTimeNs(final long epoch) {
        return startTimesNs[(int)epoch - 1];
    }

    /**
     * The epoch that gave a sequence to an event.
     *
     * @param sequence the sequence.
     * @return the last epoch that began with it or before; 0 when it is before the first.
     */
    public long epochOf(final long sequence) {
        int epoch = firstSequences.length;
        while (epoch > 0 && firstSequences[epoch - 1] > sequence) {
            epoch--;
        }
        return epoch;
    }

    /**
     * How far two histories of one log are the same.
     *
     * @param other history.
     * @return the last epoch that both have, with all before it; 0 when they have none in common.
     */
    public long lastCommonEpoch(final EpochHistory other) {
        int common = 0;
        while (common < firstSequences.length && common < other.firstSequences.length
            && firstSequences[common] == other.firstSequences[common]
            && startTimesNs[common] == other.startTimesNs[common]) {
            common++;
        }
        return common;
    }

    /**
     * Compares the log of a replica with this one, its leader's.
     *
     * <pre>
     *   leader    │ epoch 4      │ epoch 5 ────────────▶
     *   replica   │ epoch 4 ─────┼────▶ none of this is in the leader's log: it is cut
     *                            └ from here on the replica follows
     * </pre>
     *
     * @param replica             its history.
     * @param replicaNextSequence the first sequence that its log does not have.
     * @param leaderNextSequence  the first sequence that this log does not have.
     * @return what the replica has to do.
     */
    public Comparison compare(
        final EpochHistory replica, final long replicaNextSequence, final long leaderNextSequence) {
        final int common = (int)lastCommonEpoch(replica);
        long limitSequence = firstSequences.length > common ? firstSequences[common] : leaderNextSequence;
        final boolean replicaGoesOn = replica.firstSequences.length > common;
        if (replicaGoesOn) {
            limitSequence = Math.min(limitSequence, replica.firstSequences[common]);
        }
        // An epoch of its own is cut also when it holds no event.
        final boolean cut = replicaNextSequence > limitSequence || replicaGoesOn;
        return new Comparison(
            Math.min(replicaNextSequence, limitSequence), cut ? limitSequence : -1, replica.epoch() > epoch());
    }

    /**
     * A position as a text, which names the epoch that the sequence belongs to.
     *
     * @param sequence the position.
     * @return at most 62 characters of ASCII.
     */
    public String positionText(final long sequence) {
        final long epoch = Math.max(1, epochOf(sequence));
        final String text = "%016x-%d-%d".formatted(logId, epoch, sequence);
        return tag(epoch) == 0 ? text : text + "-%08x".formatted(tag(epoch));
    }

    /** Tells epochs of the same number apart; 0 when nobody knows when it began. */
    private int tag(final long epoch) {
        return epoch > firstSequences.length ? 0 : Long.hashCode(startTimesNs[(int)epoch - 1]);
    }

    /**
     * What a stored position means now.
     *
     * @param positionText as {@link #positionText(long)} made it.
     * @return the sequence, cut back to the end of its epoch as far as that is in this history; -1 for a position of
     * another log.
     * @throws IllegalArgumentException when the text is no position, or one of an epoch that has not begun.
     */
    public long positionOf(final String positionText) {
        final Matcher matcher = TEXT.matcher(positionText);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("positionText=" + positionText + " is no position");
        }
        if (Long.parseUnsignedLong(matcher.group(1), 16) != logId) {
            return -1;
        }
        final long epoch = Long.parseLong(matcher.group(2));
        final long sequence = Long.parseLong(matcher.group(3));
        if (epoch < 1 || epoch > epoch()) {
            throw new IllegalArgumentException("positionText=" + positionText + " is of an epoch that the event log"
                + " does not know; its last one is " + epoch());
        }
        if (matcher.group(4) != null && Integer.parseUnsignedInt(matcher.group(4), 16) != tag(epoch)) {
            // Of an epoch that was given up: another one of the same number is in its place.
            return Math.min(sequence, firstSequence(epoch) - 1);
        }
        return epoch == epoch() ? sequence : Math.min(sequence, firstSequence(epoch + 1) - 1);
    }
}
