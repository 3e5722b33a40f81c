package io.headrace.perf.ring;

import io.headrace.bus.Bus;
import io.headrace.bus.BusContext;
import io.headrace.bus.adapter.EventBatch;
import io.headrace.bus.adapter.Sink;
import io.headrace.bus.publish.Publisher;
import io.headrace.bus.ring.ProducerMode;
import io.headrace.bus.ring.Ring;
import io.headrace.bus.ring.RingReader;
import io.headrace.bus.ring.WaitProfile;
import io.headrace.bus.subscription.SubscriptionContext;
import io.headrace.bus.subscription.TopicSelector;
import io.headrace.codecs.EventWriter;
import io.headrace.codecs.sbe.EventKind;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * A buffered subscription's reading, for each event of a batch: polling the ring alone, polling and copying into the
 * batch, and a lane's whole turn with its sink, with the publishing of the events that it needs. All of it is one
 * thread's.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED")
public class BatchReadBenchmark {
    /** As many as a subscription takes at once unless told otherwise. */
    private static final int BATCH_EVENTS = 1024;
    private static final int SLOTS = 1 << 16;
    private static final int SLOT_BYTES = 256;
    private static final String NAME = "benchmark";
    private static final byte[] TOPIC = "erp.public.stock".getBytes(StandardCharsets.UTF_8);

    private final UnsafeBuffer encoded = new UnsafeBuffer(new byte[SLOT_BYTES]);
    private final EventBatch batch = new EventBatch(BATCH_EVENTS, BATCH_EVENTS * SLOT_BYTES);
    private int encodedLength;
    private RingReader reader;
    private long firstSequence;
    private Bus bus;
    private Publisher publisher;
    private Agent lane;
    private long deliveredBytes;

    /** Fills a ring with a batch of events, and makes a bus whose lane the benchmark's thread steps. */
    @Setup
    public void open() {
        final UnsafeBuffer payload = new UnsafeBuffer(new byte[64]);
        encodedLength = new EventWriter().wrap(encoded, 0).kind(EventKind.DOCUMENT).sourceTimeNs(1).topic(TOPIC)
            .source(TOPIC).payload(payload, 0, payload.capacity()).length();
        final Ring ring = new Ring(SLOTS, SLOT_BYTES, ProducerMode.MULTI, WaitProfile.ECO, 0);
        reader = ring.addReader();
        final UnsafeBuffer room = new UnsafeBuffer(0, 0);
        for (int i = 0; i < BATCH_EVENTS; i++) {
            final long sequence = ring.tryClaim(encodedLength);
            ring.wrapEvent(sequence, encodedLength, room);
            room.putBytes(0, encoded, 0, encodedLength);
            ring.commit(sequence, encodedLength, encodedLength, 1);
        }
        bus = new Bus(new BusContext().ring(SLOTS, SLOT_BYTES)
            .agents((agent, idleStrategy, daemon, interruptAfterMs) -> {
                agent.onStart();
                lane = agent;
                return agent::onClose;
            }));
        publisher = bus.newPublisher(NAME);
        bus.subscribe(
            new SubscriptionContext().name(NAME).topics(TopicSelector.of("erp.*")), index -> new CountingSink());
    }

    /** Closes the bus. */
    @TearDown
    public void close() {
        bus.close();
    }

    /**
     * Moves over the events of the ring, again and again over the same ones.
     *
     * @return something that depends on the events.
     */
    @Benchmark
    @OperationsPerInvocation(BATCH_EVENTS)
    public long poll() {
        long bytes = 0;
        while (reader.next()) {
            bytes += reader.eventLengthBytes();
        }
        reader.backTo(firstSequence, firstSequence);
        return bytes;
    }

    /**
     * Copies the events of the ring into a batch.
     *
     * @return something that depends on the events.
     */
    @Benchmark
    @OperationsPerInvocation(BATCH_EVENTS)
    public int pollAndCopy() {
        batch.clear();
        while (reader.next()) {
            batch.append(reader.buffer(), reader.eventOffset(), reader.eventLengthBytes(), reader.publishedAtNs());
        }
        reader.backTo(firstSequence, firstSequence);
        return batch.usedBytes();
    }

    /**
     * Publishes a batch of events, and gives the lane its turn. A delivery to a sink is one execution of the library
     * that retries, which allocates some hundred bytes for each batch, and nothing for an event.
     *
     * @return something that depends on the sink.
     * @throws Exception when the lane fails.
     */
    @Benchmark
    @OperationsPerInvocation(BATCH_EVENTS)
    public long publishAndDeliver() throws Exception {
        for (int i = 0; i < BATCH_EVENTS; i++) {
            publisher.offer(encoded, 0, encodedLength);
        }
        lane.doWork();
        return deliveredBytes;
    }

    /** Looks at each event. */
    private final class CountingSink implements Sink {
        @Override
        public void deliver(final EventBatch events) {
            for (int i = 0; i < events.size(); i++) {
                deliveredBytes += events.event(i).payloadLength();
            }
        }

        @Override
        public void close() {
        }
    }
}
