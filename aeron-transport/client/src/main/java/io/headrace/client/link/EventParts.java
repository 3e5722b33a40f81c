package io.headrace.client.link;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.util.Arrays;

/**
 * The thread of the link: puts an event together that was too long for one message. Parts come in front of the message
 * that ends the event.
 */
public final class EventParts {
    private static final int INITIAL_BYTES = 64 << 10;

    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[0]);
    private byte[] bytes = new byte[0];
    private int lengthBytes;

    /** {@return the length of the parts so far in bytes; 0 when the next event comes in one message} */
    public int lengthBytes() {
        return lengthBytes;
    }

    /**
     * Takes a part.
     *
     * @param source          that holds it.
     * @param offset          where it begins.
     * @param partLengthBytes its length.
     * @param maxEventBytes   what the whole may have.
     * @return false when it would have more: nothing is taken.
     */
    public boolean append(
        final DirectBuffer source, final int offset, final int partLengthBytes, final int maxEventBytes) {
        if (partLengthBytes > maxEventBytes - lengthBytes) {
            return false;
        }
        final int neededBytes = lengthBytes + partLengthBytes;
        if (neededBytes > bytes.length) {
            final long grownBytes = Math.max(INITIAL_BYTES, Math.max(neededBytes, 2L * bytes.length));
            bytes = Arrays.copyOf(bytes, (int)Math.min(grownBytes, Math.max(neededBytes, maxEventBytes)));
            buffer.wrap(bytes);
        }
        source.getBytes(offset, bytes, lengthBytes, partLengthBytes);
        lengthBytes = neededBytes;
        return true;
    }

    /**
     * Goes back to an earlier length, as the last part will come again.
     *
     * @param earlierLengthBytes that it had; 0 to begin the next event.
     */
    public void cutTo(final int earlierLengthBytes) {
        lengthBytes = earlierLengthBytes;
    }

    /** {@return the buffer with the event from its beginning on} */
    public DirectBuffer buffer() {
        return buffer;
    }
}
