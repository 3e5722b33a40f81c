package io.headrace.bus.subscription;

import com.lmax.disruptor.Sequence;
import io.headrace.bus.AgentHost;
import io.headrace.bus.log.ControlMessages;
import io.headrace.bus.log.DurablePosition;
import io.headrace.bus.ring.Signal;
import io.headrace.bus.adapter.Health;
import io.headrace.bus.adapter.Sink;
import io.headrace.bus.delivery.Delivery;
import io.headrace.bus.delivery.DeliveryContext;
import io.headrace.bus.delivery.DeliveryCounters;
import io.headrace.bus.delivery.FlowBreaker;
import io.headrace.bus.delivery.ParkingLot;
import io.headrace.bus.latency.FlowLatency;
import io.headrace.bus.latency.StageRecorder;
import io.headrace.bus.monitor.HealthIndicator;
import io.headrace.bus.ring.RingReader;
import org.agrona.concurrent.status.AtomicCounter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * A subscription whose sinks may block: each lane has a thread, a sink and a gate of its own. Made, started and closed
 * by one thread; its status is for any thread.
 */
public final class BufferedSubscription implements Subscription, DurablePosition {
    private static final Logger LOG = LoggerFactory.getLogger(BufferedSubscription.class);
    private static final int CLOSE_RETRY_MS = 2000;

    private final SubscriptionContext context;
    private final BusAccess bus;
    private final HealthIndicator health;
    private final DeliveryCounters deliveryCounters;
    private final FlowBreaker breaker;
    /** Null for one without a durable position: it would forget that it had parked an event. */
    private final ParkingLot parkingLot;
    private final AtomicCounter droppedEvents;
    private final AtomicCounter evictions;
    private final AtomicCounter rejoins;
    private final FlowLatency latency;
    private final List<Lane> lanes = new ArrayList<>();
    private final List<AgentHost.Running> runners = new ArrayList<>();

    /**
     * Adds the lanes' gates to the ring where they begin there; their threads begin with {@link #start()}.
     *
     * @param context  concluded.
     * @param bus      to read; the subscription counts under {@code subscription.NAME.*}.
     * @param finished how far each of its lanes had finished in an earlier process; null for one without a position.
     * @param health   of the subscription.
     * @param sinks    makes the sink of each lane.
     */
    public BufferedSubscription(
        final SubscriptionContext context,
        final BusAccess bus,
        final long[] finished,
        final HealthIndicator health,
        final IntFunction<Sink> sinks) {
        this.context = context;
        this.bus = bus;
        this.health = health;
        final String prefix = "subscription." + context.name();
        deliveryCounters = DeliveryCounters.of(bus.counters(), prefix);
        breaker = new FlowBreaker(context.name(), context.circuitBreaker());
        parkingLot = !context.durable() ? null : new ParkingLot(
            context.name(), context.lanes(), keyHash -> Lane.laneOf(keyHash, context.lanes()), bus.parking(),
            this::recordPosition, bus.counters());
        droppedEvents = bus.counters().counter(prefix + ".dropped-events");
        evictions = bus.counters().counter(prefix + ".evictions");
        rejoins = bus.counters().counter(prefix + ".rejoins");
        final List<Sink> sinkOfLane = new ArrayList<>();
        final List<LaneInput> inputs = new ArrayList<>();
        final List<StageRecorder> recorders = new ArrayList<>();
        try {
            for (int i = 0; i < context.lanes(); i++) {
                sinkOfLane.add(sinks.apply(i));
                recorders.add(new StageRecorder());
            }
            final ResumePositions resume = finished == null ? null : new ResumePositions(finished);
            final long startSequence = addInputs(resume, inputs);
            for (int i = 0; i < context.lanes(); i++) {
                final Delivery delivery = new Delivery(deliveryContext(i, sinkOfLane.get(i)));
                final LaneMonitor monitor = new LaneMonitor(
                    bus.clock(), health, recorders.get(i), droppedEvents, evictions,
                    bus.counters().counter(prefix + ".undecodable-events"),
                    bus.counters().counter(prefix + ".sink-idle-failures"));
                lanes.add(new Lane(
                    context, i, resume == null ? startSequence : resume.finishedSequence(i, context.lanes()) + 1,
                    bus.ring(), inputs.get(i), resume, sinkOfLane.get(i), delivery, monitor));
            }
        } catch (final RuntimeException | Error ex) {
            // Nobody would ever move these gates or close these sinks.
            inputs.forEach(LaneInput::close);
            sinkOfLane.forEach(Sink::close);
            throw ex;
        }
        latency = new FlowLatency(recorders);
    }

    private DeliveryContext deliveryContext(final int lane, final Sink sink) {
        final DeliveryContext delivery = new DeliveryContext()
            .flowName(context.name())
            .sink(sink)
            .failures(context.retry(), context.onPoison())
            .monitor(health, deliveryCounters)
            .breaker(breaker);
        return parkingLot == null ? delivery : delivery.parking(parkingLot, lane);
    }

    /** Called by the lanes' threads. */
    private void recordPosition() throws InterruptedException {
        final ControlMessages messages = new ControlMessages();
        final int lengthBytes = messages.position(
            context.name(), finishedSequences(), bus.clock().epochNs(bus.clock().nanoTime()));
        bus.parking().appender().append(messages.buffer(), 0, lengthBytes);
    }

    /** {@return where it parks events; empty for one without a durable position} */
    public Optional<ParkingLot> parkingLot() {
        return Optional.ofNullable(parkingLot);
    }

    /** Makes the inputs of the lanes, and tells with which sequence all of them begin that do not resume. */
    private long addInputs(final ResumePositions resume, final List<LaneInput> inputs) {
        final Sequence limit = context.after() == AfterStage.PUBLISHED ? null : bus.log().sequenceOf(context.after());
        long startSequence = 0;
        final boolean now = resume == null && context.from().kind() == StartPosition.Kind.NOW;
        final long fromSequence = resume == null && !now ? bus.log().sequenceOf(context.from()) : 0;
        for (int i = 0; i < context.lanes(); i++) {
            if (now) {
                final RingReader reader = bus.ring().addReader(limit);
                inputs.add(new LaneInput(bus.ring(), reader, bus.log(), limit, rejoins));
                // All lanes begin where the last gate was put, so that no key begins earlier than another.
                startSequence = Math.max(startSequence, reader.passedSequence() + 1);
            } else {
                startSequence = resume == null ? fromSequence : resume.finishedSequence(i, context.lanes()) + 1;
                inputs.add(new LaneInput(bus.ring(), startSequence, bus.log(), limit, rejoins));
            }
        }
        return startSequence;
    }

    /** Starts the lanes' threads. */
    public void start() {
        health.up();
        final Signal signal = context.after() == AfterStage.PUBLISHED ?
            bus.ring().signal() : bus.log().signalOf(context.after());
        for (final Lane lane : lanes) {
            runners.add(bus.agents().start(
                lane, bus.waitProfile().idleStrategy(signal, lane::hasFrame), false, CLOSE_RETRY_MS));
        }
    }

    @Override
    public long[] finishedSequences() {
        final long[] finished = new long[context.durable() ? lanes.size() : 0];
        for (int i = 0; i < finished.length; i++) {
            finished[i] = lanes.get(i).position();
        }
        return finished;
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
            lost += lane.evict(lagLimitSlots);
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
        return context.lossless();
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
        final String state = stopped() ? "stopped" : waitsForReplicas() ? "waits for replicas" :
            lanes.stream().anyMatch(Lane::evicted) ? "evicted" :
            lanes.stream().anyMatch(Lane::catchingUp) ? "catching up" : "live";
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
            deliveryCounters.retries().get(),
            evictions.get(),
            rejoins.get(),
            parkingLot == null ? 0 : bus.parking().parkedEvents().of(context.name()).events().size(),
            breaker.state());
    }

    /** Whether the log has more for it, and the replicas have not. */
    private boolean waitsForReplicas() {
        if (context.after() != AfterStage.REPLICATED) {
            return false;
        }
        final long replicatedSequence = bus.log().sequenceOf(AfterStage.REPLICATED).get();
        return replicatedSequence < bus.log().recordedSequence().get() && position() >= replicatedSequence;
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
        runners.forEach(AgentHost.Running::close);
        if (health.state() != Health.State.FAILED) {
            LOG.info("Subscription {} closed at position {}", context.name(), position());
        }
    }
}
