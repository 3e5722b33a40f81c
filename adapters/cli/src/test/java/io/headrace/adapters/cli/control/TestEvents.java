package io.headrace.adapters.cli.control;

import io.headrace.bus.Bus;
import io.headrace.bus.publish.Publisher;
import io.headrace.codecs.DocumentWriter;
import io.headrace.codecs.EventWriter;
import io.headrace.codecs.sbe.EventKind;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** Publishes events to a bus, as a source would. */
public final class TestEvents {
    private static final int ENVELOPE_BYTES = 1024;
    private static final long TIMEOUT_NS = TimeUnit.SECONDS.toNanos(30);

    private final Publisher publisher;

    /** Publishes as the source {@code test}. */
    public TestEvents(final Bus bus) {
        this.publisher = bus.newPublisher("test");
    }

    /** Publishes a document without a key. */
    public void publish(final String topic, final String body) {
        publish(topic, "", body);
    }

    /** Publishes a document. */
    public long publish(final String topic, final String key, final String body) {
        final MutableDirectBuffer payload = new ExpandableArrayBuffer();
        final int payloadLength = new DocumentWriter().wrap(payload, 0)
            .contentType(utf8("text/plain")).body(utf8(body)).length();
        final UnsafeBuffer event = new UnsafeBuffer(new byte[payloadLength + ENVELOPE_BYTES]);
        final int length = new EventWriter().wrap(event, 0)
            .kind(EventKind.DOCUMENT).topic(utf8(topic)).source(utf8("test"))
            .key(utf8(key)).payload(payload, 0, payloadLength)
            .length();
        final long sequence = publisher.publish(event, 0, length, TIMEOUT_NS);
        if (sequence < 0) {
            throw new IllegalStateException("code=" + sequence);
        }
        return sequence;
    }

    private static byte[] utf8(final String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
