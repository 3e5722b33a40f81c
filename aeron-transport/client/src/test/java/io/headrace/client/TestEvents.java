package io.headrace.client;

import io.headrace.codecs.EventWriter;
import io.headrace.codecs.sbe.EventKind;
import org.agrona.ExpandableArrayBuffer;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Constants and functions, for any thread: events to publish and to read. */
final class TestEvents {
    private TestEvents() {
    }

    static byte[] event(final String source, final String messageId, final int payloadBytes) {
        final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
        final EventWriter writer = new EventWriter().wrap(buffer, 0)
            .kind(EventKind.DOCUMENT)
            .topic("plant/7".getBytes(StandardCharsets.UTF_8))
            .source(source.getBytes(StandardCharsets.UTF_8))
            .messageId(messageId.getBytes(StandardCharsets.UTF_8))
            .payload(new byte[payloadBytes]);
        return Arrays.copyOf(buffer.byteArray(), writer.length());
    }
}
