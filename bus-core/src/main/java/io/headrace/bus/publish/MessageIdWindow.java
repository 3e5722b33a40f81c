package io.headrace.bus.publish;

import org.agrona.DirectBuffer;

import java.util.Arrays;

/**
 * The last message ids of one source, by which repeated messages are recognised. Owned by one thread, or guarded by its
 * owner. Only the 128-bit hashes of the ids are kept, in a ring from the oldest to the newest and an index over it with
 * open addressing; when the window is full, each new id pushes the oldest out. It begins small and grows with what it
 * holds; from then on nothing is allocated.
 *
 * <p>That a new id is taken for one of N kept ones has the odds N to 2<sup>128</sup>: with 65,536 ids and 100,000
 * messages a second, once in about 10<sup>21</sup> years.
 */
public final class MessageIdWindow {
    /** How many ids are kept unless told otherwise: 1.5 MiB when full. */
    public static final int DEFAULT_CAPACITY = 1 << 16;

    private static final int INITIAL_CAPACITY = 256;
    private static final int MAX_CAPACITY = 1 << 24;
    private static final int INDEX_PER_ID = 2;
    private static final int NONE = 0;

    /** Takes the hashes of ids. */
    @FunctionalInterface
    public interface IdConsumer {
        /**
         * Takes one.
         *
         * @param high half of the hash.
         * @param low  half of the hash.
         */
        void accept(long high, long low);
    }

    private final MessageIdHash hash = new MessageIdHash();
    private final int capacity;
    private long[] highs;
    private long[] lows;
    /** One more than a place in the ring, or {@link #NONE}; found from the low half on, linearly. */
    private int[] index;
    private int oldest;
    private int size;

    /**
     * Makes an empty window.
     *
     * @param capacity how many ids it keeps, from 1 to 16,777,216.
     */
    public MessageIdWindow(final int capacity) {
        if (capacity < 1 || capacity > MAX_CAPACITY) {
            throw new IllegalArgumentException("capacity=" + capacity + " is not between 1 and " + MAX_CAPACITY);
        }
        this.capacity = capacity;
        allocate(Math.min(capacity, INITIAL_CAPACITY));
    }

    private void allocate(final int ids) {
        highs = new long[ids];
        lows = new long[ids];
        index = new int[INDEX_PER_ID * (ids == 1 ? 1 : Integer.highestOneBit(ids - 1) << 1)];
    }

    /**
     * Adds an id unless it is there.
     *
     * @param buffer      that holds the id.
     * @param offset      where it begins.
     * @param lengthBytes its length.
     * @return false when it is there: the message is a repeated one.
     */
    public boolean addIfAbsent(final DirectBuffer buffer, final int offset, final int lengthBytes) {
        hash.of(buffer, offset, lengthBytes);
        return addIfAbsent(hash.high(), hash.low());
    }

    /**
     * Adds the hash of an id unless it is there.
     *
     * @param high half of the hash.
     * @param low  half of the hash.
     * @return false when it is there.
     */
    public boolean addIfAbsent(final long high, final long low) {
        if (index[find(high, low)] != NONE) {
            return false;
        }
        if (size == highs.length) {
            if (size < capacity) {
                grow();
            } else {
                removeOldest();
            }
        }
        final int place = (oldest + size) % highs.length;
        highs[place] = high;
        lows[place] = low;
        // Looked for again: growing and removing move what the index holds.
        index[find(high, low)] = place + 1;
        size++;
        return true;
    }

    /**
     * Whether an id is there.
     *
     * @param buffer      that holds the id.
     * @param offset      where it begins.
     * @param lengthBytes its length.
     * @return true when it is.
     */
    public boolean contains(final DirectBuffer buffer, final int offset, final int lengthBytes) {
        hash.of(buffer, offset, lengthBytes);
        return index[find(hash.high(), hash.low())] != NONE;
    }

    /** Where in the index the id is, or the free place where it would be. */
    private int find(final long high, final long low) {
        final int mask = index.length - 1;
        int at = (int)low & mask;
        while (index[at] != NONE && (lows[index[at] - 1] != low || highs[index[at] - 1] != high)) {
            at = (at + 1) & mask;
        }
        return at;
    }

    /** It grows only until the first id is pushed out, so the ring begins at its first place. */
    private void grow() {
        final long[] oldHighs = highs;
        final long[] oldLows = lows;
        allocate((int)Math.min(capacity, 2L * size));
        System.arraycopy(oldHighs, 0, highs, 0, size);
        System.arraycopy(oldLows, 0, lows, 0, size);
        for (int place = 0; place < size; place++) {
            index[find(highs[place], lows[place])] = place + 1;
        }
    }

    private void removeOldest() {
        final int mask = index.length - 1;
        int free = find(highs[oldest], lows[oldest]);
        // Those behind it that would not be found past a free place move up.
        for (int at = (free + 1) & mask; index[at] != NONE; at = (at + 1) & mask) {
            final int home = (int)lows[index[at] - 1] & mask;
            if (((at - home) & mask) >= ((at - free) & mask)) {
                index[free] = index[at];
                free = at;
            }
        }
        index[free] = NONE;
        oldest = (oldest + 1) % highs.length;
        size--;
    }

    /** Forgets all ids. */
    public void clear() {
        Arrays.fill(index, NONE);
        oldest = 0;
        size = 0;
    }

    /**
     * Makes this hold what another window holds, as far as it may.
     *
     * @param other the other one; it is not changed.
     */
    public void copyFrom(final MessageIdWindow other) {
        clear();
        other.forEach(this::addIfAbsent);
    }

    /**
     * Shows the ids from the oldest to the newest: given to {@link #addIfAbsent(long, long)} of an empty window, they
     * make it the same.
     *
     * @param consumer takes the hashes.
     */
    public void forEach(final IdConsumer consumer) {
        for (int i = 0; i < size; i++) {
            final int place = (oldest + i) % highs.length;
            consumer.accept(highs[place], lows[place]);
        }
    }

    /** {@return how many ids it holds} */
    public int size() {
        return size;
    }

    /** {@return how many ids it keeps at the most} */
    public int capacity() {
        return capacity;
    }
}
