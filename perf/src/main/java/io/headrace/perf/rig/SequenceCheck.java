package io.headrace.perf.rig;

import java.util.BitSet;

/**
 * A receiver's thread: takes the numbers that one publisher gave its events, from 0 on, and finds what was lost, what
 * came twice and what came late. The common case is one comparison.
 */
public final class SequenceCheck {
    private long next;
    private long duplicates;
    private long outOfOrder;
    private long missingCount;
    /** Numbers below {@link #next} that have not come, counted from the first gap. */
    private final BitSet missing = new BitSet();
    private long firstGap = -1;

    /**
     * An event came.
     *
     * @param number of it.
     */
    public void onNumber(final long number) {
        if (number == next) {
            next++;
        } else {
            onUnexpected(number);
        }
    }

    private void onUnexpected(final long number) {
        if (number > next) {
            firstGap = firstGap < 0 ? next : firstGap;
            final long count = number - next;
            missingCount += count;
            // Further apart than a set of bits reaches, late ones cannot be told from doubled ones; both are faults.
            if (number - firstGap < Integer.MAX_VALUE) {
                missing.set((int)(next - firstGap), (int)(number - firstGap));
            }
            next = number + 1;
        } else if (number >= firstGap && firstGap >= 0 && missing.get((int)(number - firstGap))) {
            missing.clear((int)(number - firstGap));
            missingCount--;
            outOfOrder++;
        } else {
            duplicates++;
        }
    }

    /**
     * How many never came.
     *
     * @param sentCount how many were sent.
     * @return those lost.
     */
    public long lost(final long sentCount) {
        return missingCount + Math.max(0, sentCount - next);
    }

    /** {@return how many different events came} */
    public long received() {
        return next - missingCount;
    }

    /** {@return how many came again} */
    public long duplicates() {
        return duplicates;
    }

    /** {@return how many came behind a later one} */
    public long outOfOrder() {
        return outOfOrder;
    }
}
