package io.headrace.aeron.log;

/**
 * Where the records end that are appended and not yet recorded, oldest first; owned by the log thread. The archive's
 * position can stand in the middle of a record, so it is compared with these. Bounded: when it is full, nothing is
 * appended until something is recorded.
 */
final class InFlightRecords {
    static final int CAPACITY = 1 << 16;

    private final long[] endPositions = new long[CAPACITY];
    private long head;
    private long tail;

    boolean isFull() {
        return tail - head == CAPACITY;
    }

    int size() {
        return (int)(tail - head);
    }

    void add(final long endPosition) {
        endPositions[(int)tail & (CAPACITY - 1)] = endPosition;
        tail++;
    }

    /**
     * Takes out the records that end at a position or before it.
     *
     * @param position of the archive.
     * @param otherwise when there is none.
     * @return where the last of them ends.
     */
    long removeUpTo(final long position, final long otherwise) {
        long endPosition = otherwise;
        while (head < tail && endPositions[(int)head & (CAPACITY - 1)] <= position) {
            endPosition = endPositions[(int)head & (CAPACITY - 1)];
            head++;
        }
        return endPosition;
    }

    void clear() {
        head = tail;
    }
}
