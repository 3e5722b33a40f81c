package io.headrace.bus.delivery;

import io.headrace.bus.log.ParkedEvent;

import java.util.Arrays;
import java.util.function.Predicate;

/** Which parked events of a subscription are meant. Immutable. */
public final class ParkedSelection {
    private final Predicate<ParkedEvent> predicate;
    private final String text;

    private ParkedSelection(final Predicate<ParkedEvent> predicate, final String text) {
        this.predicate = predicate;
        this.text = text;
    }

    /** {@return everything that is parked} */
    public static ParkedSelection all() {
        return new ParkedSelection(event -> true, "all");
    }

    /**
     * One event.
     *
     * @param sequence of the event.
     * @return the selection.
     */
    public static ParkedSelection sequence(final long sequence) {
        return new ParkedSelection(event -> event.sequence() == sequence, "event " + sequence);
    }

    /**
     * The events of one key.
     *
     * @param topic of the events: a key counts within its topic.
     * @param key   the bytes of the key.
     * @return the selection.
     */
    public static ParkedSelection key(final String topic, final byte[] key) {
        final byte[] copy = key.clone();
        return new ParkedSelection(
            event -> event.topic().equals(topic) && Arrays.equals(event.key(), copy), "a key of topic " + topic);
    }

    boolean matches(final ParkedEvent event) {
        return predicate.test(event);
    }

    @Override
    public String toString() {
        return text;
    }
}
