package io.headrace.aeron.link;

import io.aeron.ExclusivePublication;
import io.headrace.bus.adapter.EventBatch;
import io.headrace.bus.adapter.Sink;
import io.headrace.codecs.EventView;
import io.headrace.codecs.sbe.link.LiveEventEncoder;
import io.headrace.codecs.sbe.link.MessageHeaderEncoder;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.AtomicCounter;

import java.nio.ByteOrder;

/**
 * Sends events to everybody who listens, recorded or not, once and whoever gets them. Owned by its lane's thread,
 * except for {@link #publication}, which is the link thread's. What the network does not take at once is dropped and
 * counted, and its number is missing in the stream: one stuck receiver can make that happen to all of them. So are the
 * numbers of those that the lane passed over while it was here, as it does nowhere else. Whoever must not miss anything
 * asks for a feed.
 */
final class LiveStream implements Sink {
    private static final int HEADER_LENGTH = MessageHeaderEncoder.ENCODED_LENGTH + LiveEventEncoder.BLOCK_LENGTH
        + LiveEventEncoder.eventBytesHeaderLength();

    private final AtomicCounter dropped;
    private final AtomicCounter passedOver;
    private final UnsafeBuffer header = new UnsafeBuffer(new byte[HEADER_LENGTH]);
    private final LiveEventEncoder encoder = new LiveEventEncoder();
    private long number;
    private long passedOverCount;
    private volatile ExclusivePublication publication;

    /**
     * A stream without a publication.
     *
     * @param dropped    counts what the network did not take.
     * @param passedOver what its lane counts because the ring went on without it.
     */
    LiveStream(final AtomicCounter dropped, final AtomicCounter passedOver) {
        this.dropped = dropped;
        this.passedOver = passedOver;
        passedOverCount = passedOver.get();
        encoder.wrapAndApplyHeader(header, 0, new MessageHeaderEncoder());
    }

    /** Sends through another publication from now on; none when it is null. */
    void publication(final ExclusivePublication value) {
        publication = value;
    }

    @Override
    public void deliver(final EventBatch batch) {
        final ExclusivePublication stream = publication;
        final long missedCount = passedOver.get() - passedOverCount;
        number += missedCount;
        passedOverCount += missedCount;
        for (int i = 0; i < batch.size(); i++) {
            final EventView event = batch.event(i);
            encoder.number(number++).sequence(event.sequence());
            header.putInt(HEADER_LENGTH - Integer.BYTES, event.length(), ByteOrder.LITTLE_ENDIAN);
            if (stream != null && !send(stream, event)) {
                dropped.increment();
            }
        }
    }

    /** Answers false when somebody would have got it, and does not. */
    private boolean send(final ExclusivePublication stream, final EventView event) {
        if (HEADER_LENGTH + event.length() > stream.maxMessageLength()) {
            return false;
        }
        final long result = stream.offer(
            header, 0, HEADER_LENGTH, event.buffer(), event.offset(), event.length());
        return result > 0 || result == ExclusivePublication.NOT_CONNECTED || result == ExclusivePublication.CLOSED;
    }

    @Override
    public void close() {
        // The publication ends with the client of the link thread.
    }
}
