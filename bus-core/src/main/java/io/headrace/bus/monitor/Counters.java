package io.headrace.bus.monitor;

import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.AtomicCounter;
import org.agrona.concurrent.status.ConcurrentCountersManager;
import org.agrona.concurrent.status.CountersReader;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ObjLongConsumer;

/**
 * The counters of one bus and everything attached to it, each known by a name of the form
 * {@code source.erp.rows}. Safe for use by any thread; a counter's values are padded to their own cache lines.
 */
public final class Counters {
    /** The most counters of one bus. */
    public static final int MAX_COUNTERS = 4096;

    private final ConcurrentCountersManager manager = new ConcurrentCountersManager(
        new UnsafeBuffer(ByteBuffer.allocateDirect(MAX_COUNTERS * CountersReader.METADATA_LENGTH)),
        new UnsafeBuffer(ByteBuffer.allocateDirect(MAX_COUNTERS * CountersReader.COUNTER_LENGTH)));
    private final Map<String, AtomicCounter> countersByName = new ConcurrentHashMap<>();

    /**
     * The counter of a name, made on the first call. Not for the hot path: keep what it answers.
     *
     * @param name the whole name, with its unit unless it counts things.
     * @return the counter.
     */
    public AtomicCounter counter(final String name) {
        return countersByName.computeIfAbsent(name, manager::newCounter);
    }

    /**
     * Frees every counter whose name begins with a prefix, after what it counted is gone.
     *
     * @param prefix of the names.
     */
    public void removeAll(final String prefix) {
        countersByName.keySet().removeIf(name -> {
            if (!name.startsWith(prefix)) {
                return false;
            }
            countersByName.get(name).close();
            return true;
        });
    }

    /**
     * Shows every counter in the order of their names.
     *
     * @param consumer gets name and value.
     */
    public void forEach(final ObjLongConsumer<String> consumer) {
        new TreeMap<>(countersByName).forEach((name, counter) -> consumer.accept(name, counter.get()));
    }
}
