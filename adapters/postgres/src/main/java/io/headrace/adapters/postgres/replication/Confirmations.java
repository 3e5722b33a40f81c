package io.headrace.adapters.postgres.replication;

import io.headrace.adapters.postgres.pgoutput.CommitListener;

/**
 * The source's thread: which place in the log may be confirmed once the bus has finished a sequence. A confirmed place
 * is never given again by the server, so it never runs ahead of the bus.
 *
 * <p>Bounded: when full, further ends of transactions replace the newest one, which confirms later but never too much.
 */
final class Confirmations implements CommitListener {
    private static final int CAPACITY = 8192;
    private static final int MASK = CAPACITY - 1;

    private final long[] sequences = new long[CAPACITY];
    private final long[] lsns = new long[CAPACITY];
    private long head;
    private long tail;
    private long confirmedLsn;

    @Override
    public void onCommitted(final long lastSequence, final long endLsn) {
        final int newest = (int)(tail - 1) & MASK;
        if (tail > head && (sequences[newest] == lastSequence || tail - head == CAPACITY)) {
            sequences[newest] = lastSequence;
            lsns[newest] = endLsn;
            return;
        }
        sequences[(int)tail & MASK] = lastSequence;
        lsns[(int)tail & MASK] = endLsn;
        tail++;
    }

    /**
     * Takes off what is finished.
     *
     * @param finishedSequence of the bus.
     * @return the place to confirm; 0 for none yet.
     */
    long advance(final long finishedSequence) {
        while (head < tail && sequences[(int)head & MASK] <= finishedSequence) {
            raise(lsns[(int)head & MASK]);
            head++;
        }
        return confirmedLsn;
    }

    /** Whether nothing that was published waits to be finished. */
    boolean isEmpty() {
        return head == tail;
    }

    /** With nothing outstanding, the server's own place may be confirmed, so that an idle slot moves. */
    long raise(final long lsn) {
        if (Long.compareUnsigned(lsn, confirmedLsn) > 0) {
            confirmedLsn = lsn;
        }
        return confirmedLsn;
    }
}
