package io.headrace.adapters.postgres.pgoutput;

import org.agrona.DirectBuffer;

import java.nio.charset.StandardCharsets;

/**
 * The source's thread: messages that a database session wrote into the log with {@code pg_logical_emit_message}, as an
 * outbox does. A transactional one is an event of its transaction; any other stands at its own place in the log,
 * whether its transaction commits or not.
 */
final class LogicalMessages {
    private static final int TRANSACTIONAL = 1;

    private final DecoderSettings settings;
    private final ChangePublisher publisher;
    private final CommitListener commitListener;
    private final byte[] contentType;
    /** The last prefix seen: an outbox uses one, so that most messages need no look-up. */
    private byte[] prefix = new byte[0];
    private byte[] topic = new byte[0];
    private boolean selected;

    LogicalMessages(
        final DecoderSettings settings, final ChangePublisher publisher, final CommitListener commitListener) {
        this.settings = settings;
        this.publisher = publisher;
        this.commitListener = commitListener;
        contentType = settings.messageContentType().getBytes(StandardCharsets.UTF_8);
    }

    void onMessage(final MessageCursor cursor, final boolean inTransaction) {
        final boolean transactional = (cursor.int8() & TRANSACTIONAL) != 0;
        final long lsn = cursor.int64();
        cursor.zeroTerminated();
        select(cursor.buffer(), cursor.textOffset(), cursor.textLength());
        cursor.bytes(cursor.int32());
        if (transactional && !inTransaction) {
            throw cursor.malformed("is transactional, but outside of a transaction");
        }
        if (!selected) {
            return;
        }
        publisher.message(
            topic, contentType, prefix, transactional, cursor.buffer(), cursor.textOffset(), cursor.textLength(), lsn);
        if (!transactional) {
            // Its end, where a commit may begin that must come again: the server skips what begins before that place.
            commitListener.onCommitted(publisher.lastSequence(), lsn);
        }
    }

    private void select(final DirectBuffer buffer, final int offset, final int lengthBytes) {
        if (topic.length > 0 && equal(buffer, offset, lengthBytes)) {
            return;
        }
        final String text = buffer.getStringWithoutLengthUtf8(offset, lengthBytes);
        prefix = text.getBytes(StandardCharsets.UTF_8);
        topic = (settings.sourceName() + ".message." + text).getBytes(StandardCharsets.UTF_8);
        selected = settings.selectsMessage(text);
    }

    private boolean equal(final DirectBuffer buffer, final int offset, final int lengthBytes) {
        if (lengthBytes != prefix.length) {
            return false;
        }
        for (int i = 0; i < lengthBytes; i++) {
            if (buffer.getByte(offset + i) != prefix[i]) {
                return false;
            }
        }
        return true;
    }
}
