package io.headrace.adapters.postgres.pgoutput;

import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteOrder;

/**
 * The source's thread: the last source position that is on the bus, be it published by this process or recorded by an
 * earlier one, and whether it lies inside of a transaction. Everything up to it is skipped when it is read again.
 */
final class PublishedPosition {
    static final int BYTES = 2 * Long.BYTES;

    private long lsn;
    private long index = -1;
    private boolean transactionOpen;

    /** Goes on where the events of an earlier process end. */
    void resume(final byte[] position, final boolean openTransaction) {
        final UnsafeBuffer buffer = new UnsafeBuffer(position);
        lsn = buffer.getLong(0, ByteOrder.BIG_ENDIAN);
        index = buffer.getLong(Long.BYTES, ByteOrder.BIG_ENDIAN);
        transactionOpen = openTransaction;
    }

    static void write(final UnsafeBuffer buffer, final long lsn, final long index) {
        buffer.putLong(0, lsn, ByteOrder.BIG_ENDIAN);
        buffer.putLong(Long.BYTES, index, ByteOrder.BIG_ENDIAN);
    }

    boolean isBehind(final long otherLsn, final long otherIndex) {
        final int order = Long.compareUnsigned(otherLsn, lsn);
        return order > 0 || order == 0 && otherIndex > index;
    }

    /** A position past an open transaction means that the rest of it will never come. */
    boolean leavesTransactionOpen(final long otherLsn) {
        return transactionOpen && Long.compareUnsigned(otherLsn, lsn) > 0;
    }

    void advance(final long newLsn, final long newIndex) {
        lsn = newLsn;
        index = newIndex;
    }

    void transactionOpen(final boolean open) {
        transactionOpen = open;
    }

    boolean transactionOpen() {
        return transactionOpen;
    }

    long lsn() {
        return lsn;
    }

    long index() {
        return index;
    }
}
