package io.headrace.bus.subscription;

import io.headrace.bus.Bus;
import io.headrace.bus.publish.Publisher;
import io.headrace.codecs.EventView;
import io.headrace.codecs.EventWriter;
import io.headrace.codecs.TransactionMarkWriter;
import io.headrace.codecs.sbe.EventKind;
import io.headrace.codecs.sbe.Mark;
import org.agrona.ExpandableArrayBuffer;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertTrue;

/** Publishes documents that say their number in their payload. Owned by one thread. */
final class NumberedPublisher {
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(30);

    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
    private final EventWriter writer = new EventWriter();
    private final Publisher publisher;

    NumberedPublisher(final Bus bus, final String name) {
        publisher = bus.newPublisher(name);
    }

    static long numberOf(final EventView event) {
        return event.buffer().getLong(event.payloadOffset());
    }

    static String keyOf(final EventView event) {
        return event.buffer().getStringWithoutLengthUtf8(event.keyOffset(), event.keyLength());
    }

    private int encode(final String topic, final String key, final long number) {
        writer.wrap(buffer, 0).kind(EventKind.DOCUMENT).topic(topic.getBytes(StandardCharsets.UTF_8))
            .key(key.getBytes(StandardCharsets.UTF_8));
        buffer.putLong(writer.beginPayload(), number);
        writer.endPayload(Long.BYTES);
        return writer.length();
    }

    /** Waits for room, and answers with the sequence. */
    long publish(final String topic, final String key, final long number) {
        return published(publisher.publish(buffer, 0, encode(topic, key, number), PATIENCE_NS));
    }

    long publish(final long number) {
        return publish("t.a", "", number);
    }

    /** Does not wait for room. */
    long offer(final long number) {
        return publisher.offer(buffer, 0, encode("t.a", "", number));
    }

    long mark(final Mark mark, final long transactionId) {
        writer.wrap(buffer, 0).kind(EventKind.TRANSACTION).topic("erp.transaction".getBytes(StandardCharsets.UTF_8))
            .source(("erp" + transactionId).getBytes(StandardCharsets.UTF_8));
        final int length = new TransactionMarkWriter().wrap(buffer, writer.beginPayload())
            .mark(mark).transactionId(transactionId).length();
        return published(publisher.publish(buffer, 0, writer.endPayload(length).length(), PATIENCE_NS));
    }

    private static long published(final long sequence) {
        assertTrue(sequence >= 0, "publishing answered " + sequence);
        return sequence;
    }
}
