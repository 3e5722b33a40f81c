package io.headrace.adapters.testkit;

import io.headrace.codecs.DecodeError;
import io.headrace.codecs.EventStamp;
import io.headrace.codecs.EventView;
import io.headrace.codecs.EventWriter;
import io.headrace.codecs.sbe.EventEncoder;
import io.headrace.codecs.sbe.MessageHeaderEncoder;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The bytes of one event, kept apart from any ring or batch. Immutable but for {@link #sequence(long)}, and safe for
 * any thread. Two are equal when everything is equal that their source wrote: the sequence and the publish time, which
 * the bus stamps, do not count.
 */
public final class EncodedEvent {
    private static final int FLAGS_OFFSET =
        MessageHeaderEncoder.ENCODED_LENGTH + EventEncoder.flagsEncodingOffset();

    private final byte[] bytes;

    EncodedEvent(final byte[] bytes) {
        this.bytes = bytes;
        view();
    }

    /**
     * Copies an event.
     *
     * @param view of it.
     * @return the copy.
     */
    public static EncodedEvent copyOf(final EventView view) {
        final byte[] bytes = new byte[view.length()];
        view.buffer().getBytes(view.offset(), bytes);
        return new EncodedEvent(bytes);
    }

    /** {@return a buffer of the event's bytes; what is written there is written to the event} */
    public UnsafeBuffer buffer() {
        return new UnsafeBuffer(bytes);
    }

    /** {@return the event's length in bytes} */
    public int lengthBytes() {
        return bytes.length;
    }

    /** {@return a new view of the event} */
    public EventView view() {
        final EventView view = new EventView();
        final DecodeError error = view.wrap(new UnsafeBuffer(bytes), 0, bytes.length);
        if (error != DecodeError.NONE) {
            throw new IllegalArgumentException("error=" + error + ": " + error.description());
        }
        return view;
    }

    /**
     * Stamps a copy of the event, as a bus would.
     *
     * @param sequence of the copy.
     * @return the copy; its publish time is a fixed one.
     */
    public EncodedEvent sequence(final long sequence) {
        final EncodedEvent stamped = new EncodedEvent(bytes.clone());
        EventStamp.stamp(stamped.buffer(), 0, sequence, EventFixture.PUBLISH_TIME_NS);
        return stamped;
    }

    /** {@return a copy that is marked as part of a transaction of its source} */
    public EncodedEvent inTransaction() {
        final EncodedEvent marked = new EncodedEvent(bytes.clone());
        final UnsafeBuffer buffer = marked.buffer();
        final int flags = EventStamp.flags(buffer, 0) | EventWriter.IN_TRANSACTION;
        buffer.putShort(FLAGS_OFFSET, (short)flags, ByteOrder.LITTLE_ENDIAN);
        return marked;
    }

    @Override
    public boolean equals(final Object other) {
        return other instanceof final EncodedEvent event && Arrays.equals(unstamped(), event.unstamped());
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(unstamped());
    }

    private byte[] unstamped() {
        final byte[] copy = bytes.clone();
        EventStamp.stamp(new UnsafeBuffer(copy), 0, 0, 0);
        return copy;
    }

    @Override
    public String toString() {
        final EventView view = view();
        return view.kind() + " sequence=" + view.sequence() + " topic=" + view.topic() + " lengthBytes=" + bytes.length;
    }
}
