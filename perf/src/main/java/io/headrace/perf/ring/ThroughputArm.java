package io.headrace.perf.ring;

import com.lmax.disruptor.BatchEventProcessor;
import com.lmax.disruptor.BatchEventProcessorBuilder;
import com.lmax.disruptor.EventHandler;
import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.YieldingWaitStrategy;
import io.headrace.bus.Bus;
import io.headrace.bus.BusContext;
import io.headrace.bus.publish.EventClaim;
import io.headrace.bus.publish.Publisher;
import io.headrace.bus.ring.ProducerMode;
import io.headrace.bus.ring.Ring;
import io.headrace.bus.ring.RingReader;
import io.headrace.bus.ring.WaitProfile;
import io.headrace.bus.subscription.TopicSelector;
import io.headrace.codecs.EventWriter;
import io.headrace.codecs.sbe.EventKind;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

/**
 * One publisher thread and one consumer thread move events of 64 bytes as fast as they can, in a JVM of its own. The
 * publisher is the main thread. Consumers spin and yield, publishers without room park for a nanosecond, in every arm.
 * Prints the events per second of the measured part.
 */
public final class ThroughputArm {
    private static final int CAPACITY = 1 << 16;
    private static final int PAYLOAD_BYTES = 64;
    private static final int SLOT_BYTES = 128;
    private static final long WARM_UP_EVENTS = 10_000_000;
    private static final byte[] TOPIC = {'t'};

    private final UnsafeBuffer payload = new UnsafeBuffer(new byte[PAYLOAD_BYTES]);
    private final long events;
    private long checksum;

    private ThroughputArm(final long events) {
        this.events = events;
    }

    /** What is compared. */
    public enum Arm {
        /** Bare Disruptor, several producers allowed, one preallocated buffer for each entry. */
        DISRUPTOR,
        /** The ring alone: claim, copy, commit, poll. */
        RING,
        /** The bus: claim, envelope, two clock readings, counters, selection by topic, latency of each event. */
        BUS
    }

    /**
     * Runs one arm.
     *
     * @param args the arm's name and the number of events.
     * @throws InterruptedException when interrupted.
     */
    public static void main(final String[] args) throws InterruptedException {
        final ThroughputArm run = new ThroughputArm(Long.parseLong(args[1]));
        final double eventsPerSecond = switch (Arm.valueOf(args[0])) {
            case DISRUPTOR -> run.disruptor();
            case RING -> run.ring();
            case BUS -> run.bus();
        };
        System.out.printf("%.0f%n", eventsPerSecond);
        if (run.checksum != run.expectedChecksum()) {
            System.err.println("checksum=" + run.checksum + " differs: events were lost or doubled");
            System.exit(1);
        }
    }

    private long expectedChecksum() {
        final long total = WARM_UP_EVENTS + events;
        return total * (total - 1) / 2;
    }

    private double disruptor() throws InterruptedException {
        final RingBuffer<UnsafeBuffer> ring = RingBuffer.createMultiProducer(
            () -> new UnsafeBuffer(new byte[PAYLOAD_BYTES]), CAPACITY, new YieldingWaitStrategy());
        final CountDownLatch done = new CountDownLatch(1);
        final long last = WARM_UP_EVENTS + events - 1;
        final EventHandler<UnsafeBuffer> handler = (entry, sequence, endOfBatch) -> {
            checksum += entry.getLong(0);
            if (sequence == last) {
                done.countDown();
            }
        };
        final BatchEventProcessor<UnsafeBuffer> processor =
            new BatchEventProcessorBuilder().build(ring, ring.newBarrier(), handler);
        ring.addGatingSequences(processor.getSequence());
        new Thread(processor, "consumer").start();
        final double rate = measure(number -> {
            final long sequence = ring.next();
            payload.putLong(0, number);
            ring.get(sequence).putBytes(0, payload, 0, PAYLOAD_BYTES);
            ring.publish(sequence);
        }, done);
        processor.halt();
        return rate;
    }

    private double ring() throws InterruptedException {
        final Ring ring = new Ring(CAPACITY, SLOT_BYTES, ProducerMode.MULTI, WaitProfile.YIELD, 0);
        final RingReader reader = ring.addReader();
        final CountDownLatch done = new CountDownLatch(1);
        final IdleStrategy waiting = WaitProfile.YIELD.idleStrategy(ring.signal(), reader::hasFrame);
        new Thread(() -> {
            long count = 0;
            while (count < WARM_UP_EVENTS + events) {
                int batch = 0;
                while (batch < 256 && reader.next()) {
                    checksum += reader.buffer().getLong(reader.eventOffset());
                    batch++;
                }
                if (batch > 0) {
                    reader.release();
                    count += batch;
                }
                waiting.idle(batch);
            }
            done.countDown();
        }, "consumer").start();
        final UnsafeBuffer event = new UnsafeBuffer(0, 0);
        return measure(number -> {
            long sequence = ring.tryClaim(PAYLOAD_BYTES);
            while (sequence < 0) {
                // As the Disruptor's own next() does.
                LockSupport.parkNanos(1);
                sequence = ring.tryClaim(PAYLOAD_BYTES);
            }
            payload.putLong(0, number);
            ring.wrapEvent(sequence, PAYLOAD_BYTES, event);
            event.putBytes(0, payload, 0, PAYLOAD_BYTES);
            ring.commit(sequence, PAYLOAD_BYTES, PAYLOAD_BYTES, 0);
        }, done);
    }

    private double bus() throws InterruptedException {
        final CountDownLatch done = new CountDownLatch(1);
        final long last = WARM_UP_EVENTS + events - 1;
        try (Bus bus = new Bus(new BusContext().ring(CAPACITY, 256).waitProfile(WaitProfile.YIELD))) {
            bus.subscribe("consumer", TopicSelector.of("t"), event -> {
                final long number = event.buffer().getLong(event.payloadOffset());
                checksum += number;
                if (number == last) {
                    done.countDown();
                }
            });
            final Publisher publisher = bus.newPublisher("main");
            final EventClaim claim = new EventClaim();
            final EventWriter writer = new EventWriter();
            final int length = EventWriter.overheadLength(TOPIC.length, 0, 0, 0, 0, 0) + PAYLOAD_BYTES;
            return measure(number -> {
                publisher.claim(length, claim, Long.MAX_VALUE / 2);
                payload.putLong(0, number);
                claim.commit(writer.wrap(claim.buffer(), claim.offset())
                    .kind(EventKind.DOCUMENT)
                    .topic(TOPIC)
                    .payload(payload, 0, PAYLOAD_BYTES)
                    .length());
            }, done);
        }
    }

    private interface PublishOne {
        void publish(long number);
    }

    private double measure(final PublishOne publishOne, final CountDownLatch done) throws InterruptedException {
        for (long number = 0; number < WARM_UP_EVENTS; number++) {
            publishOne.publish(number);
        }
        final long startNs = System.nanoTime();
        for (long number = WARM_UP_EVENTS; number < WARM_UP_EVENTS + events; number++) {
            publishOne.publish(number);
        }
        done.await();
        return events * 1e9 / (System.nanoTime() - startNs);
    }
}
