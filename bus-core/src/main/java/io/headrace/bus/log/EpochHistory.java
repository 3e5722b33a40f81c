package io.headrace.bus.log;

import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The epochs of one event log: with which sequence each began. It turns sequences into the texts that sinks store in
 * their targets, and tells what such a text still means. Immutable.
 *
 * <p>A position of an older epoch may lie past what that epoch left in the log, when the machine lost power before the
 * log was on its disk. Those sequences were given to other events later, so such a position is cut back to the end of
 * its epoch.
 */
public final class EpochHistory {
    private static final Pattern TEXT = Pattern.compile("([0-9a-f]{16})-([0-9]{1,18})-([0-9]{1,18})");

    private final long logId;
    private final long[] firstSequences;
    private final boolean outlivesProcess;

    private EpochHistory(final long logId, final long[] firstSequences, final boolean outlivesProcess) {
        this.logId = logId;
        this.firstSequences = firstSequences;
        this.outlivesProcess = outlivesProcess;
    }

    /**
     * The history of a log that nobody has written yet.
     *
     * @param logId of the log.
     * @return a history without an epoch.
     */
    public static EpochHistory of(final long logId) {
        return new EpochHistory(logId, new long[0], true);
    }

    /** {@return the history of a bus without an event log: one epoch that ends with the process} */
    public static EpochHistory withoutLog() {
        return new EpochHistory(ThreadLocalRandom.current().nextLong(), new long[0], false).begin(1, 0);
    }

    /**
     * The history with one more epoch. One that is there already changes nothing: a crash can leave the beginning of
     * a checkpoint, which tells of the first epochs again. One that begins elsewhere replaces those from it on.
     *
     * @param epoch         from 1; one more than the last one, or one that is there.
     * @param firstSequence the first that it may give to an event.
     * @return the longer history.
     */
    public EpochHistory begin(final long epoch, final long firstSequence) {
        if (epoch < 1 || epoch > firstSequences.length + 1) {
            throw new IllegalArgumentException("epoch=" + epoch + " does not follow " + firstSequences.length);
        }
        if (epoch <= firstSequences.length && firstSequences[(int)epoch - 1] == firstSequence) {
            return this;
        }
        final long[] longer = Arrays.copyOf(firstSequences, (int)epoch);
        longer[(int)epoch - 1] = firstSequence;
        return new EpochHistory(logId, longer, outlivesProcess);
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
     * A position of the current epoch as a text.
     *
     * @param sequence the position.
     * @return at most 53 characters of ASCII.
     */
    public String positionText(final long sequence) {
        return "%016x-%d-%d".formatted(logId, epoch(), sequence);
    }

    /**
     * What a stored position means now.
     *
     * @param positionText as {@link #positionText(long)} made it.
     * @return the sequence, cut back to the end of its epoch; -1 for a position of another log.
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
        return epoch == epoch() ? sequence : Math.min(sequence, firstSequence(epoch + 1) - 1);
    }
}
