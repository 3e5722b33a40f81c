package io.headrace.client.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Run by JUnit's thread. */
class EventPartsTest {
    private final EventParts parts = new EventParts();
    private final UnsafeBuffer source = new UnsafeBuffer(new byte[100_000]);

    @Test
    void shouldTakeNoMoreThanAllowed() {
        assertTrue(parts.append(source, 0, 100_000, 150_000));
        assertFalse(parts.append(source, 0, 50_001, 150_000));
        assertEquals(100_000, parts.lengthBytes());
        assertTrue(parts.append(source, 0, 50_000, 150_000));
        assertFalse(parts.append(source, 0, 1, 150_000));
        assertTrue(parts.append(source, 0, 0, 150_000));
        parts.cutTo(0);
        assertTrue(parts.append(source, 0, 1, 150_000));
    }

    @Test
    void shouldKeepWhatCameFirst() {
        source.putByte(0, (byte)1);
        parts.append(source, 0, 1, 10);
        source.putByte(0, (byte)2);
        parts.append(source, 0, 1, 10);
        parts.cutTo(1);
        source.putByte(0, (byte)3);
        parts.append(source, 0, 1, 10);

        assertEquals(1, parts.buffer().getByte(0));
        assertEquals(3, parts.buffer().getByte(1));
    }
}
