package io.headrace.perf.fanout;

import com.lmax.disruptor.BlockingWaitStrategy;
import com.lmax.disruptor.BusySpinWaitStrategy;
import com.lmax.disruptor.EventHandler;
import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.WaitStrategy;
import com.lmax.disruptor.YieldingWaitStrategy;
import com.lmax.disruptor.dsl.Disruptor;
import com.lmax.disruptor.dsl.ProducerType;
import com.lmax.disruptor.util.DaemonThreadFactory;
import io.headrace.perf.rig.EventPath;
import io.headrace.perf.rig.Receiver;
import io.headrace.perf.rig.Stamp;
import org.agrona.concurrent.UnsafeBuffer;

import java.util.List;

/** The sending thread, and one of each handler: the Disruptor alone, several producers allowed as in a bus. */
final class DisruptorPath implements EventPath {
    private static final int CAPACITY = 1 << 16;

    private final Disruptor<UnsafeBuffer> disruptor;
    private final UnsafeBuffer payload;

    DisruptorPath(final List<Receiver> receivers, final int payloadBytes, final String waitProfile) {
        payload = new UnsafeBuffer(new byte[payloadBytes]);
        disruptor = new Disruptor<>(() -> new UnsafeBuffer(new byte[payloadBytes]), CAPACITY,
            DaemonThreadFactory.INSTANCE, ProducerType.MULTI, waitStrategy(waitProfile));
        disruptor.handleEventsWith(receivers.stream().map(Handler::new).toArray(Handler[]::new));
        disruptor.start();
    }

    private static WaitStrategy waitStrategy(final String waitProfile) {
        return switch (waitProfile) {
            case "yield" -> new YieldingWaitStrategy();
            case "spin" -> new BusySpinWaitStrategy();
            default -> new BlockingWaitStrategy();
        };
    }

    private record Handler(Receiver receiver) implements EventHandler<UnsafeBuffer> {
        @Override
        public void onEvent(final UnsafeBuffer entry, final long sequence, final boolean endOfBatch) {
            Stamp.receive(receiver, entry, 0);
        }
    }

    @Override
    public void send(final long number, final long intendedNs, final long sentNs) {
        final RingBuffer<UnsafeBuffer> ring = disruptor.getRingBuffer();
        Stamp.write(payload, number, intendedNs, sentNs);
        final long sequence = ring.next();
        ring.get(sequence).putBytes(0, payload, 0, payload.capacity());
        ring.publish(sequence);
    }

    @Override
    public void close() {
        disruptor.halt();
    }
}
