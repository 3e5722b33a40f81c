package io.headrace.bus.service;

import io.headrace.bus.Bus;
import io.headrace.bus.BusContext;
import io.headrace.bus.link.BusRole;
import io.headrace.bus.link.LeaderLink;
import io.headrace.bus.log.EpochHistory;
import io.headrace.bus.simulation.ManualClock;
import io.headrace.bus.simulation.SimulatedDisk;
import io.headrace.bus.simulation.SimulatedEventLog;
import io.headrace.bus.simulation.StorageFaults;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

/** Who leads after a hand-over that went wrong; on a bus with threads and a simulated storage. */
class RoleChangeTest {
    private static final long LOG_ID = 77;
    private static final EpochHistory LEADER = EpochHistory.of(LOG_ID).begin(1, 0, 4711);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final List<String> asked = new ArrayList<>();
    private final SimulatedEventLog log =
        new SimulatedEventLog(new SimulatedDisk(LOG_ID), StorageFaults.none(1), new ManualClock());
    private Bus bus;

    /** What is asked of the leader. */
    private final LeaderLink link = new LeaderLink() {
        @Override
        public void requestStepDown(final long epoch) {
            asked.add("step down for epoch " + epoch);
        }

        @Override
        public void withdrawStepDown() {
            asked.add("withdrawn");
        }

        @Override
        public void close() {
            asked.add("closed");
        }
    };

    private BusContext context() {
        return new BusContext().ring(64, 64).log(() -> log);
    }

    @AfterEach
    void close() {
        bus.close();
    }

    private ReplicaFollower replica() {
        bus = new Bus(context().replica(LEADER, 0));
        final ReplicaFollower follower = new ReplicaFollower(bus, answer -> { });
        follower.onAccepted("a:1", LEADER, follower.nextSequence(), -1);
        return follower;
    }

    private Promotion promotion(final ReplicaFollower follower) {
        return new Promotion(new BusRun(null, bus), follower, link, () -> { }, () -> asked.add("follow again"));
    }

    @Test
    void shouldWithdrawWhatALeaderDidNotDoInTime() {
        final ReplicaFollower follower = replica();
        assertThrows(IllegalStateException.class, () -> promotion(follower).promote(false, Duration.ZERO));

        assertEquals(List.of("step down for epoch 2", "withdrawn"), asked);
        assertEquals(BusRole.REPLICA, bus.role());
    }

    @Test
    void shouldNotTakeAFormerLeadersWordForTheNextOnes() {
        final ReplicaFollower follower = replica();
        follower.onSteppedDown(0);
        follower.onLeaderAway("meant to go");
        follower.onAccepted("b:1", LEADER.begin(2, 0, 4712), follower.nextSequence(), -1);
        assertThrows(IllegalStateException.class, () -> promotion(follower).promote(false, Duration.ZERO));

        assertEquals(BusRole.REPLICA, bus.role(), "b leads");
    }

    private ServiceLinkHost leader() {
        bus = new Bus(context());
        return new ServiceLinkHost(null, new BusRun(null, bus), Runnable::run);
    }

    private static long awaitStepDown(final ServiceLinkHost host, final String replica) {
        final long deadlineNs = System.nanoTime() + PATIENCE.toNanos();
        long nextSequence = host.stepDown(2, replica);
        while (nextSequence < 0 && System.nanoTime() - deadlineNs < 0) {
            Thread.onSpinWait();
            nextSequence = host.stepDown(2, replica);
        }
        return nextSequence;
    }

    @Test
    void shouldStepDownForOneReplicaOnly() {
        final ServiceLinkHost host = leader();
        assertEquals(0, awaitStepDown(host, "b"));
        assertEquals(-1, host.stepDown(2, "c"));
        host.onReplica("b", -1);

        assertEquals(-1, host.stepDown(2, "c"), "b may lead by now");
        assertEquals(0, host.stepDown(2, "b"));
    }

    @Test
    void shouldStepDownForAnotherReplicaWhenTheFirstIsGoneUntold() {
        final List<Runnable> tasks = new ArrayList<>();
        bus = new Bus(context());
        final ServiceLinkHost host = new ServiceLinkHost(null, new BusRun(null, bus), tasks::add);
        assertEquals(-1, host.stepDown(2, "b"), "its sources are not quiet yet");
        host.onReplica("b", -1);
        tasks.forEach(Runnable::run);

        assertEquals(0, awaitStepDown(host, "c"));
    }
}
