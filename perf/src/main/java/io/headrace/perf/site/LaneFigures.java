package io.headrace.perf.site;

import io.headrace.codecs.EventView;
import io.headrace.codecs.sbe.EventKind;
import org.agrona.DirectBuffer;

import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;

/**
 * What one lane has delivered. The lane's thread writes; any other may read the counts. The events of a source come in
 * order, so that one that is not behind the last one was doubled or swapped.
 */
final class LaneFigures {
    private final boolean ordered;
    private final Map<Integer, long[]> lastPositions = new HashMap<>();
    private volatile long deliveredCount;
    private volatile long misplacedCount;
    private volatile long busyNs;

    /** Of a flow whose events keep their order, or of one that conflates. */
    LaneFigures(final boolean ordered) {
        this.ordered = ordered;
    }

    /** An event is finished. */
    void onEvent(final EventView event, final boolean replayed) {
        if (event.kind() == EventKind.TRANSACTION) {
            return;
        }
        deliveredCount = deliveredCount + 1;
        if (ordered && !replayed && !movesOn(event)) {
            misplacedCount = misplacedCount + 1;
        }
    }

    private boolean movesOn(final EventView event) {
        final DirectBuffer buffer = event.buffer();
        final long unit = buffer.getLong(event.sourcePositionOffset(), ByteOrder.BIG_ENDIAN);
        final long index = buffer.getLong(event.sourcePositionOffset() + Long.BYTES, ByteOrder.BIG_ENDIAN);
        final long[] last = lastPositions.computeIfAbsent(sourceHash(event), hash -> new long[] {0, -1});
        final boolean behind = unit > last[0] || unit == last[0] && index > last[1];
        if (behind) {
            last[0] = unit;
            last[1] = index;
        }
        return behind;
    }

    private static int sourceHash(final EventView event) {
        int hash = 1;
        for (int i = 0; i < event.sourceLength(); i++) {
            hash = 31 * hash + event.buffer().getByte(event.sourceOffset() + i);
        }
        return hash;
    }

    /** The sink had a batch for so long. */
    void onBusy(final long ns) {
        busyNs = busyNs + ns;
    }

    long deliveredCount() {
        return deliveredCount;
    }

    long misplacedCount() {
        return misplacedCount;
    }

    long busyNs() {
        return busyNs;
    }
}
