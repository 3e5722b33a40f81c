package io.headrace.bus.adapter;

import io.headrace.codecs.EventStamp;
import io.headrace.codecs.EventWriter;
import io.headrace.codecs.sbe.EventKind;
import org.agrona.ExpandableArrayBuffer;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class EventBatchTest {
    private final ExpandableArrayBuffer encoded = new ExpandableArrayBuffer();

    private boolean append(final EventBatch batch, final long sequence, final int payloadBytes) {
        final EventWriter writer = new EventWriter().wrap(encoded, 8).kind(EventKind.DOCUMENT);
        writer.topic(new byte[] {'t'}).payload(new byte[payloadBytes]);
        EventStamp.stamp(encoded, 8, sequence, 0);
        return batch.append(encoded, 8, writer.length(), sequence * 10);
    }

    @Test
    void shouldGrowToItsBoundsAndNoFurther() {
        final EventBatch batch = new EventBatch(10_000, 1 << 20);
        int count = 0;
        while (append(batch, count, 1000)) {
            count++;
        }
        assertTrue(count > 900 && count < 1048, "count=" + count);
        assertEquals(count, batch.size());
        for (int i = 0; i < count; i++) {
            assertEquals(i, batch.event(i).sequence());
            assertEquals(i * 10L, batch.publishedAtNs(i));
        }
        batch.clear();
        assertEquals(0, batch.size());
        assertTrue(append(batch, 5, 10));
        assertEquals(5, batch.lastSequence());
    }

    @Test
    void shouldBoundTheNumberOfEvents() {
        final EventBatch batch = new EventBatch(3, 1 << 20);
        assertTrue(append(batch, 0, 1));
        assertTrue(append(batch, 1, 1));
        assertTrue(append(batch, 2, 1));
        assertFalse(append(batch, 3, 1));
        assertEquals(3, batch.size());
    }

    @Test
    void shouldShowAWindowAndTakeOutOfIt() {
        final EventBatch batch = new EventBatch(10, 1 << 20);
        for (int i = 0; i < 6; i++) {
            append(batch, i, i);
        }
        batch.window(2, 6);
        assertEquals(4, batch.size());
        assertEquals(2, batch.event(0).sequence());
        batch.remove(1);
        assertEquals(3, batch.size());
        assertEquals(4, batch.event(1).sequence());
        assertEquals(40, batch.publishedAtNs(1));
        assertEquals(5, batch.heldCount());
        batch.window(0, 5);
        assertEquals(0, batch.event(0).sequence());
        assertEquals(5, batch.lastSequence());
    }

    @Test
    void shouldRefuseWhatIsOutsideTheWindow() {
        final EventBatch batch = new EventBatch(10, 1 << 20);
        append(batch, 0, 1);
        assertThrows(IndexOutOfBoundsException.class, () -> batch.event(1));
        assertThrows(IndexOutOfBoundsException.class, () -> batch.remove(-1));
        assertThrows(IllegalArgumentException.class, () -> batch.window(0, 2));
        assertThrows(IllegalArgumentException.class, () -> new EventBatch(0, 100));
    }
}
