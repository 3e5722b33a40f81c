package io.headrace.aeron.link;

/**
 * Answers to a publisher that wait for a sequence to be reached, in the order in which they were asked for. Owned by
 * the link thread; bounded, and allocates nothing.
 */
final class PendingAnswers {
    private final int mask;
    private final long[] correlationIds;
    private final long[] answers;
    private final long[] awaitedSequences;
    private long head;
    private long tail;

    /** Takes one answer to the other side. */
    @FunctionalInterface
    interface Sender {
        /** Answers false when there is no room for it now. */
        boolean send(long correlationId, long answer);
    }

    PendingAnswers(final int capacity) {
        mask = capacity - 1;
        correlationIds = new long[capacity];
        answers = new long[capacity];
        awaitedSequences = new long[capacity];
    }

    boolean isEmpty() {
        return head == tail;
    }

    boolean hasUpTo(final long reachedSequence) {
        return head != tail && awaitedSequences[(int)head & mask] <= reachedSequence;
    }

    boolean isFull() {
        return tail - head > mask;
    }

    /** To be called when it is not full. */
    void add(final long correlationId, final long answer, final long awaitedSequence) {
        final int index = (int)tail & mask;
        correlationIds[index] = correlationId;
        answers[index] = answer;
        awaitedSequences[index] = awaitedSequence;
        tail++;
    }

    /** Sends what waited for a sequence up to the given one, as long as there is room; answers how many. */
    int sendUpTo(final long reachedSequence, final Sender sender) {
        int count = 0;
        while (head != tail) {
            final int index = (int)head & mask;
            if (awaitedSequences[index] > reachedSequence || !sender.send(correlationIds[index], answers[index])) {
                break;
            }
            head++;
            count++;
        }
        return count;
    }
}
