package io.headrace.client;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The events of one publisher that wait for their answers, in a ring of slots, with a copy of each to send it again.
 *
 * <p>Whoever holds the publisher's lock adds events and moves {@link #oldest()}; the client's thread writes answers
 * without the lock. A slot belongs to its event until the event is answered and all before it are. Bounded in number
 * and in bytes.
 */
final class InFlight {
    static final long MAX_BYTES = 64 << 20;
    private static final int KEPT_BYTES = 16 << 10;

    private final int mask;
    private final AtomicLongArray results;
    private final UnsafeBuffer[] events;
    private final int[] lengthsBytes;
    private final byte[] confirms;
    private final boolean[] repeatable;
    private final boolean[] refused;
    private long heldBytes;
    private long oldest = 1;
    private volatile long next = 1;

    InFlight(final int capacity) {
        mask = capacity - 1;
        results = new AtomicLongArray(capacity);
        events = new UnsafeBuffer[capacity];
        lengthsBytes = new int[capacity];
        confirms = new byte[capacity];
        repeatable = new boolean[capacity];
        refused = new boolean[capacity];
    }

    /**
     * Whether there is room for one more, after the answered ones have left.
     *
     * @param lengthBytes of the event; one that is alone may have any length.
     * @return false when there are too many, or too many bytes of them.
     */
    boolean hasRoom(final int lengthBytes) {
        while (oldest < next && results.get(slot(oldest)) != RemotePublisher.PENDING) {
            release(slot(oldest));
            oldest++;
        }
        return next - oldest <= mask && (next == oldest || heldBytes + lengthBytes <= MAX_BYTES);
    }

    /** The memory of a long event is not kept for the short ones that follow. */
    private void release(final int slot) {
        heldBytes -= lengthsBytes[slot];
        if (lengthsBytes[slot] > KEPT_BYTES) {
            events[slot] = null;
        }
    }

    /**
     * Adds an event.
     *
     * @param canRepeat whether it may be sent a second time without harm, because it has a message id.
     * @return its correlation id.
     */
    long add(
        final DirectBuffer buffer, final int offset, final int lengthBytes, final byte confirm,
        final boolean canRepeat) {
        final long id = next;
        final int slot = slot(id);
        UnsafeBuffer copy = events[slot];
        if (copy == null) {
            copy = new UnsafeBuffer(new byte[lengthBytes]);
            events[slot] = copy;
        } else if (copy.byteArray().length < lengthBytes) {
            copy.wrap(new byte[lengthBytes]);
        } else {
            copy.wrap(copy.byteArray(), 0, lengthBytes);
        }
        copy.putBytes(0, buffer, offset, lengthBytes);
        lengthsBytes[slot] = lengthBytes;
        heldBytes += lengthBytes;
        confirms[slot] = confirm;
        repeatable[slot] = canRepeat;
        refused[slot] = false;
        results.set(slot, RemotePublisher.PENDING);
        next = id + 1;
        return id;
    }

    /** Takes back the event that was added last, as it could not be sent. */
    void removeLast() {
        final int slot = slot(next - 1);
        results.set(slot, RemotePublisher.UNKNOWN);
        release(slot);
        next--;
    }

    /** {@return false when nothing waits for it any more} */
    boolean answer(final long id, final long result) {
        return isKnown(id) && results.compareAndSet(slot(id), RemotePublisher.PENDING, result);
    }

    /** {@return the answer, PENDING, or UNKNOWN when its slot has another event by now} */
    long result(final long id) {
        if (!isKnown(id)) {
            return RemotePublisher.UNKNOWN;
        }
        final long result = results.get(slot(id));
        return isKnown(id) ? result : RemotePublisher.UNKNOWN;
    }

    private boolean isKnown(final long id) {
        final long end = next;
        return id > 0 && id < end && end - id <= mask + 1L;
    }

    boolean isPending(final long id) {
        return results.get(slot(id)) == RemotePublisher.PENDING;
    }

    /** The service has refused it before it came to the bus, so that it may be sent once more whatever it is. */
    void refused(final long id) {
        refused[slot(id)] = true;
    }

    /** It is on its way again, and may come to a bus this time. */
    void sentAgain(final long id) {
        refused[slot(id)] = false;
    }

    boolean isRepeatable(final long id) {
        return repeatable[slot(id)] || refused[slot(id)];
    }

    DirectBuffer event(final long id) {
        return events[slot(id)];
    }

    byte confirm(final long id) {
        return confirms[slot(id)];
    }

    long oldest() {
        return oldest;
    }

    long next() {
        return next;
    }

    private int slot(final long id) {
        return (int)id & mask;
    }
}
