package io.headrace.bus.simulation;

import io.headrace.bus.Bus;
import io.headrace.bus.BusContext;
import io.headrace.bus.adapter.Health;
import io.headrace.bus.delivery.ParkedSelection;
import io.headrace.bus.log.LogState;
import io.headrace.bus.log.ParkedEvent;
import io.headrace.bus.log.RecordType;
import io.headrace.bus.ring.ProducerMode;
import io.headrace.bus.subscription.StartPosition;
import org.agrona.concurrent.UnsafeBuffer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * One run of a bus from a seed: sources, log, lanes and conductor get their turns in a random order on one thread,
 * processes crash and restart on the same disk, and a model says what must come of it. Owned by one thread.
 */
final class BusSimulation {
    private static final int MAX_DRAIN_ROUNDS = 5_000;
    private static final int MAX_DEPTH = 3;
    /** A lane that is asked to replay something at each of its turns does nothing else. */
    private static final int ROUNDS_BETWEEN_REPLAYS = 20;

    private final SplittableRandom random;
    private final Map<Happening, Integer> happenings;
    private final ManualClock clock = new ManualClock();
    private final SimulatedDisk disk;
    private final StorageFaults faults;
    private final LinkedHashMap<String, SimulatedSource> sources = new LinkedHashMap<>();
    private final List<SimulatedSubscription> subscriptions = new ArrayList<>();
    private final LogModel log;
    private final int ringSlots;
    private final boolean singleProducer;
    private final int sinkPatience;
    private final int steps;

    /** Of the process. */
    private SteppedAgents agents;
    private SimulatedEventLog eventLog;
    private Bus bus;
    private boolean crashed;
    private boolean calm;
    private boolean closing;
    private int depth;
    private AssertionError wrong;

    BusSimulation(final long seed, final Map<Happening, Integer> happenings) {
        random = new SplittableRandom(seed);
        this.happenings = happenings;
        disk = new SimulatedDisk(random.nextLong());
        faults = new StorageFaults(random.split(), random.nextInt(3) * 10, random.nextInt(3) * 10,
            random.nextInt(2) * 50);
        ringSlots = 64 << random.nextInt(3);
        singleProducer = random.nextInt(4) == 0;
        sinkPatience = 1 + random.nextInt(12);
        steps = 100 + random.nextInt(400);
        log = new LogModel(disk, sources, this::happened);
        addSource("orders", true);
        if (random.nextBoolean()) {
            addSource("stock", true);
        }
        if (random.nextInt(3) > 0) {
            addSource("meter", false);
        }
        final int subscriptionCount = 1 + random.nextInt(3);
        for (int i = 0; i < subscriptionCount; i++) {
            subscriptions.add(new SimulatedSubscription("s" + i, from(), this, random.split()));
        }
    }

    private void addSource(final String name, final boolean ordered) {
        sources.put(name, new SimulatedSource(
            name, ordered, 30 + random.nextInt(170), random.nextInt(3) * 200, random.split(), this::happened));
    }

    private StartPosition from() {
        return switch (random.nextInt(6)) {
            case 0 -> {
                happened(Happening.FROM_NOW);
                yield StartPosition.NOW;
            }
            case 1 -> {
                happened(Happening.FROM_SEQUENCE);
                yield StartPosition.ofSequence(random.nextInt(200));
            }
            case 2 -> {
                happened(Happening.FROM_TIME);
                yield StartPosition.ofTime(clock.epochNs() + random.nextInt(20_000_000));
            }
            default -> {
                happened(Happening.FROM_START);
                yield StartPosition.START;
            }
        };
    }

    /** Runs all of it; throws what is wrong. */
    void run() {
        startProcess(false);
        for (int step = 0; step < steps; step++) {
            turn();
            if (crashed) {
                restartAfterCrash();
            }
        }
        calm = true;
        faults.calmDown();
        subscriptions.stream().filter(subscription -> !subscription.added()).forEach(this::add);
        drain();
        log.checkComplete();
        subscriptions.forEach(SimulatedSubscription::checkComplete);
        restartCleanly();
        drain();
        endProcess();
        close();
        log.checkConfirmed();
    }

    private void close() {
        closing = true;
        bus.close();
        closing = false;
    }

    private void turn() {
        final int dice = random.nextInt(1000);
        if (dice < 300) {
            source().publishSome(true);
        } else if (dice < 500) {
            agents.step("headrace-log");
        } else if (dice < 880) {
            if (agents.count() > 0) {
                agents.step(random.nextInt(agents.count()));
            }
        } else if (dice < 930) {
            sources.values().forEach(source -> source.confirm(bus.finishedSequence()));
        } else if (dice < 970) {
            clock.advance(random.nextInt(random.nextInt(2) == 0 ? 20_000_000 : 100_000));
        } else if (dice < 974) {
            seeToParkedEvents();
        } else if (dice < 978) {
            happened(Happening.EPOCH_CLOCK_JUMP);
            clock.setEpochForward(random.nextLong(-3_600_000_000_000L, 3_600_000_000_000L));
            clock.advance(TimeUnit.SECONDS.toNanos(random.nextInt(7)));
        } else if (dice < 981) {
            crash();
        } else if (dice < 983) {
            if (depth == 0) {
                restartCleanly();
            }
        } else if (depth == 0) {
            subscriptions.stream().filter(subscription -> !subscription.added()).findFirst().ifPresent(this::add);
        }
        throwWhatIsWrong();
    }

    /** A lane waits for the log thread, which waits for nobody. */
    private void turnsUntil(final BooleanSupplier done) throws InterruptedException {
        depth++;
        try {
            while (!done.getAsBoolean()) {
                interruptWhenCrashed();
                if (calm || closing || depth > MAX_DEPTH || random.nextInt(3) > 0) {
                    clock.advance(1_000);
                    agents.step("headrace-log");
                } else {
                    turn();
                }
            }
        } finally {
            depth--;
        }
    }

    /** Somebody looks at what is parked: mends the target for it, replays it or drops it. */
    private void seeToParkedEvents() {
        for (final SimulatedSubscription subscription : subscriptions) {
            if (subscription.added() && subscription.parks() && !subscription.parkingLot().events().isEmpty()) {
                final List<ParkedEvent> parked = subscription.parkingLot().events();
                final long sequence = parked.get(random.nextInt(parked.size())).sequence();
                if (random.nextBoolean()) {
                    subscription.target.mend(sequence);
                }
                switch (random.nextInt(4)) {
                    case 0 -> subscription.parkingLot().drop(ParkedSelection.sequence(sequence));
                    case 1 -> subscription.parkingLot().replay(ParkedSelection.all());
                    default -> subscription.parkingLot().replay(ParkedSelection.sequence(sequence));
                }
            }
        }
    }

    private void replayAll() {
        for (final SimulatedSubscription subscription : subscriptions) {
            if (subscription.parks() && !subscription.parkingLot().events().isEmpty()) {
                subscription.target.mendAll();
                subscription.parkingLot().replay(ParkedSelection.all());
            }
        }
    }

    private SimulatedSource source() {
        final List<SimulatedSource> all = List.copyOf(sources.values());
        return all.get(random.nextInt(all.size()));
    }

    /** What everybody else does while a sink is busy. */
    void othersWhileInSink() throws InterruptedException {
        if (!calm && depth < MAX_DEPTH && random.nextInt(4) == 0) {
            depth++;
            try {
                for (int turns = random.nextInt(4 * sinkPatience); turns > 0 && !crashed; turns--) {
                    turn();
                }
                if (!crashed && random.nextInt(3) == 0) {
                    fillTheRing();
                }
            } finally {
                depth--;
            }
            if (crashed) {
                happened(Happening.CRASH_IN_SINK);
            }
        }
        interruptWhenCrashed();
    }

    /** The sources are fast and the log keeps up: the conductor finds a ring that waits for the busy lanes only. */
    private void fillTheRing() {
        for (int i = random.nextInt(2 * ringSlots / 8); i > 0; i--) {
            source().publishSome(false);
            agents.step("headrace-log");
        }
        agents.step("headrace-conductor");
    }

    /** The worst moment: the data is about to be committed. */
    void crashBeforeCommit() throws InterruptedException {
        if (!calm && random.nextInt(60) == 0) {
            crash();
        }
        interruptWhenCrashed();
    }

    private void interruptWhenCrashed() throws InterruptedException {
        if (crashed) {
            throw new InterruptedException("The process is gone.");
        }
    }

    private void crash() {
        if (!crashed) {
            crashed = true;
            happened(Happening.CRASH);
            eventLog.crash();
            agents.drop();
        }
    }

    private void restartAfterCrash() {
        // What unwound on the lanes' turns left its mark on this thread.
        Thread.interrupted();
        endProcess();
        sources.values().forEach(SimulatedSource::crashed);
        startProcess(true);
    }

    private void restartCleanly() {
        happened(Happening.CLEAN_RESTART);
        endProcess();
        close();
        for (final SimulatedSubscription subscription : subscriptions) {
            if (random.nextInt(4) == 0) {
                subscription.changeLanes(1 + random.nextInt(4));
            }
        }
        sources.values().forEach(SimulatedSource::crashed);
        startProcess(false);
    }

    /** Notes what happened in the process that ends now. */
    private void endProcess() {
        bus.counters().forEach((name, count) -> {
            if (name.endsWith(".evictions")) {
                happened(Happening.EVICTION, count);
            } else if (name.endsWith(".rejoins")) {
                happened(Happening.REJOIN, count);
            } else if (name.equals("log.storage-failures")) {
                happened(Happening.STORAGE_FAILURE, count);
            } else if (name.endsWith(".back-pressured")) {
                happened(Happening.STORAGE_BACK_PRESSURE_ON_PUBLISHER, count);
            }
        });
        if (disk.firstIndex() > 0) {
            happened(Happening.PURGE);
        }
    }

    private void startProcess(final boolean afterCrash) {
        crashed = false;
        log.checkConfirmed();
        final LogState recovered = disk.size() == 0 ? null : recoveredState();
        agents = new SteppedAgents(this::turnsUntil);
        final SimulatedEventLog opened = new SimulatedEventLog(disk, faults, clock);
        eventLog = opened;
        bus = new Bus(new BusContext()
            .ring(ringSlots, 64)
            .producerMode(singleProducer ? ProducerMode.SINGLE : ProducerMode.MULTI)
            .log(() -> opened).agents(agents).clocks(clock::nanoTime, clock::epochNs));
        for (final SimulatedSubscription subscription : subscriptions) {
            if (subscription.added() || recovered == null && random.nextBoolean()) {
                subscription.start(bus, recovered, afterCrash);
            }
        }
        sources.values().forEach(source -> source.start(bus));
    }

    private void add(final SimulatedSubscription subscription) {
        subscription.start(bus, null, false);
    }

    /** What the last checkpoint and the records behind it say; it is what all records say. */
    private LogState recoveredState() {
        final LogState recovered = new LogState(disk.logId());
        disk.feed(disk.recoveryIndex(), recovered);
        for (final SimulatedSource source : sources.values()) {
            if (source.ordered() && log.lastItem(source.name()) >= 0) {
                final byte[] position = recovered.source(source.name()).orElseThrow(() ->
                    new AssertionError("The checkpoint has no source " + source.name())).sourcePosition();
                final long item = new UnsafeBuffer(position).getLong(0);
                if (item != log.lastItem(source.name())) {
                    throw new AssertionError("The recovered state says item " + item + " of " + source.name()
                        + ", the log ends with " + log.lastItem(source.name()));
                }
            }
        }
        return recovered;
    }

    /** With nothing going wrong any more everything arrives. */
    private void drain() {
        for (int round = 0; round < MAX_DRAIN_ROUNDS; round++) {
            sources.values().forEach(source -> source.publishSome(false));
            if (round % ROUNDS_BETWEEN_REPLAYS == 0) {
                replayAll();
            }
            agents.stepAll();
            clock.advance(100_000);
            sources.values().forEach(source -> source.confirm(bus.finishedSequence()));
            throwWhatIsWrong();
            if (drained()) {
                return;
            }
        }
        throw new AssertionError("It is not drained: claimedSequence=" + bus.claimedSequence() + " finishedSequence="
            + bus.finishedSequence() + " confirmed="
            + sources.values().stream().map(SimulatedSource::allConfirmed).toList() + " "
            + bus.subscriptions().stream().map(subscription -> subscription.status().toString()).toList());
    }

    private boolean drained() {
        final long claimedSequence = bus.claimedSequence();
        return sources.values().stream().allMatch(SimulatedSource::allConfirmed)
            && bus.finishedSequence() == claimedSequence
            && subscriptions.stream().noneMatch(subscription ->
                subscription.parks() && !subscription.parkingLot().events().isEmpty())
            && bus.subscriptions().stream().allMatch(subscription -> subscription.position() >= claimedSequence);
    }

    /** Keeps the first fault; lanes would only stop their flow for it. */
    AssertionError wrong(final AssertionError error) {
        if (wrong == null && !crashed) {
            wrong = error;
        }
        return error;
    }

    private void throwWhatIsWrong() {
        if (wrong != null) {
            throw wrong;
        }
        for (final SimulatedSubscription subscription : subscriptions) {
            if (!crashed && subscription.added() && subscription.subscription().stopped()) {
                throw subscription.failed("stopped: "
                    + subscription.subscription().status().reason());
            }
        }
        if (!crashed && bus.logStatus().orElseThrow().health() == Health.State.FAILED) {
            throw new AssertionError(bus.logStatus().orElseThrow().reason());
        }
    }

    LogModel log() {
        return log;
    }

    /** Whether the retention has left an event in the log. */
    boolean isKept(final long sequence) {
        for (int i = disk.firstIndex(); i < disk.size(); i++) {
            if (disk.entry(i).type() == RecordType.EVENT && disk.entry(i).sequence() == sequence) {
                return true;
            }
        }
        return false;
    }

    /** The lowest sequence that the retention has left certainly. */
    long firstKeptSequence() {
        return disk.firstIndex() == 0 ? 0 : disk.entry(disk.firstIndex() - 1).nextSequence();
    }

    /** Once in so many times, and never when nothing may go wrong any more. */
    boolean chance(final int oneIn) {
        return !calm && random.nextInt(oneIn) == 0;
    }

    int upTo(final int bound) {
        return random.nextInt(bound + 1);
    }

    void happened(final Happening what) {
        happened(what, 1);
    }

    private void happened(final Happening what, final long count) {
        happenings.merge(what, (int)count, Integer::sum);
    }

    static Map<Happening, Integer> newHappenings() {
        return new HashMap<>();
    }
}
