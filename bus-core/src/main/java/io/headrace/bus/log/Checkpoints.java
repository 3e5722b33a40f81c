package io.headrace.bus.log;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.util.ArrayDeque;

/**
 * Writes checkpoints of the log's state, in as many turns as the log's room asks for. Owned by the log thread.
 */
final class Checkpoints {
    private static final long INTERVAL_BYTES = 64L << 20;

    private final EventLog log;
    private final LogState state;
    private final RecordAppender appender;
    private final ControlMessages messages = new ControlMessages();
    /** The rest of a checkpoint that found no room; no event is appended before it is complete. */
    private final ArrayDeque<UnsafeBuffer> open = new ArrayDeque<>();
    private long openStart;
    private long lastStart;
    private boolean wanted;

    /** Appends a record that is no event; answers as {@link EventLog#append} does. */
    @FunctionalInterface
    interface RecordAppender {
        /** Answers with the log position behind the record, or a negative code. */
        long append(RecordType type, DirectBuffer message, int lengthBytes);
    }

    Checkpoints(final EventLog log, final LogState state, final RecordAppender appender) {
        this.log = log;
        this.state = state;
        this.appender = appender;
    }

    /** Whether none is begun and not complete. */
    boolean isComplete() {
        return open.isEmpty();
    }

    /** Whether one is to be begun although the last is not far behind. */
    boolean isWanted() {
        return wanted;
    }

    boolean isDue() {
        return wanted || log.appendedPosition() - lastStart >= INTERVAL_BYTES;
    }

    void start(final long nowNs) {
        wanted = false;
        openStart = log.appendedPosition();
        open.clear();
        state.writeCheckpoint(nowNs, log.maxRecordLengthBytes(),
            (buffer, offset, lengthBytes) -> open.add(copyOf(buffer, lengthBytes)));
        open.add(copyOf(messages.buffer(), messages.checkpointEnd(openStart)));
    }

    /** Goes on with the open one; true when it is complete. */
    boolean write() {
        while (!open.isEmpty()) {
            final UnsafeBuffer message = open.peek();
            final RecordType type = open.size() == 1 ? RecordType.CHECKPOINT_END : RecordType.CONTROL;
            if (appender.append(type, message, message.capacity()) < 0) {
                return false;
            }
            open.poll();
        }
        lastStart = openStart;
        return true;
    }

    /** The storage lost what it had not recorded: one is written anew. */
    void lost() {
        open.clear();
        wanted = true;
    }

    /** {@return the log position at which the last complete one begins} */
    long lastStart() {
        return lastStart;
    }

    static UnsafeBuffer copyOf(final DirectBuffer buffer, final int lengthBytes) {
        final byte[] bytes = new byte[lengthBytes];
        buffer.getBytes(0, bytes);
        return new UnsafeBuffer(bytes);
    }
}
