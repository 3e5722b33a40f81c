package io.headrace.perf.ring;

import com.lmax.disruptor.BlockingWaitStrategy;
import com.lmax.disruptor.BusySpinWaitStrategy;
import com.lmax.disruptor.EventHandler;
import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.WaitStrategy;
import com.lmax.disruptor.YieldingWaitStrategy;
import com.lmax.disruptor.dsl.Disruptor;
import com.lmax.disruptor.dsl.ProducerType;
import com.lmax.disruptor.util.DaemonThreadFactory;
import io.headrace.bus.ring.WaitProfile;
import org.agrona.concurrent.UnsafeBuffer;

import java.util.List;

/** The Disruptor alone, several producers allowed as in a bus, a preallocated buffer for each entry. */
final class DisruptorConveyor implements Conveyor {
    private final Disruptor<UnsafeBuffer> disruptor;
    private final int payloadBytes;

    DisruptorConveyor(
        final Topology topology, final List<Consumer> consumers, final int payloadBytes, final WaitProfile waiting) {
        this.payloadBytes = payloadBytes;
        disruptor = new Disruptor<>(() -> new UnsafeBuffer(new byte[payloadBytes]), CAPACITY,
            DaemonThreadFactory.INSTANCE, ProducerType.MULTI, waitStrategy(waiting));
        final List<Handler> handlers = consumers.stream().map(Handler::new).toList();
        if (topology == Topology.DIAMOND) {
            disruptor.handleEventsWith(handlers.get(0), handlers.get(1)).then(handlers.get(2));
        } else {
            disruptor.handleEventsWith(handlers.toArray(Handler[]::new));
        }
        disruptor.start();
    }

    static WaitStrategy waitStrategy(final WaitProfile waiting) {
        return switch (waiting) {
            case ECO -> new BlockingWaitStrategy();
            case YIELD -> new YieldingWaitStrategy();
            case SPIN -> new BusySpinWaitStrategy();
        };
    }

    private record Handler(Consumer consumer) implements EventHandler<UnsafeBuffer> {
        @Override
        public void onEvent(final UnsafeBuffer entry, final long sequence, final boolean endOfBatch) {
            consumer.onEvent(entry, 0);
            if (endOfBatch) {
                consumer.show();
            }
        }
    }

    @Override
    public Inlet inlet() {
        final RingBuffer<UnsafeBuffer> ring = disruptor.getRingBuffer();
        return event -> {
            final long sequence = ring.next();
            ring.get(sequence).putBytes(0, event, 0, payloadBytes);
            ring.publish(sequence);
        };
    }

    @Override
    public void close() {
        disruptor.halt();
    }
}
