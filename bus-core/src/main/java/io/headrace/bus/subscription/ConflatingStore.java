package io.headrace.bus.subscription;

import io.headrace.bus.adapter.EventBatch;
import io.headrace.codecs.EventView;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The latest event of each key, in the order of their sequences. Owned by whoever has the lane's reader (see
 * {@link EvictionHandshake}). It allocates, as it works only while a sink is away; bounded by its number of keys.
 * Events of the same topic without a key count as one key.
 */
final class ConflatingStore {
    private final int maxKeys;
    private final Map<Key, Kept> keptByKey = new LinkedHashMap<>();
    private final UnsafeBuffer copy = new UnsafeBuffer(0, 0);

    private record Key(ByteBuffer topic, ByteBuffer key) {
    }

    private record Kept(byte[] event, long publishedAtNs) {
    }

    ConflatingStore(final int maxKeys) {
        this.maxKeys = maxKeys;
    }

    /**
     * Keeps an event in place of the one of the same key.
     *
     * @return how many events are lost by it: 1 when one was replaced or when there is no room for a further key.
     */
    int put(final EventView event, final long publishedAtNs) {
        final Key key = new Key(
            copyOf(event, event.topicOffset(), event.topicLength()),
            copyOf(event, event.keyOffset(), event.keyLength()));
        final boolean replaces = keptByKey.remove(key) != null;
        if (!replaces && keptByKey.size() >= maxKeys) {
            return 1;
        }
        keptByKey.put(key, new Kept(copyOf(event, event.offset(), event.length()).array(), publishedAtNs));
        return replaces ? 1 : 0;
    }

    private static ByteBuffer copyOf(final EventView event, final int offset, final int lengthBytes) {
        final byte[] bytes = new byte[lengthBytes];
        event.buffer().getBytes(offset, bytes);
        return ByteBuffer.wrap(bytes);
    }

    /** Moves as many events as fit, the earliest first, into a batch. */
    void moveTo(final EventBatch batch) {
        final Iterator<Kept> iterator = keptByKey.values().iterator();
        while (iterator.hasNext()) {
            final Kept kept = iterator.next();
            copy.wrap(kept.event());
            if (!batch.append(copy, 0, kept.event().length, kept.publishedAtNs())) {
                return;
            }
            iterator.remove();
        }
    }

    boolean isEmpty() {
        return keptByKey.isEmpty();
    }
}
