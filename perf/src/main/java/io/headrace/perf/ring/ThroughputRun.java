package io.headrace.perf.ring;

import io.headrace.bus.ring.WaitProfile;
import io.headrace.perf.rig.ArmRun;
import io.headrace.perf.rig.OpenLoop;
import org.agrona.concurrent.UnsafeBuffer;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The main thread of a throughput arm: publishers send as fast as they can; what all consumers had of it in the
 * measured time is counted, and in the end each must have had every event once and in order.
 */
public final class ThroughputRun {
    private static final int DEFAULT_PAYLOAD_BYTES = 64;
    private static final int CHUNK = 256;
    private static final long SILENCE_NS = TimeUnit.SECONDS.toNanos(2);

    private final Topology topology;
    private final int payloadBytes;
    private final List<Consumer> consumers = new ArrayList<>();
    private final long[] sentCounts;
    private volatile boolean stopped;

    private ThroughputRun(final Topology topology, final int payloadBytes) {
        this.topology = topology;
        this.payloadBytes = Math.max(2 * Long.BYTES, payloadBytes);
        sentCounts = new long[topology.publisherCount()];
        for (int i = 0; i < topology.consumerCount(); i++) {
            consumers.add(new Consumer(topology.publisherCount()));
        }
    }

    static void measure(final ArmRun run, final Topology topology, final Conveyor.Factory factory) throws Exception {
        new ThroughputRun(topology, run.settings().payload(DEFAULT_PAYLOAD_BYTES)).measure(run, factory);
    }

    /**
     * Measures a bus with one publisher and one buffered subscription: events, and bytes of payload, a second.
     *
     * @param run          that takes the figures.
     * @param payloadBytes of each event.
     * @throws Exception when the bus fails.
     */
    public static void buffered(final ArmRun run, final int payloadBytes) throws Exception {
        new ThroughputRun(Topology.ONE_TO_ONE, payloadBytes).measure(run,
            (topology, consumers, bytes, waiting) -> BusConveyor.buffered(consumers, bytes, waiting));
    }

    private void measure(final ArmRun run, final Conveyor.Factory factory) throws Exception {
        final WaitProfile waiting = WaitProfile.valueOf(run.settings().wait("yield").toUpperCase(Locale.ROOT));
        try (Conveyor conveyor = factory.open(topology, consumers, payloadBytes, waiting)) {
            final List<Thread> publishers = new ArrayList<>();
            for (int p = 0; p < topology.publisherCount(); p++) {
                final int publisher = p;
                final Conveyor.Inlet inlet = conveyor.inlet();
                publishers.add(new Thread(() -> publish(publisher, inlet), "publisher-" + p));
            }
            publishers.forEach(Thread::start);
            sleep(run.settings().seconds(0.3, 5));
            final long beforeCount = count();
            final long beginNs = System.nanoTime();
            sleep(run.settings().seconds(0.4, 10));
            final long afterCount = count();
            final double tookNs = System.nanoTime() - beginNs;
            stopped = true;
            for (final Thread publisher : publishers) {
                publisher.join();
            }
            awaitConsumers();
            final double millionPerSecond = (afterCount - beforeCount) / (double)consumers.size() * 1e3 / tookNs;
            run.metric("throughput", millionPerSecond);
            run.metric("volume", millionPerSecond * payloadBytes);
            check(run);
        }
    }

    private void publish(final int publisher, final Conveyor.Inlet inlet) {
        final UnsafeBuffer event = new UnsafeBuffer(new byte[payloadBytes]);
        event.putLong(Consumer.PUBLISHER_OFFSET, publisher);
        long number = 0;
        while (!stopped) {
            for (int i = 0; i < CHUNK; i++) {
                event.putLong(Consumer.NUMBER_OFFSET, number++);
                inlet.send(event);
            }
        }
        sentCounts[publisher] = number;
    }

    private static void sleep(final double seconds) {
        final long endNs = System.nanoTime() + (long)(seconds * 1e9);
        for (long leftNs = endNs - System.nanoTime(); leftNs > 0; leftNs = endNs - System.nanoTime()) {
            LockSupport.parkNanos(leftNs);
        }
    }

    /** What all consumers had, together. */
    private long count() {
        return consumers.stream().mapToLong(Consumer::shownCount).sum();
    }

    private long sentCount() {
        long sum = 0;
        for (final long sent : sentCounts) {
            sum += sent;
        }
        return sum;
    }

    private void awaitConsumers() {
        final long expected = sentCount() * consumers.size();
        long arrived = -1;
        long lastProgressNs = System.nanoTime();
        while (arrived < expected && System.nanoTime() - lastProgressNs < SILENCE_NS) {
            final long now = count();
            if (now != arrived) {
                arrived = now;
                lastProgressNs = System.nanoTime();
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }

    private void check(final ArmRun run) {
        long lost = 0;
        long duplicates = 0;
        long outOfOrder = 0;
        for (final Consumer consumer : consumers) {
            for (int p = 0; p < sentCounts.length; p++) {
                lost += consumer.check(p).lost(sentCounts[p]);
                duplicates += consumer.check(p).duplicates();
                outOfOrder += consumer.check(p).outOfOrder();
            }
        }
        run.count("sent", sentCount());
        OpenLoop.judge(run, lost, duplicates, outOfOrder, sentCount() * consumers.size());
    }
}
