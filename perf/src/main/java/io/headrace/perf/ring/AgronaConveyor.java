package io.headrace.perf.ring;

import io.headrace.bus.ring.WaitProfile;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.ManyToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RecordDescriptor;
import org.agrona.concurrent.ringbuffer.RingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Agrona's ring buffers, which have one consumer each: several consumers take as many rings, and the end of a diamond
 * takes from two.
 */
final class AgronaConveyor implements Conveyor {
    private static final int TYPE = 1;

    private final List<RingBuffer> firstRings = new ArrayList<>();
    private final int payloadBytes;

    AgronaConveyor(
        final Topology topology, final List<Consumer> consumers, final int payloadBytes, final WaitProfile waiting) {
        this.payloadBytes = payloadBytes;
        if (topology == Topology.DIAMOND) {
            final RingBuffer fromLeft = newRing(topology);
            final RingBuffer fromRight = newRing(topology);
            start(newFirst(topology), consumers.get(0), fromLeft, waiting);
            start(newFirst(topology), consumers.get(1), fromRight, waiting);
            join(fromLeft, fromRight, consumers.get(2), waiting);
        } else {
            consumers.forEach(consumer -> start(newFirst(topology), consumer, null, waiting));
        }
    }

    private RingBuffer newFirst(final Topology topology) {
        final RingBuffer ring = newRing(topology);
        firstRings.add(ring);
        return ring;
    }

    private RingBuffer newRing(final Topology topology) {
        final int recordBytes =
            BitUtil.align(payloadBytes + RecordDescriptor.HEADER_LENGTH, RecordDescriptor.ALIGNMENT);
        final int lengthBytes = BitUtil.findNextPositivePowerOfTwo(CAPACITY * recordBytes);
        final UnsafeBuffer buffer =
            new UnsafeBuffer(ByteBuffer.allocateDirect(lengthBytes + RingBufferDescriptor.TRAILER_LENGTH));
        return topology.publisherCount() > 1 ? new ManyToOneRingBuffer(buffer) : new OneToOneRingBuffer(buffer);
    }

    private void start(
        final RingBuffer ring, final Consumer consumer, final RingBuffer onward, final WaitProfile waiting) {
        final MessageHandler handler = (type, buffer, index, length) -> {
            consumer.onEvent(buffer, index);
            if (onward != null) {
                write(onward, buffer, index);
            }
        };
        Conveyor.consume(consumer, Conveyor.idle(waiting), () -> ring.read(handler, BATCH));
    }

    /** Takes as many from the one as it took from the other. */
    private static void join(
        final RingBuffer left, final RingBuffer right, final Consumer consumer, final WaitProfile waiting) {
        final long[] leftCount = new long[1];
        final long[] joinedCount = new long[1];
        final MessageHandler onLeft = (type, buffer, index, length) -> leftCount[0]++;
        final MessageHandler onRight = (type, buffer, index, length) -> {
            consumer.onEvent(buffer, index);
            joinedCount[0]++;
        };
        Conveyor.consume(consumer, Conveyor.idle(waiting), () -> {
            left.read(onLeft, BATCH);
            final int ready = (int)Math.min(BATCH, leftCount[0] - joinedCount[0]);
            return ready == 0 ? 0 : right.read(onRight, ready);
        });
    }

    private void write(final RingBuffer ring, final DirectBuffer event, final int offset) {
        while (!ring.write(TYPE, event, offset, payloadBytes)) {
            Conveyor.awaitRoom();
        }
    }

    @Override
    public Inlet inlet() {
        final RingBuffer[] rings = firstRings.toArray(RingBuffer[]::new);
        return event -> {
            for (final RingBuffer ring : rings) {
                write(ring, event, 0);
            }
        };
    }

    @Override
    public void close() {
        // The consumers are daemons and end with the JVM.
    }
}
