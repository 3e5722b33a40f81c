package io.headrace.bus.subscription;

import io.headrace.codecs.DecodeError;
import io.headrace.codecs.EventView;
import io.headrace.codecs.KeyHash;
import io.headrace.codecs.TransactionMarkView;
import io.headrace.codecs.sbe.EventKind;

import java.util.Arrays;

/**
 * Which sources are inside a transaction, after the marks that a lane has read. A begin mark that comes again, as its
 * source was cut off within the transaction, counts once. Owned by the lane's thread.
 */
final class OpenTransactions {
    private final TransactionMarkView mark = new TransactionMarkView();
    /** The hashes of the sources' names; a handful at the most. */
    private long[] openSources = new long[8];
    private int count;

    /** Takes the mark of a transaction; other events change nothing. */
    void onEvent(final EventView event) {
        if (event.kind() != EventKind.TRANSACTION
            || mark.wrap(event.buffer(), event.payloadOffset(), event.payloadLength()) != DecodeError.NONE) {
            return;
        }
        final long source = KeyHash.of(event.buffer(), event.sourceOffset(), event.sourceLength());
        switch (mark.mark()) {
            case BEGIN -> open(source);
            case COMMIT -> close(source);
            default -> {
                // The end of a snapshot is inside no transaction.
            }
        }
    }

    private int indexOf(final long source) {
        for (int i = 0; i < count; i++) {
            if (openSources[i] == source) {
                return i;
            }
        }
        return -1;
    }

    private void open(final long source) {
        if (indexOf(source) < 0) {
            if (count == openSources.length) {
                openSources = Arrays.copyOf(openSources, count * 2);
            }
            openSources[count++] = source;
        }
    }

    private void close(final long source) {
        final int index = indexOf(source);
        if (index >= 0) {
            openSources[index] = openSources[--count];
        }
    }

    boolean isEmpty() {
        return count == 0;
    }

    void clear() {
        count = 0;
    }
}
