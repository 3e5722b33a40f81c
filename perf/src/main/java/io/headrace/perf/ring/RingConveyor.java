package io.headrace.perf.ring;

import com.lmax.disruptor.FixedSequenceGroup;
import com.lmax.disruptor.Sequence;
import io.headrace.bus.ring.ProducerMode;
import io.headrace.bus.ring.Ring;
import io.headrace.bus.ring.RingReader;
import io.headrace.bus.ring.WaitProfile;
import org.agrona.concurrent.UnsafeBuffer;

import java.util.List;

/** Headrace's ring alone: claim, copy, commit, poll. */
final class RingConveyor implements Conveyor {
    private static final int FRAME_HEADER_BYTES = 16;

    private final Ring ring;
    private final int payloadBytes;

    RingConveyor(
        final Topology topology, final List<Consumer> consumers, final int payloadBytes, final WaitProfile waiting) {
        this.payloadBytes = payloadBytes;
        final int slotBytes = Math.max(
            Ring.MIN_SLOT_BYTES, Integer.highestOneBit(payloadBytes + FRAME_HEADER_BYTES - 1) << 1);
        ring = new Ring(CAPACITY, slotBytes, ProducerMode.MULTI, waiting, 0);
        if (topology == Topology.DIAMOND) {
            final Sequence left = new Sequence(-1);
            final Sequence right = new Sequence(-1);
            start(ring.addReader(), consumers.get(0), left, waiting);
            start(ring.addReader(), consumers.get(1), right, waiting);
            start(ring.addReader(new FixedSequenceGroup(new Sequence[] {left, right})), consumers.get(2),
                new Sequence(-1), waiting);
        } else {
            consumers.forEach(consumer -> start(ring.addReader(), consumer, new Sequence(-1), waiting));
        }
    }

    private void start(
        final RingReader reader, final Consumer consumer, final Sequence passed, final WaitProfile waiting) {
        Conveyor.consume(consumer, waiting.idleStrategy(ring.signal(), reader::hasFrame), () -> {
            int count = 0;
            while (count < BATCH && reader.next()) {
                consumer.onEvent(reader.buffer(), reader.eventOffset());
                count++;
            }
            if (count > 0) {
                passed.set(reader.passedSequence());
                reader.release();
            }
            return count;
        });
    }

    @Override
    public Inlet inlet() {
        final UnsafeBuffer room = new UnsafeBuffer(0, 0);
        return event -> {
            long sequence = ring.tryClaim(payloadBytes);
            while (sequence < 0) {
                Conveyor.awaitRoom();
                sequence = ring.tryClaim(payloadBytes);
            }
            ring.wrapEvent(sequence, payloadBytes, room);
            room.putBytes(0, event, 0, payloadBytes);
            ring.commit(sequence, payloadBytes, payloadBytes, 0);
        };
    }

    @Override
    public void close() {
        // The readers are daemons and end with the JVM.
    }
}
