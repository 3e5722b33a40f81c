package io.headrace.bus.simulation;

import io.headrace.bus.Bus;
import io.headrace.bus.adapter.SinkContext;
import io.headrace.bus.delivery.OnPoison;
import io.headrace.bus.delivery.ParkingLot;
import io.headrace.bus.delivery.RetryOptions;
import io.headrace.bus.log.LogState;
import io.headrace.bus.subscription.BufferedSubscription;
import io.headrace.bus.subscription.StartPosition;
import io.headrace.bus.subscription.Subscription;
import io.headrace.bus.subscription.SubscriptionContext;
import io.headrace.bus.subscription.TopicSelector;
import io.headrace.bus.subscription.WhenFull;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * One subscription over all processes of a simulation, and the model of what it must get. Owned by the thread of the
 * simulation.
 */
final class SimulatedSubscription {
    private static final RetryOptions RETRY =
        new RetryOptions(Duration.ofNanos(1), Duration.ofNanos(1), 0, Optional.empty(), Optional.empty());

    final String name;
    final boolean transactional;
    final boolean wholeTransactions;
    final SinkTarget target = new SinkTarget();
    private final BusSimulation simulation;
    private final TopicSelector topics;
    private StartPosition from;
    private final WhenFull whenFull;
    private final OnPoison onPoison;
    private final int maxBatchEvents;
    private final int maxBatchBytes;
    private final int maxTransactionBytes;
    private int lanes;
    private boolean lanesChanged;

    /** From which sequence on it must get everything; -1 as long as it was never added. */
    private long startSequence = -1;
    /** Since the last crash or change of lanes: these do not come again. */
    private final Set<Long> deliveredSince = new HashSet<>();
    private Subscription subscription;

    SimulatedSubscription(
        final String name, final StartPosition from, final BusSimulation simulation, final SplittableRandom random) {
        this.name = name;
        this.from = from;
        this.simulation = simulation;
        transactional = random.nextInt(3) == 0;
        wholeTransactions = random.nextInt(3) == 0;
        lanes = wholeTransactions ? 1 : 1 + random.nextInt(3);
        onPoison = transactional || wholeTransactions ? OnPoison.SKIP :
            new OnPoison[]{OnPoison.SKIP, OnPoison.PARK_EVENT, OnPoison.PARK_KEY}[random.nextInt(3)];
        topics = random.nextInt(3) > 0 ? TopicSelector.all() : TopicSelector.of("orders.a", "meter.*");
        whenFull = random.nextInt(6) == 0 ? WhenFull.BLOCK : WhenFull.EVICT;
        maxBatchEvents = 1 + random.nextInt(20);
        maxBatchBytes = 64 + random.nextInt(4000);
        maxTransactionBytes = maxBatchBytes + (random.nextBoolean() ? 100_000 : random.nextInt(1000));
    }

    void changeLanes(final int value) {
        if (!wholeTransactions && value != lanes) {
            lanes = value;
            lanesChanged = true;
            simulation.happened(Happening.LANES_CHANGED);
        }
    }

    /**
     * Whether the number of lanes was ever changed: until the new lanes have caught up with the fastest of the old
     * ones, their positions say less than those did, and a crash brings events again, dropped ones among them.
     */
    boolean lanesChanged() {
        return lanesChanged;
    }

    int lanes() {
        return lanes;
    }

    boolean added() {
        return startSequence >= 0;
    }

    /** Answers false for an event that came before, and needed not to come again. */
    boolean delivered(final RecordedEvent event) {
        return deliveredSince.add(event.sequence());
    }

    long startSequence() {
        return startSequence;
    }

    boolean selects(final RecordedEvent event) {
        if (event.mark() != null) {
            return wholeTransactions;
        }
        final byte[] topic = event.topic().getBytes(StandardCharsets.US_ASCII);
        return topics.matches(new UnsafeBuffer(topic), 0, topic.length);
    }

    int laneOf(final RecordedEvent event) {
        return SinkContext.laneOf(event.keyHash(), lanes);
    }

    /** Subscribes in a new process, or for the first time. */
    void start(final Bus bus, final LogState recovered, final boolean afterCrash) {
        final Optional<long[]> position = recovered == null ? Optional.empty() : recovered.position(name);
        if (position.isEmpty()) {
            if (from.kind() == StartPosition.Kind.SEQUENCE && from.value() < simulation.firstKeptSequence()) {
                from = StartPosition.START;
            }
            startSequence = beginning(bus);
        } else {
            checkPosition(position.get(), recovered.nextSequence());
        }
        if (afterCrash || position.isPresent() && position.get().length != lanes) {
            deliveredSince.clear();
        }
        final SubscriptionContext context = new SubscriptionContext()
            .name(name).topics(topics).lanes(lanes).from(from).whenFull(whenFull)
            .batch(maxBatchEvents, maxBatchBytes)
            .failures(RETRY, onPoison);
        if (wholeTransactions) {
            context.wholeTransactions(true, maxTransactionBytes);
        } else {
            context.wholeTransactions(false, Math.max(maxBatchBytes, maxTransactionBytes));
        }
        subscription = bus.subscribe(context, lane -> new SimulatedSink(simulation, this, lane, bus.epochs()));
    }

    private long beginning(final Bus bus) {
        final LogModel log = simulation.log();
        log.follow();
        final long nextRecorded = bus.finishedSequence() + 1;
        return switch (from.kind()) {
            case NOW -> bus.claimedSequence() + 1;
            case SEQUENCE -> from.value();
            case START -> log.events().stream()
                .mapToLong(RecordedEvent::sequence).filter(simulation::isKept).findFirst().orElse(nextRecorded);
            case TIME -> log.events().stream()
                .filter(event -> simulation.isKept(event.sequence()) && event.timeNs() >= from.value())
                .mapToLong(RecordedEvent::sequence).findFirst().orElse(nextRecorded);
        };
    }

    /** A recorded position passes nothing that is not finished, and nothing that is not recorded. */
    private void checkPosition(final long[] position, final long nextSequence) {
        final long[] highest = simulation.log().highestPosition(name);
        for (int i = 0; !parks() && i < position.length; i++) {
            // With parking a lane may tell an older one, which is mended by the next.
            if (position[i] < highest[i]) {
                throw failed("is back at " + Arrays.toString(position) + " from " + Arrays.toString(highest));
            }
        }
        for (final long finishedSequence : position) {
            if (finishedSequence >= nextSequence && finishedSequence >= startSequence) {
                throw failed("is recorded at " + finishedSequence + ", but the log ends before " + nextSequence);
            }
        }
        for (final RecordedEvent event : simulation.log().events()) {
            if (event.sequence() >= startSequence && selects(event)
                && event.sequence() <= position[SinkContext.laneOf(event.keyHash(), position.length)]
                && !target.isFinished(event.sequence())
                && !simulation.log().wasParked(name, event.sequence())) {
                throw failed("is recorded as past " + event + ", which it has not finished");
            }
            if (simulation.log().isReplayed(name, event.sequence()) && !target.isFinished(event.sequence())) {
                throw failed("is recorded to have replayed " + event + ", which it has not finished");
            }
        }
    }

    AssertionError failed(final String problem) {
        return new AssertionError("Subscription " + name + " " + problem + ": " + this);
    }

    boolean parks() {
        return onPoison.parks();
    }

    boolean keepsOrder() {
        return onPoison == OnPoison.PARK_KEY;
    }

    /** Where it parks; only when it does. */
    ParkingLot parkingLot() {
        return ((BufferedSubscription)subscription).parkingLot().orElseThrow();
    }

    Subscription subscription() {
        return subscription;
    }

    /** At the end it has everything. */
    void checkComplete() {
        for (final RecordedEvent event : simulation.log().events()) {
            if (event.sequence() >= startSequence && selects(event) && !target.isFinished(event.sequence())
                && !simulation.log().isDropped(name, event.sequence())) {
                throw failed("never got " + event);
            }
        }
    }

    @Override
    public String toString() {
        return "from=" + from + " startSequence=" + startSequence + " lanes=" + lanes + " transactional="
            + transactional + " wholeTransactions=" + wholeTransactions + " onPoison=" + onPoison
            + " whenFull=" + whenFull + " topics="
            + topics + " maxBatchEvents=" + maxBatchEvents + " maxBatchBytes=" + maxBatchBytes
            + " maxTransactionBytes=" + maxTransactionBytes;
    }
}
