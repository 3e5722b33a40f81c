package io.headrace.aeron.link;

import io.headrace.bus.link.BusRole;
import io.headrace.bus.publish.EventClaim;
import io.headrace.bus.publish.Publisher;
import io.headrace.codecs.EventWriter;
import io.headrace.codecs.sbe.EventKind;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

import static io.headrace.aeron.link.TestMember.range;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Configured services that lead, follow and change places, with real logs and real links on loopback. */
class ReplicatedServiceTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private Path folder;

    private TestMember a;
    private TestMember b;

    @BeforeEach
    void setUp() {
        a = new TestMember(folder, "a");
        b = new TestMember(folder, "b");
    }

    @AfterEach
    void tearDown() {
        b.close();
        a.close();
    }

    @Test
    void shouldFollowFromTheFirstEventOnAndGoOnAfterRestarts() {
        b.follow(a);
        b.awaitState("waiting for a leader");
        a.lead("");
        a.publish(0, 3000);
        b.awaitCount(3000);
        b.awaitState("following");
        assertEquals(BusRole.REPLICA, b.replication().role());
        assertFalse(CollectingAdapters.running("b").isPresent(), "its sources stand by");
        b.close();
        a.publish(3000, 6000);
        b.follow(a);
        b.awaitCount(6000);
        a.close();
        b.awaitState("leader away");
        a.lead("");
        a.publish(6000, 7000);
        b.awaitCount(7000);
        assertEquals(range(0, 7000), b.numbers());
        assertEquals(2, b.service.bus().epochs().epoch());
        assertEquals(2, a.service.bus().epochs().lastCommonEpoch(b.service.bus().epochs()));
        assertEquals(a.service.bus().claimedSequence(), b.service.bus().claimedSequence());
    }

    @Test
    void shouldHandOverWithoutLoss() throws InterruptedException {
        a.lead("");
        a.publish(0, 1000);
        b.follow(a);
        b.awaitCount(1000);
        a.publish(1000, 1999);
        final long last = a.publish(1999, "id-7");
        final String outcome = b.service.promote(false, PATIENCE);
        assertTrue(outcome.startsWith("leads epoch 2 from sequence "), outcome);
        assertEquals("leading", b.replication().state());
        assertTrue(CollectingAdapters.running("b").isPresent(), "its sources run");
        a.awaitState("fenced");
        assertFalse(CollectingAdapters.running("a").isPresent());
        assertFalse(a.service.status().healthy());
        assertEquals(Publisher.CLOSED, a.service.bus().newPublisher("erp").tryClaim(100, new EventClaim()));
        a.awaitCount(2000);
        assertEquals(last, CollectingAdapters.running("b").orElseThrow().recorded().orElseThrow().lastSequence());
        assertEquals(Publisher.DUPLICATE, b.publish(1999, "id-7"), "the former leader has taken it");
        b.publish(2000, 3000);
        a.close();
        a.follow(b);
        a.awaitCount(3000);
        assertEquals(range(0, 3000), a.numbers());
        assertEquals(range(0, 3000), b.numbers());
    }

    @Test
    void shouldLeadTheOtherReplicasToTheNewLeader() throws InterruptedException {
        try (TestMember c = new TestMember(folder, "c")) {
            a.lead("");
            b.follow(a);
            c.follow(a, b);
            a.publish(0, 500);
            b.awaitCount(500);
            b.service.promote(false, PATIENCE);
            b.publish(500, 1000);
            c.awaitCount(1000);
            assertEquals(range(0, 1000), c.numbers());
            assertEquals(Optional.of("127.0.0.1:" + b.port), c.replication().leader());
            assertEquals(2, c.service.bus().epochs().epoch());
        }
    }

    /** A replica that was behind is promoted by force; another one that has more cuts it, and goes on by itself. */
    @Test
    void shouldCutItsLogWhileItRuns() throws InterruptedException {
        try (TestMember c = new TestMember(folder, "c")) {
            a.lead("");
            b.follow(a, c);
            c.follow(a);
            a.publish(0, 500);
            b.awaitCount(500);
            c.awaitCount(500);
            c.stop();
            a.publish(500, 600);
            b.awaitCount(600);
            a.close();
            c.follow(a);
            c.awaitState("leader away");
            c.service.promote(true, PATIENCE);
            c.publish(5000, 5100);
            TestMember.await(() -> b.numbers().contains(5099L), () -> b.replication().toString());
            assertEquals(range(5000, 5100), b.numbers().subList(b.numbers().size() - 100, b.numbers().size()));
            assertEquals(100, b.service.bus().counters().counter("replica.cut-events").get());
            assertEquals(1, b.service.bus().counters().counter("replica.cuts").get());
            assertEquals(c.service.bus().claimedSequence(), b.service.bus().claimedSequence());
            b.awaitState("following");
        }
    }

    @Test
    void shouldDeliverOnlyWhatAReplicaHas() {
        a.leadAfter("replicated");
        a.publish(0, 100);
        TestMember.await(() -> a.service.bus().recordedSequence() >= a.service.bus().claimedSequence(),
            () -> "not recorded: " + a.service.status());
        TestMember.await(
            () -> a.service.status().flows().get(0).subscription().state().equals("waits for replicas"),
            () -> a.service.status().flows().toString());
        assertEquals(0, a.numbers().size(), "nobody else has it");
        b.follow(a);
        a.awaitCount(100);
        assertEquals(range(0, 100), a.numbers());
        b.awaitCount(100);
    }

    /** Both led epoch 2: what only the former leader has is named, cut, and replaced by what the new one has. */
    @Test
    void shouldCutWhatOnlyAFormerLeaderHas() throws InterruptedException {
        a.lead("");
        a.publish(0, 1000);
        b.follow(a);
        b.awaitCount(1000);
        b.close();
        a.publish(1000, 1200);
        a.awaitCount(1200);
        a.close();
        b.follow(a);
        b.awaitState("leader away");
        assertThrows(IllegalStateException.class, () -> b.service.promote(false, PATIENCE));
        assertEquals(0, b.service.status().flows().size(), "they are not attached in the first five seconds");
        final String outcome = b.service.promote(true, PATIENCE);
        assertTrue(outcome.contains("epoch 2"), outcome);
        assertEquals(1, b.service.status().flows().size());
        assertTrue(CollectingAdapters.running("b").isPresent());
        b.publish(5000, 5500);
        b.awaitCount(1500);
        final IllegalStateException refused = assertThrows(
            IllegalStateException.class, () -> a.lead(", peers: [\"127.0.0.1:" + b.port + "\"]"));
        assertTrue(refused.getMessage().contains("leads epoch 2"), refused.getMessage());
        assertTrue(refused.getMessage().contains("are only here"), refused.getMessage());
        CollectingAdapters.NUMBERS.remove("a");
        a.follow(b);
        a.awaitCount(500);
        assertEquals(range(5000, 5500), a.numbers().subList(a.numbers().size() - 500, a.numbers().size()));
        assertEquals(b.service.bus().claimedSequence(), a.service.bus().claimedSequence());
        assertEquals(200, a.service.bus().counters().counter("replica.cut-events").get());
    }

    @Test
    void shouldAskEveryPeerBeforeItLeads() throws InterruptedException {
        try (TestMember dead = new TestMember(folder, "dead")) {
            a.lead("");
            a.publish(0, 100);
            b.follow(a);
            b.awaitCount(100);
            b.service.promote(false, PATIENCE);
            a.close();
            final IllegalStateException refused = assertThrows(IllegalStateException.class, () -> a.lead(
                ", peers: [\"127.0.0.1:" + dead.port + "\", \"127.0.0.1:" + b.port + "\"]"));
            assertTrue(refused.getMessage().contains("leads epoch 2"), refused.getMessage());
        }
    }

    @Test
    void shouldFenceALeaderThatDoesNotKnowOfAHigherEpoch() throws InterruptedException {
        a.lead("");
        a.publish(0, 100);
        b.follow(a);
        b.awaitCount(100);
        a.close();
        b.awaitState("leader away");
        b.service.promote(true, PATIENCE);
        b.close();
        b.lead("");
        b.close();
        a.lead("");
        a.publish(100, 150);
        b.follow(a);
        a.awaitState("fenced");
        assertTrue(a.replication().reason().contains("epoch 3"), a.replication().reason());
        assertEquals(Publisher.CLOSED, a.service.bus().newPublisher("erp").offer(event(), 0, event().capacity()));
    }

    private static UnsafeBuffer event() {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[256]);
        final EventWriter writer = new EventWriter().wrap(buffer, 0)
            .kind(EventKind.DOCUMENT).topic(new byte[] {'x'}).source(new byte[] {'x'});
        writer.beginPayload();
        return new UnsafeBuffer(buffer, 0, writer.endPayload(1).length());
    }
}
