package io.headrace.bus.adapter;

import io.headrace.codecs.DecodeError;
import io.headrace.codecs.EventView;
import org.agrona.BitUtil;
import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.util.Arrays;

/**
 * Events in order, copied out of the ring, as a sink gets them. Owned by the thread of one lane. Bounded by a count
 * and by bytes: it begins small and grows to its bounds as it needs to.
 */
public final class EventBatch {
    private static final int INITIAL_BYTES = 64 * 1024;
    private static final int INITIAL_EVENTS = 256;
    private static final int ALIGNMENT = 64;

    private final int maxEvents;
    private final int maxBytes;
    private final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);
    private final EventView view = new EventView();
    private int[] offsets;
    private int[] lengths;
    private long[] publishedAtNs;
    private int count;
    private int usedBytes;
    private int windowFrom;
    private int windowTo;
    private boolean endsInTransaction;
    private boolean replayed;

    /**
     * Makes an empty batch.
     *
     * @param maxEvents the most events that it holds, at least 1.
     * @param maxBytes  the most bytes of events that it holds, at least 64.
     */
    public EventBatch(final int maxEvents, final int maxBytes) {
        if (maxEvents < 1 || maxBytes < ALIGNMENT) {
            throw new IllegalArgumentException("maxEvents=" + maxEvents + " maxBytes=" + maxBytes + " is too small");
        }
        this.maxEvents = maxEvents;
        this.maxBytes = BitUtil.align(maxBytes, ALIGNMENT);
        buffer.wrap(BufferUtil.allocateDirectAligned(Math.min(INITIAL_BYTES, this.maxBytes), ALIGNMENT));
        offsets = new int[Math.min(INITIAL_EVENTS, maxEvents)];
        lengths = new int[offsets.length];
        publishedAtNs = new long[offsets.length];
    }

    /** Empties the batch. */
    public void clear() {
        count = 0;
        usedBytes = 0;
        windowFrom = 0;
        windowTo = 0;
        endsInTransaction = false;
        replayed = false;
    }

    /**
     * Copies an event to the end of the batch, and makes the whole batch its window.
     *
     * @param source      that holds the event.
     * @param offset      where it begins.
     * @param lengthBytes its length.
     * @param eventPublishedAtNs when it was committed, on the monotonic clock.
     * @return false when it does not fit within the bounds; the batch is then as it was.
     */
    public boolean append(
        final DirectBuffer source, final int offset, final int lengthBytes, final long eventPublishedAtNs) {
        final int alignedLength = BitUtil.align(lengthBytes, Long.BYTES);
        if (count == maxEvents || alignedLength > maxBytes - usedBytes) {
            return false;
        }
        if (count == offsets.length) {
            final int newLength = Math.min(maxEvents, count * 2);
            offsets = Arrays.copyOf(offsets, newLength);
            lengths = Arrays.copyOf(lengths, newLength);
            publishedAtNs = Arrays.copyOf(publishedAtNs, newLength);
        }
        if (usedBytes + alignedLength > buffer.capacity()) {
            grow(usedBytes + alignedLength);
        }
        buffer.putBytes(usedBytes, source, offset, lengthBytes);
        offsets[count] = usedBytes;
        lengths[count] = lengthBytes;
        publishedAtNs[count] = eventPublishedAtNs;
        usedBytes += alignedLength;
        count++;
        windowFrom = 0;
        windowTo = count;
        return true;
    }

    private void grow(final int neededBytes) {
        final int newCapacity = (int)Math.min(maxBytes, Math.max((long)neededBytes, 2L * buffer.capacity()));
        final UnsafeBuffer larger = new UnsafeBuffer(BufferUtil.allocateDirectAligned(newCapacity, ALIGNMENT));
        larger.putBytes(0, buffer, 0, usedBytes);
        buffer.wrap(larger);
    }

    /**
     * Shows only a part of what the batch holds, for delivering it piece by piece after a failure.
     *
     * @param from the first event shown, counted from the first one held.
     * @param to   one past the last event shown.
     */
    public void window(final int from, final int to) {
        if (from < 0 || to < from || to > count) {
            throw new IllegalArgumentException("from=" + from + " to=" + to + " is no window of count=" + count);
        }
        windowFrom = from;
        windowTo = to;
    }

    /**
     * Takes one event out; the others keep their order.
     *
     * @param index in the window, from 0 to {@link #size()} - 1.
     */
    public void remove(final int index) {
        final int held = windowFrom + checked(index);
        final int behind = count - held - 1;
        System.arraycopy(offsets, held + 1, offsets, held, behind);
        System.arraycopy(lengths, held + 1, lengths, held, behind);
        System.arraycopy(publishedAtNs, held + 1, publishedAtNs, held, behind);
        count--;
        windowTo--;
    }

    /**
     * Keeps the first events only, and makes them the window.
     *
     * @param keptCount how many, from 0 to {@link #heldCount()}.
     */
    public void truncate(final int keptCount) {
        if (keptCount < 0 || keptCount > count) {
            throw new IllegalArgumentException("keptCount=" + keptCount + " is not between 0 and count=" + count);
        }
        if (keptCount < count) {
            usedBytes = offsets[keptCount];
            count = keptCount;
        }
        windowFrom = 0;
        windowTo = count;
    }

    private int checked(final int index) {
        if (index < 0 || index >= size()) {
            throw new IndexOutOfBoundsException("index=" + index + " size=" + size());
        }
        return index;
    }

    /**
     * How many events the batch shows.
     *
     * @return the count, at least 1 when given to a sink.
     */
    public int size() {
        return windowTo - windowFrom;
    }

    /**
     * How many events the batch holds, shown or not.
     *
     * @return the count.
     */
    public int heldCount() {
        return count;
    }

    /**
     * How many bytes its events occupy, with their alignment.
     *
     * @return the bytes used.
     */
    public int usedBytes() {
        return usedBytes;
    }

    /**
     * One event.
     *
     * @param index from 0 to {@link #size()} - 1.
     * @return a view that the next call moves to another event.
     */
    public EventView event(final int index) {
        final int held = windowFrom + checked(index);
        final DecodeError error = view.wrap(buffer, offsets[held], lengths[held]);
        if (error != DecodeError.NONE) {
            throw new IllegalStateException("event index=" + index + " was accepted by the bus but is " + error);
        }
        return view;
    }

    /**
     * When an event was committed to the bus.
     *
     * @param index from 0 to {@link #size()} - 1.
     * @return nanoseconds on the monotonic clock.
     */
    public long publishedAtNs(final int index) {
        return publishedAtNs[windowFrom + checked(index)];
    }

    /**
     * The sequence of the last event shown.
     *
     * @return the sequence; -1 for an empty batch.
     */
    public long lastSequence() {
        return size() == 0 ? -1 : event(size() - 1).sequence();
    }

    /**
     * Whether a transaction of a source goes on after this batch, as it is larger than a batch may be. A sink that
     * wants whole transactions keeps its own open then; the position moves only past the last part.
     *
     * @return true when the transaction's commit is still to come.
     */
    public boolean endsInTransaction() {
        return endsInTransaction;
    }

    /**
     * Says whether a transaction goes on after this batch.
     *
     * @param goesOn true when it does.
     */
    public void endsInTransaction(final boolean goesOn) {
        this.endsInTransaction = goesOn;
    }

    /**
     * Whether the batch comes out of its turn: a parked event that is replayed, with a sequence far before that of the
     * batch before. A sink that stores its position in its target applies such a batch without comparing it with the
     * position, and leaves the position as it is.
     *
     * @return true for parked events.
     */
    public boolean replayed() {
        return replayed;
    }

    /**
     * Says whether the batch comes out of its turn.
     *
     * @param outOfTurn true for parked events.
     */
    public void replayed(final boolean outOfTurn) {
        this.replayed = outOfTurn;
    }
}
