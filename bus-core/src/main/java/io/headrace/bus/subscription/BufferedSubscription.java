package io.headrace.bus.subscription;

import io.headrace.bus.adapter.Health;
import io.headrace.bus.adapter.Sink;
import io.headrace.bus.delivery.Delivery;
import io.headrace.bus.delivery.DeliveryCounters;
import io.headrace.bus.latency.FlowLatency;
import io.headrace.bus.latency.StageRecorder;
import io.headrace.bus.monitor.BusClock;
import io.headrace.bus.monitor.Counters;
import io.headrace.bus.monitor.HealthIndicator;
import io.headrace.bus.ring.Ring;
import io.headrace.bus.ring.RingReader;
import io.headrace.bus.ring.WaitProfile;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.status.AtomicCounter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * A subscription whose sinks may block: each lane has a thread, a sink and a gate of its own. Made, started and closed
 * by one thread; its status is for any thread.
 */
public final class BufferedSubscription implements Subscription {
    private static final Logger LOG = LoggerFactory.getLogger(BufferedSubscription.class);
    private static final int CLOSE_RETRY_MS = 2000;

    private final SubscriptionContext context;
    private final HealthIndicator health;
    private final DeliveryCounters deliveryCounters;
    private final AtomicCounter droppedEvents;
    private final FlowLatency latency;
    private final List<Lane> lanes = new ArrayList<>();
    private final List<AgentRunner> runners = new ArrayList<>();

    /**
     * Adds the lanes' gates to the ring; their threads begin with {@link #start()}.
     *
     * @param context     concluded.
     * @param ring        to read.
     * @param waitProfile how the lanes wait.
     * @param clock       of the bus.
     * @param counters    of the bus; the subscription counts under {@code subscription.NAME.*}.
     * @param health      of the subscription.
     * @param sinks       makes the sink of each lane.
     */
    public BufferedSubscription(
        final SubscriptionContext context,
        final Ring ring,
        final WaitProfile waitProfile,
        final BusClock clock,
        final Counters counters,
        final HealthIndicator health,
        final IntFunction<Sink> sinks) {
        this.context = context;
        this.health = health;
        final String prefix = "subscription." + context.name();
        deliveryCounters = DeliveryCounters.of(counters, prefix);
        droppedEvents = counters.counter(prefix + ".dropped-events");
        final AtomicCounter sinkIdleFailures = counters.counter(prefix + ".sink-idle-failures");
        final List<Sink> sinkOfLane = new ArrayList<>();
        final List<RingReader> readers = new ArrayList<>();
        final List<StageRecorder> recorders = new ArrayList<>();
        try {
            for (int i = 0; i < context.lanes(); i++) {
                sinkOfLane.add(sinks.apply(i));
                recorders.add(new StageRecorder());
            }
            final List<Delivery> deliveries = sinkOfLane.stream()
                .map(sink -> new Delivery(
                    context.name(), sink, context.retry(), context.onPoison(), health, deliveryCounters))
                .toList();
            long startSequence = 0;
            for (int i = 0; i < context.lanes(); i++) {
                final RingReader reader = ring.addReader();
                readers.add(reader);
                // All lanes begin where the last gate was put, so that no key begins earlier than another.
                startSequence = Math.max(startSequence, reader.passedSequence() + 1);
            }
            for (int i = 0; i < context.lanes(); i++) {
                final LaneMonitor monitor = new LaneMonitor(
                    clock, health, recorders.get(i), droppedEvents,
                    counters.counter(prefix + ".undecodable-events"), counters.counter(prefix + ".sink-idle-failures"));
                lanes.add(new Lane(
                    context, i, startSequence, ring, readers.get(i), sinkOfLane.get(i), deliveries.get(i), monitor));
            }
        } catch (final RuntimeException | Error ex) {
            // Nobody would ever move these gates or close these sinks.
            readers.forEach(RingReader::close);
            sinkOfLane.forEach(Sink::close);
            throw ex;
        }
        for (final Lane lane : lanes) {
            runners.add(new AgentRunner(
                waitProfile.idleStrategy(ring.signal(), lane::hasFrame),
                failure -> LOG.error("Lane of subscription {} failed", context.name(), failure),
                null,
                lane));
        }
        latency = new FlowLatency(recorders);
    }

    /** Starts the lanes' threads. */
    public void start() {
        health.up();
        for (final AgentRunner runner : runners) {
            AgentRunner.startOnThread(runner);
        }
    }

    /**
     * Whether its policy allows to move it out of the publishers' way.
     *
     * @return false when publishers wait for it instead.
     */
    public boolean evictable() {
        return context.whenFull() != WhenFull.BLOCK;
    }

    /**
     * Moves the lanes whose sinks are busy out of the publishers' way, as the policy allows. Called by the conductor.
     *
     * @param lagLimitSlots the lag from which on it is done.
     * @return how many events were lost for this subscription.
     */
    public int evictSlowLanes(final int lagLimitSlots) {
        if (!evictable()) {
            return 0;
        }
        int lost = 0;
        for (final Lane lane : lanes) {
            lost += lane.evictAndDrain(lagLimitSlots);
        }
        return lost;
    }

    @Override
    public String name() {
        return context.name();
    }

    @Override
    public long position() {
        long position = Long.MAX_VALUE;
        for (final Lane lane : lanes) {
            position = Math.min(position, lane.position());
        }
        return position;
    }

    @Override
    public boolean lossless() {
        return context.whenFull() == WhenFull.BLOCK;
    }

    @Override
    public boolean stopped() {
        return lanes.stream().anyMatch(Lane::stopped);
    }

    @Override
    public boolean drained(final long sequence) {
        return lanes.stream().allMatch(lane -> lane.stopped() || lane.position() >= sequence);
    }

    @Override
    public SubscriptionStatus status() {
        final String state = stopped() ? "stopped" :
            lanes.stream().anyMatch(Lane::evicted) ? "evicted" : "live";
        return new SubscriptionStatus(
            context.name(),
            context.topics().patterns(),
            context.lanes(),
            context.whenFull(),
            state,
            health.state(),
            health.reason(),
            position(),
            lanes.stream().mapToLong(Lane::lagSlots).max().orElse(0),
            deliveryCounters.deliveredEvents().get(),
            droppedEvents.get(),
            deliveryCounters.poisonEvents().get(),
            deliveryCounters.retries().get());
    }

    @Override
    public FlowLatency latency() {
        return latency;
    }

    /**
     * {@inheritDoc} A lane that is in its sink is given two seconds, and is then interrupted.
     */
    @Override
    public void close() {
        for (final AgentRunner runner : runners) {
            runner.close(CLOSE_RETRY_MS, thread ->
                LOG.warn("Lane thread {} is still in its sink and is interrupted", thread.getName()));
        }
        if (health.state() != Health.State.FAILED) {
            LOG.info("Subscription {} closed at position {}", context.name(), position());
        }
    }
}
