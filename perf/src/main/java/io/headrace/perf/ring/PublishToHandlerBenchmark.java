package io.headrace.perf.ring;

import io.headrace.bus.Bus;
import io.headrace.bus.BusContext;
import io.headrace.bus.publish.EventClaim;
import io.headrace.bus.publish.Publisher;
import io.headrace.bus.subscription.DirectSubscription;
import io.headrace.bus.subscription.TopicSelector;
import io.headrace.codecs.EventWriter;
import io.headrace.codecs.sbe.EventKind;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * One thread claims, encodes, commits, polls and handles one event: the cost of the whole way through the bus without
 * any hand-over between threads, and its allocation.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED")
public class PublishToHandlerBenchmark {
    private static final byte[] TOPIC = "erp.public.stock".getBytes(StandardCharsets.UTF_8);
    private static final byte[] KEY = "item-4711".getBytes(StandardCharsets.UTF_8);

    private final UnsafeBuffer payload = new UnsafeBuffer(new byte[64]);
    private final EventClaim claim = new EventClaim();
    private final EventWriter writer = new EventWriter();
    private final UnsafeBuffer encoded = new UnsafeBuffer(new byte[512]);
    private int encodedLength;
    private Bus bus;
    private Publisher publisher;
    private DirectSubscription subscription;
    private final UnsafeBuffer messageId = new UnsafeBuffer(new byte[Long.BYTES]);
    private final UnsafeBuffer repeated = new UnsafeBuffer(new byte[512]);
    private int repeatedLength;
    private long handled;

    /** Makes the bus and an encoded event. */
    @Setup
    public void open() {
        bus = new Bus(new BusContext());
        publisher = bus.newPublisher("benchmark");
        subscription = bus.addDirect("benchmark", TopicSelector.of("erp.*"), event -> handled += event.keyHash());
        encodedLength = encode(writer.wrap(encoded, 0));
        messageId.putLong(0, -1);
        repeatedLength = encodeWithId(writer.wrap(repeated, 0));
        messageId.putLong(0, 0);
    }

    /** Closes the bus. */
    @TearDown
    public void close() {
        bus.close();
    }

    private int encode(final EventWriter event) {
        return event.kind(EventKind.DOCUMENT).sourceTimeNs(1).topic(TOPIC).source(TOPIC).key(KEY)
            .payload(payload, 0, payload.capacity()).length();
    }

    private int encodeWithId(final EventWriter event) {
        return event.kind(EventKind.DOCUMENT).sourceTimeNs(1).topic(TOPIC).source(TOPIC)
            .messageId(messageId, 0, Long.BYTES).key(KEY).payload(payload, 0, payload.capacity()).length();
    }

    /**
     * Encodes in place.
     *
     * @return something that depends on the handler.
     */
    @Benchmark
    public long claimEncodeCommitHandle() {
        publisher.tryClaim(encodedLength, claim);
        claim.commit(encode(writer.wrap(claim.buffer(), claim.offset())));
        subscription.doWork();
        return handled;
    }

    /**
     * Copies an encoded event.
     *
     * @return something that depends on the handler.
     */
    @Benchmark
    public long offerHandle() {
        publisher.offer(encoded, 0, encodedLength);
        subscription.doWork();
        return handled;
    }

    /**
     * Encodes an event with a message id that was never seen.
     *
     * @return something that depends on the handler.
     */
    @Benchmark
    public long newIdHandle() {
        messageId.putLong(0, messageId.getLong(0) + 1);
        publisher.tryClaim(repeatedLength, claim);
        claim.commit(encodeWithId(writer.wrap(claim.buffer(), claim.offset())));
        subscription.doWork();
        return handled;
    }

    /**
     * Copies an event whose message id was seen before.
     *
     * @return something that depends on the handler.
     */
    @Benchmark
    public long repeatedIdLeftOut() {
        publisher.offer(repeated, 0, repeatedLength);
        subscription.doWork();
        return handled;
    }
}
