package io.headrace.aeron.log;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * The entries of a sparse index in memory, ordered by position and by sequence. Appended by one thread, and read by any
 * without a lock: an entry is written before the count that tells of it. It does not shrink; what drops entries makes a
 * new table.
 */
final class IndexTable {
    private static final int FIRST_CAPACITY = 256;
    private static final VarHandle COUNT;

    static {
        try {
            COUNT = MethodHandles.lookup().findVarHandle(IndexTable.class, "count", int.class);
        } catch (final ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final long[] sequences;
    private final long[] timesNs;
    private final long[] positions;
    private final byte[] kinds;
    private int count;

    IndexTable() {
        this(FIRST_CAPACITY);
    }

    private IndexTable(final int capacity) {
        sequences = new long[capacity];
        timesNs = new long[capacity];
        positions = new long[capacity];
        kinds = new byte[capacity];
    }

    private IndexTable(final IndexTable other, final int from, final int until, final int capacity) {
        sequences = copy(other.sequences, from, until, capacity);
        timesNs = copy(other.timesNs, from, until, capacity);
        positions = copy(other.positions, from, until, capacity);
        kinds = Arrays.copyOf(Arrays.copyOfRange(other.kinds, from, until), capacity);
        COUNT.setRelease(this, until - from);
    }

    /** {@return how many entries there are} */
    int count() {
        return (int)COUNT.getAcquire(this);
    }

    long sequence(final int i) {
        return sequences[i];
    }

    /** {@return a time that no event before the entry is later than, or {@code Long.MAX_VALUE} when none is known} */
    long timeNs(final int i) {
        return timesNs[i];
    }

    long position(final int i) {
        return positions[i];
    }

    byte kind(final int i) {
        return kinds[i];
    }

    /** {@return this table, or a longer copy with room for one more entry} */
    IndexTable withRoom() {
        return count < positions.length ? this : new IndexTable(this, 0, count, count * 2);
    }

    /** Appends an entry; there is room. */
    void append(final long sequence, final long timeNs, final long position, final byte kind) {
        final int i = count;
        sequences[i] = sequence;
        timesNs[i] = timeNs;
        positions[i] = position;
        kinds[i] = kind;
        COUNT.setRelease(this, i + 1);
    }

    /** {@return a table with the entries at the positions from the first, up to but without the second} */
    IndexTable between(final long fromPosition, final long untilPosition) {
        final int length = count();
        int from = 0;
        while (from < length && positions[from] < fromPosition) {
            from++;
        }
        int until = from;
        while (until < length && positions[until] < untilPosition) {
            until++;
        }
        return new IndexTable(this, from, until, Math.max(FIRST_CAPACITY, (until - from) * 2));
    }

    /** {@return the last entry whose sequence is not above the given one, or -1} */
    int floorSequence(final long sequence) {
        int low = 0;
        int high = count() - 1;
        while (low <= high) {
            final int middle = low + high >>> 1;
            if (sequences[middle] <= sequence) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high;
    }

    /** {@return the last entry before which every event is older than the time, or -1} */
    int beforeTime(final long timeNs) {
        int low = 0;
        int high = count() - 1;
        while (low <= high) {
            final int middle = low + high >>> 1;
            if (timesNs[middle] < timeNs) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high;
    }

    private static long[] copy(final long[] source, final int from, final int until, final int capacity) {
        return Arrays.copyOf(Arrays.copyOfRange(source, from, until), capacity);
    }
}
