package io.headrace.bus.log;

import io.headrace.bus.publish.MessageIdWindow;
import io.headrace.codecs.DecodeError;
import io.headrace.codecs.MessageIdsView;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class MessageIdsProxyTest {
    private static final String SOURCE = "plant";

    private static List<String> shown(final MessageIdWindow window) {
        final List<String> ids = new ArrayList<>();
        window.forEach((high, low) -> ids.add(high + " " + low));
        return ids;
    }

    private static MessageIdWindow filled(final int capacity, final int count) {
        final MessageIdWindow window = new MessageIdWindow(capacity);
        for (int i = 0; i < count; i++) {
            window.addIfAbsent(i * 31L, ~(long)i);
        }
        return window;
    }

    private static List<UnsafeBuffer> written(final MessageIdWindow window, final int maxLengthBytes) {
        final List<UnsafeBuffer> messages = new ArrayList<>();
        new MessageIdsProxy().write(SOURCE, window, maxLengthBytes, (buffer, offset, lengthBytes) -> {
            final byte[] copy = new byte[lengthBytes];
            buffer.getBytes(offset, copy);
            messages.add(new UnsafeBuffer(copy));
        });
        return messages;
    }

    @Property(tries = 100)
    void shouldBringAWindowThroughACheckpoint(
        @ForAll @IntRange(min = 1, max = 3000) final int capacity,
        @ForAll @IntRange(min = 0, max = 6000) final int count,
        @ForAll @IntRange(min = 60, max = 100_000) final int maxLengthBytes) {
        final MessageIdWindow window = filled(capacity, count);
        final MessageIdWindow restored = new MessageIdWindow(capacity);
        final MessageIdsView view = new MessageIdsView();
        for (final UnsafeBuffer message : written(window, maxLengthBytes)) {
            assertTrue(message.capacity() <= maxLengthBytes, "length " + message.capacity());
            assertEquals(DecodeError.NONE, view.wrap(message, 0, message.capacity()));
            assertEquals(SOURCE, view.source());
            MessageIdsProxy.read(view, restored);
        }
        assertEquals(shown(window), shown(restored));
    }

    @Test
    void shouldForgetNothingToTheBeginningOfACheckpointThatACrashCutOff() {
        final MessageIdWindow known = filled(100, 7);
        final MessageIdsView view = new MessageIdsView();
        final UnsafeBuffer beginning = written(filled(100, 4), 100_000).get(0);
        assertEquals(DecodeError.NONE, view.wrap(beginning, 0, beginning.capacity()));
        MessageIdsProxy.read(view, known);
        assertEquals(shown(filled(100, 7)), shown(known));
    }

    @Test
    void shouldWriteNothingForAnEmptyWindow() {
        assertEquals(List.of(), written(new MessageIdWindow(10), 1000));
    }

    @Test
    void shouldRefuseARecordThatHoldsNoId() {
        assertThrows(IllegalArgumentException.class, () -> written(filled(10, 1), 30));
    }
}
