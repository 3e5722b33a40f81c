package io.headrace.bus.log;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.util.concurrent.CountDownLatch;

/**
 * A control message on its way into the log. Made and waited for by the thread that asks; everything else is the log
 * thread's.
 */
final class ControlRequest {
    private static final long CLOSED = -1;

    private final UnsafeBuffer message;
    private final CountDownLatch done = new CountDownLatch(1);
    private long startPosition = CLOSED;
    private long endPosition;

    ControlRequest(final DirectBuffer buffer, final int offset, final int lengthBytes) {
        final byte[] copy = new byte[lengthBytes];
        buffer.getBytes(offset, copy);
        message = new UnsafeBuffer(copy);
    }

    DirectBuffer message() {
        return message;
    }

    void appended(final long from, final long to) {
        startPosition = from;
        endPosition = to;
    }

    boolean recordedAt(final long recordedPosition) {
        return endPosition <= recordedPosition;
    }

    long startPosition() {
        return startPosition;
    }

    void recorded() {
        done.countDown();
    }

    void closed() {
        startPosition = CLOSED;
        done.countDown();
    }

    long await() throws InterruptedException {
        done.await();
        if (startPosition == CLOSED) {
            throw new LogException(LogException.Category.STORAGE,
                "The event log was closed before a control message was recorded.", null);
        }
        return startPosition;
    }
}
