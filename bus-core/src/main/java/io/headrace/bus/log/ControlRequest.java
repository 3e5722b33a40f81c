package io.headrace.bus.log;

import io.headrace.bus.AgentHost;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.util.concurrent.CountDownLatch;

/**
 * A control message on its way into the log. Made and waited for by the thread that asks; everything else is the log
 * thread's.
 */
final class ControlRequest {
    private final UnsafeBuffer message;
    private final CountDownLatch done = new CountDownLatch(1);
    private long endPosition;
    private boolean recorded;
    private boolean inState;

    ControlRequest(final DirectBuffer buffer, final int offset, final int lengthBytes) {
        final byte[] copy = new byte[lengthBytes];
        buffer.getBytes(offset, copy);
        message = new UnsafeBuffer(copy);
    }

    DirectBuffer message() {
        return message;
    }

    void appended(final long position) {
        endPosition = position;
        inState = true;
    }

    /** Whether it was appended once, and the state of the log knows it. */
    boolean isInState() {
        return inState;
    }

    boolean recordedAt(final long recordedPosition) {
        return endPosition <= recordedPosition;
    }

    void recorded() {
        recorded = true;
        done.countDown();
    }

    void closed() {
        done.countDown();
    }

    void await(final AgentHost agents) throws InterruptedException {
        agents.await(done);
        if (!recorded) {
            throw new LogException(LogException.Category.STORAGE,
                "The event log was closed before a control message was recorded.", null);
        }
    }
}
