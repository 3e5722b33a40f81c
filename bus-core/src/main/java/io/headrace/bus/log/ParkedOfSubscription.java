package io.headrace.bus.log;

import io.headrace.codecs.EventView;
import org.agrona.concurrent.status.AtomicCounter;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** What one subscription has parked, by sequence and by key. Changed by the log thread, read by any. */
public final class ParkedOfSubscription {
    private final String subscription;
    private final ConcurrentSkipListMap<Long, ParkedEvent> bySequence = new ConcurrentSkipListMap<>();
    private final Map<EventKey, ConcurrentSkipListMap<Long, ParkedEvent>> byKey = new ConcurrentHashMap<>();
    private volatile AtomicCounter gauge;
    private volatile long resolvedCount;

    /** Compared by its bytes: arrays in records are not. */
    private record EventKey(long keyHash, String topic, byte[] key) {
        @Override
        public boolean equals(final Object other) {
            return other instanceof final EventKey that
                && keyHash == that.keyHash && topic.equals(that.topic) && Arrays.equals(key, that.key);
        }

        @Override
        public int hashCode() {
            return Long.hashCode(keyHash);
        }
    }

    ParkedOfSubscription(final String subscription) {
        this.subscription = subscription;
    }

    private static EventKey keyOf(final ParkedEvent event) {
        return new EventKey(event.keyHash(), event.topic(), event.key());
    }

    /** Answers what it replaces, or null. */
    ParkedEvent put(final ParkedEvent event) {
        final ParkedEvent before = bySequence.put(event.sequence(), event);
        if (event.keyed()) {
            byKey.computeIfAbsent(keyOf(event), key -> new ConcurrentSkipListMap<>()).put(event.sequence(), event);
        }
        showCount();
        return before;
    }

    /** Answers what is gone, or null. */
    ParkedEvent remove(final long sequence) {
        final ParkedEvent before = bySequence.remove(sequence);
        if (before != null && before.keyed()) {
            byKey.computeIfPresent(keyOf(before), (key, events) -> {
                events.remove(sequence);
                return events.isEmpty() ? null : events;
            });
        }
        resolvedCount++;
        showCount();
        return before;
    }

    private synchronized void showCount() {
        if (gauge != null) {
            gauge.setRelease(bySequence.size());
        }
    }

    /**
     * Shows how many events are parked.
     *
     * @param counter set now, and with each change.
     */
    public void gauge(final AtomicCounter counter) {
        gauge = counter;
        showCount();
    }

    /** {@return the name of the subscription} */
    public String subscription() {
        return subscription;
    }

    /** {@return whether nothing is parked} */
    public boolean isEmpty() {
        return bySequence.isEmpty();
    }

    /** {@return how many events are parked; counts them} */
    public int count() {
        return bySequence.size();
    }

    /** {@return how often an event was resolved: when it changes, others may be free to go on} */
    public long resolvedCount() {
        return resolvedCount;
    }

    /**
     * One parked event.
     *
     * @param sequence of the event.
     * @return the event, or null when it is not parked.
     */
    public ParkedEvent find(final long sequence) {
        return bySequence.get(sequence);
    }

    /** {@return the parked events, in the order of their sequences} */
    public List<ParkedEvent> events() {
        return List.copyOf(bySequence.values());
    }

    /**
     * The first parked event of a key.
     *
     * @param event any of that key.
     * @return the parked event, or null when none is, and for an event without a key.
     */
    public ParkedEvent firstOfKey(final EventView event) {
        if (byKey.isEmpty() || event.keyLength() == 0) {
            return null;
        }
        final byte[] key = new byte[event.keyLength()];
        event.buffer().getBytes(event.keyOffset(), key);
        return first(new EventKey(event.keyHash(), event.topic(), key));
    }

    /**
     * The first parked event of a key.
     *
     * @param event a parked one of that key.
     * @return the first, which may be the event itself; null when none is parked any more.
     */
    public ParkedEvent firstOfKey(final ParkedEvent event) {
        return event.keyed() ? first(keyOf(event)) : find(event.sequence());
    }

    private ParkedEvent first(final EventKey key) {
        final ConcurrentSkipListMap<Long, ParkedEvent> events = byKey.get(key);
        final Map.Entry<Long, ParkedEvent> entry = events == null ? null : events.firstEntry();
        return entry == null ? null : entry.getValue();
    }

    /** {@return the first parked event of each key, in no order} */
    public List<ParkedEvent> firstOfEachKey() {
        return byKey.values().stream().map(ConcurrentSkipListMap::firstEntry)
            .filter(entry -> entry != null).map(Map.Entry::getValue).toList();
    }
}
