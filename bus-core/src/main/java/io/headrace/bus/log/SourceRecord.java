package io.headrace.bus.log;

import io.headrace.bus.adapter.RecordedSource;
import io.headrace.bus.publish.MessageIdWindow;
import io.headrace.codecs.DecodeError;
import io.headrace.codecs.EventView;
import io.headrace.codecs.TransactionMarkView;
import io.headrace.codecs.sbe.EventKind;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.charset.StandardCharsets;

/** What the log holds of one source, kept up with each of its events. Owned by the log thread; allocates nothing. */
final class SourceRecord {
    private static final int INITIAL_POSITION_BYTES = 64;

    private final byte[] nameBytes;
    private final TransactionMarkView mark = new TransactionMarkView();
    private byte[] position = new byte[INITIAL_POSITION_BYTES];
    private int positionLength;
    private long lastSequence = -1;
    private boolean openTransaction;
    private boolean snapshotOpen;
    /** Made with the first event that has an id. */
    private MessageIdWindow messageIds;

    SourceRecord(final String name) {
        nameBytes = name.getBytes(StandardCharsets.UTF_8);
    }

    boolean isNamed(final DirectBuffer buffer, final int offset, final int lengthBytes) {
        if (lengthBytes != nameBytes.length) {
            return false;
        }
        for (int i = 0; i < lengthBytes; i++) {
            if (buffer.getByte(offset + i) != nameBytes[i]) {
                return false;
            }
        }
        return true;
    }

    void onEvent(final EventView event) {
        lastSequence = event.sequence();
        if (event.sourcePositionLength() > 0) {
            position(event.buffer(), event.sourcePositionOffset(), event.sourcePositionLength());
        }
        if (event.messageIdLength() > 0) {
            messageIds().addIfAbsent(event.buffer(), event.messageIdOffset(), event.messageIdLength());
        }
        if (event.snapshot()) {
            snapshotOpen = true;
        }
        if (event.kind() == EventKind.TRANSACTION
            && mark.wrap(event.buffer(), event.payloadOffset(), event.payloadLength()) == DecodeError.NONE) {
            switch (mark.mark()) {
                case BEGIN -> openTransaction = true;
                case COMMIT -> openTransaction = false;
                case SNAPSHOT_END -> snapshotOpen = false;
                default -> {
                    // A mark of a later version says nothing about what is kept here.
                }
            }
        }
    }

    void restore(
        final long sequence,
        final boolean transactionIsOpen,
        final boolean snapshotIsOpen,
        final byte[] sourcePosition) {
        lastSequence = sequence;
        openTransaction = transactionIsOpen;
        snapshotOpen = snapshotIsOpen;
        position(new UnsafeBuffer(sourcePosition), 0, sourcePosition.length);
    }

    private void position(final DirectBuffer buffer, final int offset, final int lengthBytes) {
        if (lengthBytes > position.length) {
            position = new byte[lengthBytes * 2];
        }
        buffer.getBytes(offset, position, 0, lengthBytes);
        positionLength = lengthBytes;
    }

    String name() {
        return new String(nameBytes, StandardCharsets.UTF_8);
    }

    RecordedSource recorded() {
        final byte[] copy = new byte[positionLength];
        System.arraycopy(position, 0, copy, 0, positionLength);
        return new RecordedSource(lastSequence, copy, openTransaction, snapshotOpen);
    }

    boolean hasMessageIds() {
        return messageIds != null;
    }

    MessageIdWindow messageIds() {
        if (messageIds == null) {
            messageIds = new MessageIdWindow(MessageIdWindow.DEFAULT_CAPACITY);
        }
        return messageIds;
    }
}
