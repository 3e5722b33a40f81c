package io.headrace.bus.simulation;

import io.headrace.codecs.DecodeError;
import io.headrace.codecs.EventView;
import io.headrace.codecs.TransactionMarkView;
import io.headrace.codecs.sbe.EventKind;
import io.headrace.codecs.sbe.Mark;
import org.agrona.DirectBuffer;

/**
 * An event as it is found in the log or in a sink's batch.
 *
 * @param sequence    of the event.
 * @param source      its name.
 * @param itemIndex   of the source's item; -1 for a begin mark that was sent again.
 * @param mark        of a transaction, or null.
 * @param transaction that it belongs to; -1 for none.
 * @param topic       of the event.
 * @param keyHash     of its key.
 * @param poison      whether plain sinks can never take it.
 * @param timeNs      when it was published.
 */
record RecordedEvent(
    long sequence, String source, long itemIndex, Mark mark, long transaction, String topic, long keyHash,
    boolean poison, long timeNs) {
    private static final int INDEX_OFFSET = 0;
    private static final int TRANSACTION_OFFSET = 8;
    private static final int POISON_OFFSET = 16;
    static final int PAYLOAD_BYTES = 17;

    static RecordedEvent of(final DirectBuffer buffer, final int offset, final int lengthBytes) {
        final EventView view = new EventView();
        if (view.wrap(buffer, offset, lengthBytes) != DecodeError.NONE) {
            throw new AssertionError("What was recorded is no event");
        }
        return of(view);
    }

    static RecordedEvent of(final EventView view) {
        if (view.kind() == EventKind.TRANSACTION) {
            final TransactionMarkView markView = new TransactionMarkView();
            if (markView.wrap(view.buffer(), view.payloadOffset(), view.payloadLength()) != DecodeError.NONE) {
                throw new AssertionError("sequence=" + view.sequence() + " has no mark");
            }
            final long index =
                view.sourcePositionLength() == 0 ? -1 : view.buffer().getLong(view.sourcePositionOffset());
            return new RecordedEvent(view.sequence(), view.source(), index, markView.mark(),
                markView.transactionId(), view.topic(), view.keyHash(), false, view.publishTimeNs());
        }
        final DirectBuffer buffer = view.buffer();
        final int at = view.payloadOffset();
        return new RecordedEvent(view.sequence(), view.source(), buffer.getLong(at + INDEX_OFFSET), null,
            buffer.getLong(at + TRANSACTION_OFFSET), view.topic(), view.keyHash(),
            buffer.getByte(at + POISON_OFFSET) != 0, view.publishTimeNs());
    }
}
