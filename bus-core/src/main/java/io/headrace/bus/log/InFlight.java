package io.headrace.bus.log;

/**
 * What was appended and is not recorded yet: for each event the log position behind it, its sequence and the ring's
 * sequence behind it. Bounded. Owned by the log thread.
 */
final class InFlight {
    private final long[] endPositions;
    private final long[] sequences;
    private final long[] passedSequences;
    private final int mask;
    private long head;
    private long tail;

    /**
     * Makes an empty one.
     *
     * @param capacity a power of two.
     */
    InFlight(final int capacity) {
        endPositions = new long[capacity];
        sequences = new long[capacity];
        passedSequences = new long[capacity];
        mask = capacity - 1;
    }

    boolean isFull() {
        return tail - head == endPositions.length;
    }

    boolean isEmpty() {
        return tail == head;
    }

    void add(final long endPosition, final long sequence, final long passedSequence) {
        final int index = (int)tail & mask;
        endPositions[index] = endPosition;
        sequences[index] = sequence;
        passedSequences[index] = passedSequence;
        tail++;
    }

    /**
     * Takes out what is recorded.
     *
     * @return up to which sequence everything is; with nothing left in flight behind the last event that was taken out,
     * or -1 when none was.
     */
    long takeUntil(final long recordedPosition) {
        long passedSequence = -1;
        while (head < tail && endPositions[(int)head & mask] <= recordedPosition) {
            passedSequence = passedSequences[(int)head & mask];
            head++;
        }
        // Claims that were given up in front of the next event too: control messages that are recorded may say so.
        return head < tail ? sequences[(int)head & mask] - 1 : passedSequence;
    }

    void clear() {
        head = tail;
    }
}
