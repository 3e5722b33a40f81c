package io.headrace.bus.publish;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class MessageIdWindowTest {
    private static boolean add(final MessageIdWindow window, final String id) {
        final byte[] bytes = id.getBytes(US_ASCII);
        return window.addIfAbsent(new UnsafeBuffer(bytes), 0, bytes.length);
    }

    private static List<String> shown(final MessageIdWindow window) {
        final List<String> ids = new ArrayList<>();
        window.forEach((high, low) -> ids.add(high + " " + low));
        return ids;
    }

    /** The reference: a set that keeps the order of insertion, and from which the first goes when it is full. */
    private static boolean add(final Set<String> model, final int capacity, final String id) {
        if (model.contains(id)) {
            return false;
        }
        if (model.size() == capacity) {
            final Iterator<String> oldest = model.iterator();
            oldest.next();
            oldest.remove();
        }
        return model.add(id);
    }

    /** Few different ids in a small window: they repeat, are pushed out, and come again. */
    @Property
    void shouldAnswerLikeASetThatForgetsTheOldest(
        @ForAll @IntRange(min = 1, max = 40) final int capacity,
        @ForAll @Size(max = 300) final List<@IntRange(min = 0, max = 60) Integer> ids) {
        final MessageIdWindow window = new MessageIdWindow(capacity);
        final Set<String> model = new LinkedHashSet<>();
        for (final int id : ids) {
            assertEquals(add(model, capacity, "id" + id), add(window, "id" + id));
            assertEquals(model.size(), window.size());
        }
        for (int id = 0; id <= 60; id++) {
            final byte[] bytes = ("id" + id).getBytes(US_ASCII);
            assertEquals(model.contains("id" + id), window.contains(new UnsafeBuffer(bytes), 0, bytes.length));
        }
    }

    /** Halves of hashes that all want the same place of the index: what is taken out must not hide what stays. */
    @Property
    void shouldFindWhatCollidesInTheIndex(
        @ForAll @IntRange(min = 1, max = 20) final int capacity,
        @ForAll @Size(max = 200) final List<@IntRange(min = 0, max = 40) Integer> ids) {
        final MessageIdWindow window = new MessageIdWindow(capacity);
        final Set<String> model = new LinkedHashSet<>();
        for (final int id : ids) {
            final long low = (id % 3) - 1;
            assertEquals(add(model, capacity, "id" + id), window.addIfAbsent(id, low));
        }
        final List<String> expected = model.stream()
            .map(id -> Integer.parseInt(id.substring(2))).map(id -> id + " " + ((id % 3) - 1)).toList();
        assertEquals(expected, shown(window));
    }

    @Property(tries = 50)
    void shouldBeTheSameWhenRestored(
        @ForAll @IntRange(min = 1, max = 600) final int capacity,
        @ForAll @Size(max = 1500) final List<@IntRange(min = 0, max = 2000) Integer> ids) {
        final MessageIdWindow window = new MessageIdWindow(capacity);
        ids.forEach(id -> add(window, "id" + id));
        final MessageIdWindow restored = new MessageIdWindow(capacity);
        add(restored, "something else");
        restored.copyFrom(window);
        assertEquals(shown(window), shown(restored));
        for (int id = 0; id < 100; id++) {
            assertEquals(add(window, "id" + id), add(restored, "id" + id));
        }
        assertEquals(shown(window), shown(restored));
    }

    @Test
    void shouldKeepItsCapacity() {
        final MessageIdWindow window = new MessageIdWindow(MessageIdWindow.DEFAULT_CAPACITY);
        final int count = MessageIdWindow.DEFAULT_CAPACITY + 5000;
        for (int id = 0; id < count; id++) {
            assertTrue(add(window, "id" + id));
        }
        assertEquals(MessageIdWindow.DEFAULT_CAPACITY, window.size());
        for (int id = count - 1; id >= 5000; id--) {
            assertFalse(add(window, "id" + id), "id" + id);
        }
        assertTrue(add(window, "id4999"));
        window.clear();
        assertEquals(0, window.size());
        assertTrue(add(window, "id4999"));
    }

    @Test
    void shouldRefuseACapacityOutOfRange() {
        assertThrows(IllegalArgumentException.class, () -> new MessageIdWindow(0));
        assertThrows(IllegalArgumentException.class, () -> new MessageIdWindow((1 << 24) + 1));
    }
}
