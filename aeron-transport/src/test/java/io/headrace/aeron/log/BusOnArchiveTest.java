package io.headrace.aeron.log;

import io.headrace.bus.Bus;
import io.headrace.bus.BusContext;
import io.headrace.bus.adapter.EventBatch;
import io.headrace.bus.adapter.Sink;
import io.headrace.bus.log.EventLogContext;
import io.headrace.bus.publish.Publisher;
import io.headrace.bus.subscription.StartPosition;
import io.headrace.bus.subscription.Subscription;
import io.headrace.bus.subscription.SubscriptionContext;
import io.headrace.bus.subscription.TopicSelector;
import io.headrace.codecs.EventWriter;
import io.headrace.codecs.sbe.EventKind;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.MutableDirectBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.LongStream;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A bus with a real archive beneath, over restarts. */
class BusOnArchiveTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final byte[] TOPIC = "erp.item".getBytes(StandardCharsets.UTF_8);

    @TempDir
    private Path folder;

    private final MutableDirectBuffer buffer = new ExpandableArrayBuffer();
    private final EventWriter writer = new EventWriter();

    /** Keeps the numbers that it is given; its first batch waits for the latch. */
    private static final class NumberSink implements Sink {
        private final List<Long> numbers = new CopyOnWriteArrayList<>();
        private final CountDownLatch free;

        NumberSink(final CountDownLatch free) {
            this.free = free;
        }

        @Override
        public void deliver(final EventBatch batch) throws InterruptedException {
            free.await();
            for (int i = 0; i < batch.size(); i++) {
                numbers.add(batch.event(i).buffer().getLong(batch.event(i).payloadOffset(), ByteOrder.LITTLE_ENDIAN));
            }
        }

        @Override
        public void close() {
            free.countDown();
        }
    }

    private Bus open() {
        final EventLogContext context = new EventLogContext()
            .folder(folder).termLengthBytes(1 << 16).segmentLengthBytes(1 << 17);
        return new Bus(new BusContext().ring(1 << 10, 128).log(() -> AeronEventLog.open(context)));
    }

    private void publish(final Bus bus, final long from, final long to) {
        final Publisher publisher = bus.newPublisher("erp");
        for (long number = from; number < to; number++) {
            final int payload = writer.wrap(buffer, 0).kind(EventKind.DOCUMENT).topic(TOPIC).source(TOPIC)
                .beginPayload();
            buffer.putLong(payload, number, ByteOrder.LITTLE_ENDIAN);
            assertTrue(publisher.publish(
                buffer, 0, writer.endPayload(Long.BYTES).length(), PATIENCE.toNanos()) >= 0);
        }
    }

    private static List<Long> numbers(final long from, final long to) {
        return LongStream.range(from, to).boxed().toList();
    }

    private static SubscriptionContext subscription() {
        return new SubscriptionContext().name("audit").topics(TopicSelector.all()).from(StartPosition.START);
    }

    private static CountDownLatch open(final int count) {
        return new CountDownLatch(count);
    }

    @Test
    void shouldGoOnWhereItWasAfterARestart() {
        final long lastSequence;
        final NumberSink first = new NumberSink(open(0));
        try (Bus bus = open()) {
            bus.subscribe(subscription(), lane -> first);
            publish(bus, 0, 2000);
            assertTrue(bus.drain(PATIENCE));
            lastSequence = bus.claimedSequence();
        }
        assertEquals(numbers(0, 2000), first.numbers);
        final NumberSink second = new NumberSink(open(0));
        try (Bus bus = open()) {
            assertEquals(lastSequence, bus.claimedSequence());
            publish(bus, 2000, 2500);
            bus.subscribe(subscription(), lane -> second);
            publish(bus, 2500, 4000);
            assertTrue(bus.drain(PATIENCE));
        }
        assertEquals(numbers(2000, 4000), second.numbers);
    }

    @Test
    void shouldReadOnFromTheLogWhileTheSinkIsSlow() {
        final CountDownLatch free = open(1);
        final NumberSink slow = new NumberSink(free);
        final NumberSink other = new NumberSink(open(0));
        try (Bus bus = open()) {
            final Subscription slowOne = bus.subscribe(subscription(), lane -> slow);
            bus.subscribe(
                new SubscriptionContext().name("other").topics(TopicSelector.all()), lane -> other);
            // One that still reads from the log has no place in the ring that it could lose.
            await().atMost(PATIENCE).until(() -> slowOne.status().state().equals("live"));
            // Many times what the ring holds: publishing all of it shows that nobody waited.
            publish(bus, 0, 20_000);
            assertTrue(slowOne.status().evictions() > 0, slowOne.status().toString());
            free.countDown();
            assertTrue(bus.drain(PATIENCE));
            assertTrue(slowOne.status().rejoins() > 0, slowOne.status().toString());
        }
        assertEquals(numbers(0, 20_000), slow.numbers);
        assertEquals(numbers(0, 20_000), other.numbers);
    }
}
