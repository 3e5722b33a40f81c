package io.headrace.adapters.demo;

import org.agrona.collections.LongArrayList;
import org.agrona.collections.LongHashSet;

import java.util.Arrays;

/**
 * The identities of what a system outside has confirmed to have taken: of the changes of a committed transaction, of an
 * acknowledged message. Safe for any thread.
 */
final class PublishedLog {
    private static final int INITIAL_CAPACITY = 1024;

    private long[] identities = new long[INITIAL_CAPACITY];
    private int size;

    /** Adds the identities of what was taken together. */
    synchronized void add(final LongArrayList taken) {
        for (int i = 0; i < taken.size(); i++) {
            add(taken.getLong(i));
        }
    }

    /** Adds one identity. */
    synchronized void add(final long identity) {
        if (size == identities.length) {
            identities = Arrays.copyOf(identities, size * 2);
        }
        identities[size++] = identity;
    }

    synchronized long count() {
        return size;
    }

    /**
     * All of them.
     *
     * @throws IllegalStateException when one is there twice: the load numbered wrongly, and proves nothing.
     */
    synchronized LongHashSet identities() {
        final LongHashSet all = new LongHashSet(Math.max(1, size));
        for (int i = 0; i < size; i++) {
            if (!all.add(identities[i])) {
                throw new IllegalStateException("identity=" + identities[i] + " was given twice");
            }
        }
        return all;
    }
}
