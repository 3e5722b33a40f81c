package io.headrace.aeron.link;

import io.headrace.bus.AgentHost;
import io.headrace.bus.Bus;
import io.headrace.bus.link.LeaderLink;
import io.headrace.bus.link.LeaderLinkContext;
import io.headrace.bus.log.EpochHistory;
import io.headrace.bus.ring.WaitProfile;
import io.headrace.codecs.sbe.link.LinkRole;
import io.headrace.codecs.sbe.link.Refusal;
import io.headrace.codecs.sbe.link.StartKind;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.LongStream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Remote subscribers, over real Aeron. */
class LinkFeedTest {
    private final List<LinkProbe> probes = new ArrayList<>();
    private LinkFixture service;

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        probes.forEach(LinkProbe::close);
        service.close();
    }

    private LinkProbe subscriber(final boolean ipc, final String name) {
        final LinkProbe probe = ipc
            ? LinkProbe.ipc(service.driverFolder(), LinkRole.SUBSCRIBER, name, null)
            : LinkProbe.udp(service.address(), LinkRole.SUBSCRIBER, name, null);
        probes.add(probe);
        return probe;
    }

    private static List<Long> numbers(final long from, final long to) {
        return LongStream.range(from, to).boxed().toList();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldFeedWhatIsRecordedAndWhatComes(final boolean ipc) {
        service = new LinkFixture(folder, 1 << 12).serve(null, 8);
        service.publish("erp.item", 0, 5000, 200);
        final LinkProbe subscriber = subscriber(ipc, "screen").asks(StartKind.START, 0, "");
        subscriber.await(() -> subscriber.numbers.size() == 5000);
        service.publish("erp.item", 5000, 7000, 200);
        subscriber.await(() -> subscriber.numbers.size() == 7000);
        assertEquals(numbers(0, 7000), subscriber.numbers);
        final Bus bus = service.bus();
        subscriber.await(() -> subscriber.sentSequence == bus.finishedSequence());
        assertEquals(7000, service.counter("link.sent-events"));
        assertEquals(0, service.counter("link.errors"));
    }

    @Test
    void shouldBeginWhereItIsAsked() {
        service = new LinkFixture(folder, 1 << 12).serve(null, 8);
        service.publish("erp.item", 0, 100, 64);
        final LinkProbe all = subscriber(false, "all").asks(StartKind.START, 0, "");
        all.await(() -> all.numbers.size() == 100);
        final long middle = all.sequences.get(50);
        final LinkProbe fromSequence = subscriber(true, "sequence").asks(StartKind.SEQUENCE, middle, "erp.item");
        final LinkProbe fromNow = subscriber(false, "now").asks(StartKind.NOW, 0, "");
        final LinkProbe fromTime = subscriber(true, "time").asks(
            StartKind.TIME, service.bus().clock().epochNs(service.bus().clock().nanoTime()), "");
        final LinkProbe other = subscriber(false, "other").asks(StartKind.START, 0, "mes.*,erp.order");
        fromNow.await(() -> fromNow.sentSequence >= 0);
        fromTime.await(() -> fromTime.sentSequence >= 0);
        service.publish("erp.item", 100, 110, 64);
        service.publish("erp.order", 110, 120, 64);
        fromSequence.await(() -> fromSequence.numbers.size() == 60);
        fromNow.await(() -> fromNow.numbers.size() == 20);
        fromTime.await(() -> fromTime.numbers.size() == 20);
        other.await(() -> other.numbers.size() == 10);
        assertEquals(numbers(50, 110), fromSequence.numbers);
        assertEquals(numbers(100, 120), fromNow.numbers);
        assertEquals(numbers(100, 120), fromTime.numbers);
        assertEquals(numbers(110, 120), other.numbers);
    }

    @Test
    void shouldSendLongEventsInParts() {
        service = new LinkFixture(folder, 1 << 16).serve(null, 8);
        final int lengthBytes = (1 << 19) + 777;
        assertTrue(lengthBytes < service.bus().maxEventLengthBytes());
        for (int i = 0; i < 30; i++) {
            service.publish("erp.item", i, i + 1, i % 2 == 0 ? lengthBytes - i : 64);
        }
        final LinkProbe subscriber = subscriber(false, "screen").asks(StartKind.START, 0, "");
        subscriber.await(() -> subscriber.numbers.size() == 30);
        assertEquals(numbers(0, 30), subscriber.numbers);
    }

    @Test
    void shouldNotWaitForASubscriberThatIsStuck() {
        service = new LinkFixture(folder, 1 << 12).serve(null, 8);
        final LinkProbe stuck = subscriber(false, "stuck").asks(StartKind.START, 0, "");
        stuck.takesEvents = false;
        stuck.awaitOpen();
        final LinkProbe other = subscriber(true, "other").asks(StartKind.START, 0, "");
        other.awaitOpen();
        // Many times what fits between the service and a subscriber.
        for (int i = 0; i < 40; i++) {
            service.publish("erp.item", i * 1000, (i + 1) * 1000, 1000);
            stuck.step();
            other.step();
        }
        other.await(() -> {
            stuck.step();
            return other.numbers.size() == 40_000;
        });
        stuck.await(() -> service.server().links().stream()
            .anyMatch(link -> link.name().equals("stuck") && link.state().equals("waits for its reader")));
        assertTrue(service.server().links().stream()
            .anyMatch(link -> link.name().equals("stuck") && link.kind().equals("subscriber") && link.lag() > 0));
        stuck.takesEvents = true;
        stuck.await(() -> stuck.numbers.size() == 40_000);
        assertEquals(numbers(0, 40_000), stuck.numbers);
        assertEquals(numbers(0, 40_000), other.numbers);
    }

    @Test
    void shouldForgetASubscriberThatWasKilledAndGoOnWhereItWas() {
        service = new LinkFixture(folder, 1 << 12).serve(null, 8);
        service.publish("erp.item", 0, 1000, 64);
        final LinkProbe killed = subscriber(false, "screen").asks(StartKind.START, 0, "");
        killed.await(() -> killed.numbers.size() == 1000);
        probes.remove(killed);
        killed.kill();
        service.publish("erp.item", 1000, 2000, 64);
        final LinkProbe next = subscriber(false, "screen").asks(
            StartKind.SEQUENCE, killed.sequences.get(999) + 1, "");
        next.await(() -> next.numbers.size() == 1000);
        assertEquals(numbers(1000, 2000), next.numbers);
        next.await(() -> service.server().links().size() == 1);
    }

    @Test
    void shouldServeAgainAfterARestart() {
        service = new LinkFixture(folder, 1 << 12).serve(null, 8);
        service.publish("erp.item", 0, 1000, 64);
        final LinkProbe subscriber = subscriber(false, "screen").asks(StartKind.START, 0, "");
        subscriber.await(() -> subscriber.numbers.size() == 1000);
        service.stopServer();
        subscriber.await(() -> !subscriber.isOpen());
        assertEquals(List.of(Refusal.CLOSING), subscriber.refusals);
        service.serve(null, 8);
        final LinkProbe again = subscriber(false, "screen").asks(StartKind.SEQUENCE, 500, "");
        again.await(() -> again.numbers.size() > 0 && again.sentSequence == service.bus().finishedSequence());
        assertEquals(999, again.numbers.get(again.numbers.size() - 1));
    }

    @Test
    void shouldSayWhatIsPurged() {
        service = new LinkFixture(folder, 1 << 12);
        service.publish("erp.item", 0, 30_000, 1000);
        service.bus().close();
        // With a checkpoint at its end the beginning is needed no more.
        service.open(8 << 20);
        service.publish("erp.item", 30_000, 30_100, 1000);
        Awaitility.await().atMost(LinkFixture.PATIENCE)
            .until(() -> service.bus().logStatus().orElseThrow().log().startPosition() > 0);
        service.serve(null, 8);
        final LinkProbe tooLate = subscriber(false, "late").asks(StartKind.SEQUENCE, 0, "");
        tooLate.await(() -> tooLate.refusals.size() == 1);
        assertEquals(Refusal.PURGED, tooLate.refusals.get(0));
        final LinkProbe rest = subscriber(false, "rest").asks(StartKind.START, 0, "");
        rest.await(() -> rest.sentSequence == service.bus().finishedSequence());
        final long first = rest.numbers.get(0);
        assertTrue(first > 0);
        assertEquals(numbers(first, 30_100), rest.numbers);
        final NotingFollower replica = new NotingFollower(EpochHistory.of(0), 0);
        follow("east", replica, () -> replica.numbers.size() == 30_100 - first);
        assertEquals(numbers(first, 30_100), replica.numbers);
        final NotingFollower before = new NotingFollower(service.bus().epochs(), 5);
        follow("west", before, () -> before.refusal != null);
        assertEquals(0, before.numbers.size());
    }

    private void follow(final String name, final NotingFollower follower, final Callable<Boolean> until) {
        final LeaderLink link = new AeronLinkProvider().follow(
            new LeaderLinkContext(
                name, List.of(service.address()), Optional.empty(), WaitProfile.ECO, AgentHost.threads()), follower);
        try {
            Awaitility.await().atMost(LinkFixture.PATIENCE).until(until);
        } finally {
            link.close();
        }
    }

    @Test
    void shouldRefuseTopicsThatAreNone() {
        service = new LinkFixture(folder, 1 << 12).serve(null, 8);
        final LinkProbe subscriber = subscriber(false, "screen").asks(StartKind.START, 0, "er*p");
        subscriber.await(() -> subscriber.refusals.size() == 1);
        assertEquals(Refusal.MALFORMED, subscriber.refusals.get(0));
        assertTrue(subscriber.refusalText.contains("er*p"), subscriber.refusalText);
    }
}
