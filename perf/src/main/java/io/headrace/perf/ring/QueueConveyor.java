package io.headrace.perf.ring;

import io.headrace.bus.ring.WaitProfile;
import org.agrona.concurrent.UnsafeBuffer;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.Supplier;

/**
 * Queues of objects, as their users use them: a new object for each event, which all consumers share; several consumers
 * take as many queues, and the end of a diamond takes from two.
 */
final class QueueConveyor implements Conveyor {
    private final List<Queue<UnsafeBuffer>> firstQueues = new ArrayList<>();
    private final int payloadBytes;

    QueueConveyor(
        final Topology topology, final List<Consumer> consumers, final int payloadBytes, final WaitProfile waiting,
        final Supplier<Queue<UnsafeBuffer>> newQueue) {
        this.payloadBytes = payloadBytes;
        if (topology == Topology.DIAMOND) {
            final Queue<UnsafeBuffer> fromLeft = newQueue.get();
            final Queue<UnsafeBuffer> fromRight = newQueue.get();
            start(newFirst(newQueue), consumers.get(0), fromLeft, waiting);
            start(newFirst(newQueue), consumers.get(1), fromRight, waiting);
            join(fromLeft, fromRight, consumers.get(2), waiting);
        } else {
            consumers.forEach(consumer -> start(newFirst(newQueue), consumer, null, waiting));
        }
    }

    private Queue<UnsafeBuffer> newFirst(final Supplier<Queue<UnsafeBuffer>> newQueue) {
        final Queue<UnsafeBuffer> queue = newQueue.get();
        firstQueues.add(queue);
        return queue;
    }

    private static void start(
        final Queue<UnsafeBuffer> queue, final Consumer consumer, final Queue<UnsafeBuffer> onward,
        final WaitProfile waiting) {
        Conveyor.consume(consumer, Conveyor.idle(waiting), () -> {
            int count = 0;
            UnsafeBuffer event = queue.poll();
            while (event != null) {
                consumer.onEvent(event, 0);
                if (onward != null) {
                    put(onward, event);
                }
                event = ++count < BATCH ? queue.poll() : null;
            }
            return count;
        });
    }

    private static void join(
        final Queue<UnsafeBuffer> left, final Queue<UnsafeBuffer> right, final Consumer consumer,
        final WaitProfile waiting) {
        Conveyor.consume(consumer, Conveyor.idle(waiting), () -> {
            int count = 0;
            while (count < BATCH && left.peek() != null && right.peek() != null) {
                left.poll();
                consumer.onEvent(right.poll(), 0);
                count++;
            }
            return count;
        });
    }

    private static void put(final Queue<UnsafeBuffer> queue, final UnsafeBuffer event) {
        while (!queue.offer(event)) {
            Conveyor.awaitRoom();
        }
    }

    @Override
    public Inlet inlet() {
        final List<Queue<UnsafeBuffer>> queues = List.copyOf(firstQueues);
        return event -> {
            final UnsafeBuffer copy = new UnsafeBuffer(new byte[payloadBytes]);
            copy.putBytes(0, event, 0, payloadBytes);
            for (int i = 0; i < queues.size(); i++) {
                put(queues.get(i), copy);
            }
        };
    }

    @Override
    public void close() {
        // The consumers are daemons and end with the JVM.
    }
}
