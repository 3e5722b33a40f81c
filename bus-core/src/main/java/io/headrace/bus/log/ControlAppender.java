package io.headrace.bus.log;

import org.agrona.DirectBuffer;

/** Brings control messages into the event log. For any thread but the log thread, which it waits for. */
public interface ControlAppender {
    /**
     * Appends an encoded control message and waits until it is recorded. When it returns, everything that follows the
     * state of the log ({@link ParkedEvents}, for one) has seen the message too.
     *
     * <p>While the storage fails it waits: what is told to be recorded is recorded.
     *
     * @param buffer      that holds the message; it may be used again afterwards.
     * @param offset      of its SBE header.
     * @param lengthBytes its length, at most {@link #maxLengthBytes()}.
     * @throws InterruptedException when the thread was interrupted; the message may be recorded all the same.
     * @throws LogException         when the log is closed.
     */
    void append(DirectBuffer buffer, int offset, int lengthBytes) throws InterruptedException;

    /** {@return the longest message that it takes, in bytes} */
    int maxLengthBytes();
}
