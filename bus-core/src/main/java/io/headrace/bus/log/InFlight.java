package io.headrace.bus.log;

/**
 * What was appended and is not recorded yet: for each event the log position behind it and the ring's sequence behind
 * it. Bounded. Owned by the log thread.
 */
final class InFlight {
    private final long[] endPositions;
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
        passedSequences = new long[capacity];
        mask = capacity - 1;
    }

    boolean isFull() {
        return tail - head == endPositions.length;
    }

    boolean isEmpty() {
        return tail == head;
    }

    void add(final long endPosition, final long passedSequence) {
        final int index = (int)tail & mask;
        endPositions[index] = endPosition;
        passedSequences[index] = passedSequence;
        tail++;
    }

    /**
     * Takes out what is recorded.
     *
     * @return the sequence behind the last event that is; -1 when nothing was taken out.
     */
    long takeUntil(final long recordedPosition) {
        long passedSequence = -1;
        while (head < tail && endPositions[(int)head & mask] <= recordedPosition) {
            passedSequence = passedSequences[(int)head & mask];
            head++;
        }
        return passedSequence;
    }

    void clear() {
        head = tail;
    }
}
