package io.headrace.bus.simulation;

import io.headrace.bus.Bus;
import io.headrace.bus.BusContext;
import io.headrace.bus.log.EpochHistory;
import io.headrace.bus.log.LogReader;
import io.headrace.bus.log.LogState;
import io.headrace.bus.log.RecordType;
import io.headrace.bus.publish.EventClaim;
import io.headrace.bus.publish.FollowingPublisher;
import io.headrace.bus.publish.Publisher;
import io.headrace.codecs.EventWriter;
import io.headrace.codecs.sbe.EventKind;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;

/**
 * A leader or a replica of a simulated bus, over crashes: a disk, and while its process lives a bus on it. The link
 * between the two is simulated: it gives what is recorded, as a real one does. Owned by the thread of the simulation.
 */
final class SimulatedMember {
    private static final byte[] NAME = "erp".getBytes(StandardCharsets.US_ASCII);
    private static final int SLOT_BYTES = 64;

    private final SimulatedDisk disk;
    private final StorageFaults faults;
    private final ManualClock clock;
    private final SplittableRandom random;
    private final int ringSlots;
    private SteppedAgents agents;
    private SimulatedEventLog log;
    private Bus bus;
    private FollowingPublisher following;
    private LogReader feed;
    private boolean skipped = true;

    SimulatedMember(
        final SimulatedDisk disk, final StorageFaults faults, final ManualClock clock, final SplittableRandom random) {
        this.disk = disk;
        this.faults = faults;
        this.clock = clock;
        this.random = random;
        ringSlots = 64 << random.nextInt(2);
    }

    SimulatedDisk disk() {
        return disk;
    }

    Bus bus() {
        return bus;
    }

    private BusContext context() {
        agents = new SteppedAgents(this::turnsUntil);
        log = new SimulatedEventLog(disk, faults, clock);
        final SimulatedEventLog opened = log;
        return new BusContext().ring(ringSlots, SLOT_BYTES).log(() -> opened).agents(agents)
            .clocks(clock::nanoTime, clock::epochNs);
    }

    void startAsLeader() {
        bus = new Bus(context());
    }

    /** A replica that has not asked its leader yet; an empty one takes its epochs from the leader at once. */
    void startAsReplica(final EpochHistory leader) {
        bus = new Bus(context().replica(disk.size() == 0 ? leader : null, 0));
        following = bus.newFollowingPublisher();
    }

    /** How this one stands to the leader. */
    EpochHistory.Comparison compare(final SimulatedMember leader) {
        return leader.bus.epochs().compare(
            bus.epochs(), following.nextSequence(), leader.bus.recordedSequence() + 1);
    }

    /** Asks the leader; answers whether something was cut, and the process with it. */
    boolean follow(final SimulatedMember leader) {
        final EpochHistory.Comparison comparison = compare(leader);
        if (comparison.cutSequence() >= 0) {
            bus.close();
            disk.cut(comparison.cutSequence());
            startAsReplica(leader.bus.epochs());
            return true;
        }
        bus.follow(leader.bus.epochs());
        feed = leader.bus.newLogReader();
        feed.seekSequence(comparison.fromSequence());
        skipped = true;
        return false;
    }

    boolean follows() {
        return feed != null;
    }

    void linkLost() {
        feed = null;
    }

    /** The link gives some events. */
    int receive(final int count) {
        int received = 0;
        while (feed != null && received < count && (!skipped || feed.next())) {
            skipped = feed.type() != RecordType.EVENT || following.publish(
                feed.sequence(), feed.nextSequence(), feed.buffer(), feed.offset(), feed.lengthBytes());
            if (!skipped) {
                return received;
            }
            received++;
        }
        return received;
    }

    /** Publishes an event of some length, or gives its room up. */
    void publish() {
        final Publisher publisher = bus.newPublisher("erp");
        final EventClaim claim = new EventClaim();
        if (publisher.tryClaim(100 + random.nextInt(400), claim) < 0) {
            return;
        }
        if (random.nextInt(5) == 0) {
            claim.abort();
            return;
        }
        final EventWriter writer = new EventWriter().wrap(claim.buffer(), claim.offset()).kind(EventKind.DOCUMENT)
            .topic(NAME).source(NAME);
        claim.buffer().putLong(writer.beginPayload(), random.nextLong());
        claim.commit(writer.endPayload(Long.BYTES).length());
    }

    void step() {
        agents.step("headrace-log");
    }

    private void turnsUntil(final BooleanSupplier done) {
        while (!done.getAsBoolean()) {
            clock.advance(1_000);
            step();
        }
    }

    boolean isRecorded() {
        return bus.recordedSequence() >= bus.claimedSequence();
    }

    void crash() {
        log.crash();
        agents.drop();
        linkLost();
    }

    /** The texts of the events on the disk, which are compared with those of another one. */
    List<String> events() {
        final List<String> events = new ArrayList<>();
        for (int i = 0; i < disk.size(); i++) {
            if (disk.entry(i).type() == RecordType.EVENT) {
                final byte[] bytes = new byte[disk.entry(i).bytes().capacity()];
                disk.entry(i).bytes().getBytes(0, bytes);
                events.add(disk.entry(i).sequence() + "-" + disk.entry(i).nextSequence() + " "
                    + HexFormat.of().formatHex(bytes));
            }
        }
        return events;
    }

    /** What a new process would recover. */
    EpochHistory recoveredEpochs() {
        final LogState state = new LogState(disk.logId());
        disk.feed(disk.recoveryIndex(), state);
        return state.epochs();
    }
}
