package io.headrace.bus.ring;

import com.lmax.disruptor.InsufficientCapacityException;
import com.lmax.disruptor.MultiProducerSequencer;
import com.lmax.disruptor.Sequence;
import com.lmax.disruptor.Sequencer;
import com.lmax.disruptor.SingleProducerSequencer;
import org.agrona.BitUtil;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A Disruptor sequencer over one contiguous, cache-line-aligned off-heap arena. Publishing threads claim, encode in
 * place and commit; each {@link RingReader} is polled by a thread of its own. An event takes as many consecutive slots
 * as its frame needs, and its sequence is that of its first slot: sequences grow, and skip the further slots of long
 * events. Nothing is allocated for an event.
 *
 * <p>Publishing allocates nothing, takes no lock and throws nothing for lack of room. One step is left to the caller's
 * care: a claim that is neither committed nor aborted stops every reader behind it.
 */
public final class Ring {
    /** There is no room: the slowest gate has not moved on. Same value as the publisher's code. */
    public static final long NO_ROOM = -2;

    /** The smallest number of slots. */
    public static final int MIN_CAPACITY = 64;
    /** The largest number of slots. */
    public static final int MAX_CAPACITY = 1 << 24;
    /** The smallest slot, one cache line. */
    public static final int MIN_SLOT_BYTES = 64;
    /** The largest slot, one page. */
    public static final int MAX_SLOT_BYTES = 4096;

    /** An event may take this part of the ring at the most, so that a few can be on their way at once. */
    private static final int LONGEST_EVENT_DIVISOR = 4;
    private static final int CACHE_LINE_BYTES = 64;

    private final Sequencer sequencer;
    private final UnsafeBuffer arena;
    private final long arenaAddress;
    private final Signal signal;
    private final int capacity;
    private final int indexMask;
    private final int slotShift;
    private final int maxEventLengthBytes;
    private final long baseSequence;

    /**
     * Makes an empty ring.
     *
     * @param capacity     the number of slots, a power of two from {@link #MIN_CAPACITY} to {@link #MAX_CAPACITY}.
     * @param slotBytes    the size of a slot, a power of two from {@link #MIN_SLOT_BYTES} to {@link #MAX_SLOT_BYTES}.
     * @param producerMode how many threads publish.
     * @param waitProfile  how readers wait; only {@link WaitProfile#ECO} makes publishers look for blocked readers.
     * @param baseSequence the sequence of the first event, from 0.
     */
    public Ring(
        final int capacity,
        final int slotBytes,
        final ProducerMode producerMode,
        final WaitProfile waitProfile,
        final long baseSequence) {
        this(capacity, slotBytes, producerMode, new Signal(waitProfile == WaitProfile.ECO), baseSequence,
            Integer.MAX_VALUE);
    }

    /**
     * Makes an empty ring whose events are to fit elsewhere too.
     *
     * @param capacity            the number of slots.
     * @param slotBytes           the size of a slot.
     * @param producerMode        how many threads publish.
     * @param signal              given after each commit.
     * @param baseSequence        the sequence of the first event, from 0.
     * @param eventLengthCapBytes the longest event wanted; the ring's own bound holds as well.
     */
    public Ring(
        final int capacity,
        final int slotBytes,
        final ProducerMode producerMode,
        final Signal signal,
        final long baseSequence,
        final int eventLengthCapBytes) {
        checkPowerOfTwo("capacity", capacity, MIN_CAPACITY, MAX_CAPACITY);
        checkPowerOfTwo("slotBytes", slotBytes, MIN_SLOT_BYTES, MAX_SLOT_BYTES);
        if (baseSequence < 0) {
            throw new IllegalArgumentException("baseSequence=" + baseSequence + " is negative");
        }
        final long longestFrameBytes = (long)capacity / LONGEST_EVENT_DIVISOR * slotBytes;
        final long arenaBytes = (long)capacity * slotBytes + longestFrameBytes;
        if (arenaBytes > Integer.MAX_VALUE - CACHE_LINE_BYTES) {
            throw new IllegalArgumentException(
                "capacity=" + capacity + " × slotBytes=" + slotBytes + " needs an arena of " + arenaBytes +
                " bytes; the most is 2 GiB");
        }
        this.capacity = capacity;
        this.indexMask = capacity - 1;
        this.slotShift = Integer.numberOfTrailingZeros(slotBytes);
        this.maxEventLengthBytes =
            Math.min(eventLengthCapBytes, (int)longestFrameBytes - FrameDescriptor.HEADER_LENGTH);
        this.baseSequence = baseSequence;
        this.signal = signal;
        this.sequencer = producerMode == ProducerMode.MULTI ?
            new MultiProducerSequencer(capacity, signal) : new SingleProducerSequencer(capacity, signal);
        this.arena = new UnsafeBuffer(BufferUtil.allocateDirectAligned((int)arenaBytes, CACHE_LINE_BYTES));
        this.arenaAddress = arena.addressOffset();
    }

    private static void checkPowerOfTwo(final String name, final int value, final int min, final int max) {
        if (!BitUtil.isPowerOfTwo(value) || value < min || value > max) {
            throw new IllegalArgumentException(
                name + "=" + value + " is not a power of two from " + min + " to " + max);
        }
    }

    /**
     * Claims consecutive slots for one event. Never blocks.
     *
     * @param eventLengthBytes an upper bound of the event's length, from 1 to {@link #maxEventLengthBytes()}, which
     *                         the caller has checked.
     * @return the event's sequence, or {@link #NO_ROOM}.
     */
    public long tryClaim(final int eventLengthBytes) {
        return tryClaimSlots(slotCount(eventLengthBytes));
    }

    /**
     * Claims consecutive slots, for an event whose place is given. Never blocks.
     *
     * @param slots how many, from 1 to {@link #maxEventSlots()}.
     * @return the sequence of the first, or {@link #NO_ROOM}.
     */
    public long tryClaimSlots(final int slots) {
        try {
            return baseSequence + sequencer.tryNext(slots) - slots + 1;
        } catch (final InsufficientCapacityException ex) {
            // One preallocated instance without a stack trace. Asking hasAvailableCapacity first would be no cheaper,
            // and it reads the gates before the cursor, which a reader added in between could slip through.
            return NO_ROOM;
        }
    }

    /**
     * Points a buffer at the room for a claimed event. The buffer must not be used after the claim was committed or
     * given up.
     *
     * @param sequence         of the claim.
     * @param eventLengthBytes as claimed.
     * @param event            to be pointed there.
     */
    public void wrapEvent(final long sequence, final int eventLengthBytes, final UnsafeBuffer event) {
        // By address: pointing it at the arena's ByteBuffer would store a reference, which costs a barrier each time.
        event.wrap(arenaAddress + frameOffset(sequence) + FrameDescriptor.HEADER_LENGTH, eventLengthBytes);
    }

    /**
     * Shows a claimed event to the readers.
     *
     * @param sequence           of the claim.
     * @param claimedLengthBytes as claimed.
     * @param eventLengthBytes   the event's length, from 1 to what was claimed, or 0 to give the claim up.
     * @param publishedAtNs      the monotonic time.
     */
    public void commit(
        final long sequence, final int claimedLengthBytes, final int eventLengthBytes, final long publishedAtNs) {
        commitSlots(sequence, slotCount(claimedLengthBytes), eventLengthBytes, publishedAtNs);
    }

    /**
     * Shows an event in claimed slots to the readers.
     *
     * @param sequence         of the claim.
     * @param slots            as claimed.
     * @param eventLengthBytes the event's length, or 0 to give the claim up.
     * @param publishedAtNs    the monotonic time.
     */
    public void commitSlots(
        final long sequence, final int slots, final int eventLengthBytes, final long publishedAtNs) {
        final int frameOffset = frameOffset(sequence);
        arena.putInt(frameOffset + FrameDescriptor.EVENT_LENGTH_OFFSET, eventLengthBytes);
        arena.putInt(frameOffset + FrameDescriptor.SLOT_COUNT_OFFSET, slots);
        arena.putLong(frameOffset + FrameDescriptor.PUBLISHED_AT_OFFSET, publishedAtNs);
        final long slotSequence = sequence - baseSequence;
        sequencer.publish(slotSequence, slotSequence + slots - 1);
    }

    /**
     * Adds a reader that begins with the next event claimed, and gates publishers from now on. Called by any thread;
     * events that other readers get meanwhile are not touched.
     *
     * @return the reader, to be polled by one thread.
     */
    public RingReader addReader() {
        return new RingReader(this, sequencer, null);
    }

    /**
     * As {@link #addReader()}, for a reader that must not get ahead of something.
     *
     * @param limit up to which sequence, in slots, it reads.
     * @return the reader, to be polled by one thread.
     */
    public RingReader addReader(final Sequence limit) {
        return new RingReader(this, sequencer, limit);
    }

    /**
     * Waits as long as the given look says that there is nothing to do. Only on a ring with {@link WaitProfile#ECO}.
     *
     * @return the signal given after each commit.
     */
    public Signal signal() {
        return signal;
    }

    /**
     * The longest event that fits.
     *
     * @return the length in bytes: a quarter of the ring, less the frame's header, unless less was asked for.
     */
    public int maxEventLengthBytes() {
        return maxEventLengthBytes;
    }

    /**
     * The number of slots.
     *
     * @return the capacity.
     */
    public int capacity() {
        return capacity;
    }

    /**
     * The size of a slot.
     *
     * @return the size in bytes.
     */
    public int slotBytes() {
        return 1 << slotShift;
    }

    /**
     * The last sequence claimed by a publisher, whether committed yet or not.
     *
     * @return the sequence, one before the base sequence when nothing was claimed yet.
     */
    public long claimedSequence() {
        return baseSequence + sequencer.getCursor();
    }

    long baseSequence() {
        return baseSequence;
    }

    UnsafeBuffer arena() {
        return arena;
    }

    int frameOffset(final long sequence) {
        return ((int)(sequence - baseSequence) & indexMask) << slotShift;
    }

    /** {@return how many slots an event may take} */
    public int maxEventSlots() {
        return capacity / LONGEST_EVENT_DIVISOR;
    }

    /**
     * How many slots an event needs.
     *
     * @param eventLengthBytes its length.
     * @return the number of slots.
     */
    public int slotCount(final int eventLengthBytes) {
        return (eventLengthBytes + FrameDescriptor.HEADER_LENGTH + (1 << slotShift) - 1) >>> slotShift;
    }
}
