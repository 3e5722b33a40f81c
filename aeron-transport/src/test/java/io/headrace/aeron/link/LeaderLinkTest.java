package io.headrace.aeron.link;

import io.headrace.bus.AgentHost;
import io.headrace.bus.link.BusRole;
import io.headrace.bus.link.LeaderLink;
import io.headrace.bus.link.LeaderLinkContext;
import io.headrace.bus.log.EpochHistory;
import io.headrace.bus.ring.WaitProfile;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.LongStream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Replicas that follow a leader, over real Aeron on loopback. */
class LeaderLinkTest {
    private static final EpochHistory EMPTY = EpochHistory.of(0);

    private final List<AutoCloseable> closeables = new ArrayList<>();
    private LinkFixture leader;

    @TempDir
    private Path folder;

    @BeforeEach
    void serve() {
        leader = new LinkFixture(folder.resolve("leader"), 1 << 12).serve("mill", 8);
    }

    @AfterEach
    void close() throws Exception {
        for (final AutoCloseable closeable : closeables) {
            closeable.close();
        }
        leader.close();
    }

    private LeaderLink follow(final String name, final NotingFollower follower) {
        return follow(name, follower, List.of(leader.address()), "mill");
    }

    private LeaderLink follow(
        final String name,
        final NotingFollower follower,
        final List<InetSocketAddress> leaders,
        final String secret) {
        final LeaderLink link = new AeronLinkProvider().follow(
            new LeaderLinkContext(name, leaders, Optional.of(secret), WaitProfile.ECO, AgentHost.threads()), follower);
        closeables.add(link);
        return link;
    }

    private static void await(final Callable<Boolean> condition) {
        Awaitility.await().atMost(LinkFixture.PATIENCE).until(condition);
    }

    private static List<Long> numbers(final long from, final long to) {
        return LongStream.range(from, to).boxed().toList();
    }

    @Test
    void shouldFollowFromTheBeginningAndKeepUp() {
        leader.publish("erp.item", 0, 3000, 200);
        final NotingFollower follower = new NotingFollower(EMPTY, 0);
        follow("east", follower);
        await(() -> follower.numbers.size() == 3000);
        leader.publish("erp.item", 3000, 5000, 200);
        await(() -> follower.numbers.size() == 5000);
        assertEquals(numbers(0, 5000), follower.numbers);
        assertNull(follower.gap);
        assertEquals(leader.bus().epochs().logId(), follower.epochs.logId());
        assertEquals(leader.bus().epochs().startTimeNs(1), follower.epochs.startTimeNs(1));
        final long finished = leader.bus().finishedSequence();
        await(() -> leader.replicas.get("east") == finished + 1 && follower.leaderSequence == finished);
        await(() -> leader.server().links().stream().anyMatch(link -> link.name().equals("east")
            && link.kind().equals("replica") && link.position() == finished && link.lag() == 0
            && link.state().equals("live")));
    }

    @Test
    void shouldGoOnWhenTheLeaderHasRestarted() {
        leader.publish("erp.item", 0, 1000, 64);
        final NotingFollower follower = new NotingFollower(EMPTY, 0);
        follow("east", follower);
        await(() -> follower.numbers.size() == 1000);
        leader.stopServer();
        leader.bus().close();
        await(() -> !follower.awayReasons.isEmpty());
        assertEquals(-1, leader.replicas.get("east"));
        leader.open();
        leader.publish("erp.item", 1000, 2000, 64);
        leader.serve("mill", 8);
        await(() -> follower.numbers.size() == 2000);
        assertEquals(numbers(0, 2000), follower.numbers);
        assertNull(follower.gap);
        assertEquals(2, follower.epochs.epoch());
    }

    @Test
    void shouldOnlyHoldUpItself() {
        final NotingFollower stuck = new NotingFollower(EMPTY, 0);
        stuck.takesEvents = false;
        final NotingFollower other = new NotingFollower(EMPTY, 0);
        follow("stuck", stuck);
        follow("other", other);
        leader.publish("erp.item", 0, 8_000, 1000);
        await(() -> other.numbers.size() == 8_000);
        assertEquals(0, stuck.numbers.size());
        assertTrue(leader.replicas.getOrDefault("stuck", 0L) <= 0);
        stuck.takesEvents = true;
        await(() -> stuck.numbers.size() == 8_000);
        assertEquals(numbers(0, 8_000), stuck.numbers);
        assertEquals(numbers(0, 8_000), other.numbers);
        assertNull(stuck.gap);
    }

    @Test
    void shouldTellWhatTheLeaderHasNot() {
        leader.publish("erp.item", 0, 100, 64);
        final EpochHistory first = leader.bus().epochs();
        final long end = leader.bus().claimedSequence() + 1;
        leader.stopServer();
        leader.bus().close();
        leader.open();
        leader.publish("erp.item", 100, 200, 64);
        leader.serve("mill", 8);
        final NotingFollower ahead = new NotingFollower(first, end + 50);
        follow("ahead", ahead);
        await(() -> ahead.acceptedCount == 1);
        assertEquals(List.of(end), ahead.cuts);
        assertEquals(0, ahead.numbers.size());
        final NotingFollower behind = new NotingFollower(first, end);
        follow("behind", behind);
        await(() -> behind.numbers.size() == 100);
        assertEquals(List.of(-1L), behind.cuts);
        assertEquals(numbers(100, 200), behind.numbers);
    }

    @Test
    void shouldFenceALeaderThatAnotherOneHasFollowed() {
        leader.publish("erp.item", 0, 100, 64);
        final EpochHistory later = leader.bus().epochs().begin(2, 90, 4711);
        final NotingFollower follower = new NotingFollower(later, 120);
        follow("east", follower);
        await(() -> leader.higherEpochs() != null);
        assertEquals(2, leader.higherEpochs().epoch());
        assertEquals(4711, leader.higherEpochs().startTimeNs(2));
        await(() -> follower.awayReasons.stream().anyMatch(reason -> reason.contains("fenced")));
        assertNull(follower.refusal);
    }

    @Test
    void shouldRefuseForGoodWhatNeverFits() {
        final NotingFollower otherSlots = new NotingFollower(EMPTY, 0);
        otherSlots.slotBytes = 2 * LinkFixture.SLOT_BYTES;
        follow("slots", otherSlots);
        final NotingFollower otherLog = new NotingFollower(EpochHistory.of(17).begin(1, 0, 1), 10);
        follow("log", otherLog);
        await(() -> otherSlots.refusal != null && otherLog.refusal != null);
        assertTrue(otherSlots.refusal.contains("slot-bytes"), otherSlots.refusal);
        assertTrue(otherLog.refusal.contains("another one"), otherLog.refusal);
    }

    @Test
    void shouldAskAgainWhileTheSecretIsAnotherOne() {
        leader.publish("erp.item", 0, 100, 64);
        final NotingFollower stranger = new NotingFollower(EMPTY, 0);
        follow("stranger", stranger, List.of(leader.address()), "wheel");
        await(() -> leader.counter("link.not-authentic") == 2);
        assertTrue(stranger.awayReasons.get(0).contains("secret"), stranger.awayReasons::toString);
        leader.stopServer();
        assertEquals(0, stranger.numbers.size());
        leader.serve("wheel", 8);
        await(() -> stranger.numbers.size() == 100);
    }

    @Test
    void shouldCloseOnlyTheLinkThatFails() {
        leader.brokenReplica = "broken";
        leader.publish("erp.item", 0, 10, 64);
        final NotingFollower other = new NotingFollower(EMPTY, 0);
        follow("other", other);
        final NotingFollower broken = new NotingFollower(EMPTY, 0);
        follow("broken", broken);
        await(() -> leader.counter("link.failed") >= 2);
        leader.publish("erp.item", 10, 100, 64);
        await(() -> other.numbers.size() == 100);
        leader.brokenReplica = null;
        await(() -> broken.numbers.size() == 100);
        assertEquals(numbers(0, 100), other.numbers);
        assertEquals(numbers(0, 100), broken.numbers);
    }

    @Test
    void shouldEndWhenTheReplicaCannotTakeAnEvent() {
        leader.publish("erp.item", 0, 100, 64);
        final NotingFollower follower = new NotingFollower(EMPTY, 0);
        follower.fails = true;
        follow("east", follower);
        await(() -> follower.refusal != null);
        assertTrue(follower.refusal.contains("meant to fail"), follower.refusal);
        await(() -> leader.server().links().isEmpty());
    }

    @Test
    void shouldHandOver() {
        leader.publish("erp.item", 0, 500, 64);
        final NotingFollower follower = new NotingFollower(EMPTY, 0);
        final LeaderLink link = follow("east", follower);
        await(() -> follower.numbers.size() == 500);
        link.requestStepDown(2);
        await(() -> follower.steppedDownSequence >= 0);
        assertEquals(leader.bus().claimedSequence() + 1, follower.steppedDownSequence);
        assertEquals(2, leader.steppedDownEpoch());
        assertEquals(BusRole.FENCED, leader.role());
    }

    @Test
    void shouldNotAskTheNextLeaderForWhatWasWithdrawn() {
        leader.stepsDown = false;
        leader.publish("erp.item", 0, 100, 64);
        final NotingFollower follower = new NotingFollower(EMPTY, 0);
        final LeaderLink link = follow("east", follower);
        await(() -> follower.numbers.size() == 100);
        link.requestStepDown(2);
        await(() -> leader.steppedDownEpoch() == 2);
        link.withdrawStepDown();
        leader.stopServer();
        leader.forgetStepDown();
        leader.serve("mill", 8);
        leader.publish("erp.item", 100, 200, 64);
        await(() -> follower.numbers.size() == 200);
        assertEquals(-1, leader.steppedDownEpoch());
    }

    @Test
    void shouldLookForTheOneThatLeads() {
        final LinkFixture replica = new LinkFixture(folder.resolve("replica"), 1 << 10);
        closeables.add(replica);
        replica.role(BusRole.REPLICA);
        replica.serve("mill", 8);
        leader.publish("erp.item", 0, 100, 64);
        final NotingFollower follower = new NotingFollower(EMPTY, 0);
        follow("east", follower, List.of(replica.address(), leader.address()), "mill");
        await(() -> follower.numbers.size() == 100);
        assertTrue(follower.awayReasons.stream().anyMatch(reason -> reason.contains("does not lead")));
    }

    @Test
    void shouldGiveANameToTheLastWhoAsks() {
        leader.publish("erp.item", 0, 100, 64);
        final NotingFollower first = new NotingFollower(EMPTY, 0);
        final LeaderLink link = follow("east", first);
        await(() -> first.numbers.size() == 100);
        final NotingFollower second = new NotingFollower(EMPTY, 0);
        follow("east", second);
        await(() -> second.numbers.size() == 100);
        link.close();
        leader.publish("erp.item", 100, 200, 64);
        await(() -> second.numbers.containsAll(numbers(100, 200)));
        assertNotNull(leader.replicas.get("east"));
        assertNull(second.gap);
    }
}
