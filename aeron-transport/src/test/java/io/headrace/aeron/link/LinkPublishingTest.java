package io.headrace.aeron.link;

import io.headrace.bus.link.BusRole;
import io.headrace.bus.link.LinkStatus;
import io.headrace.bus.publish.Publisher;
import io.headrace.bus.subscription.TopicSelector;
import io.headrace.codecs.sbe.link.Confirm;
import io.headrace.codecs.sbe.link.LinkRole;
import io.headrace.codecs.sbe.link.Refusal;
import io.headrace.codecs.sbe.link.StartKind;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.stream.LongStream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Remote publishers, over real Aeron. */
class LinkPublishingTest {
    private final List<LinkProbe> probes = new ArrayList<>();
    private LinkFixture service;

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        probes.forEach(LinkProbe::close);
        service.close();
    }

    private LinkProbe probe(final boolean ipc, final LinkRole role, final String name) {
        final LinkProbe probe = ipc
            ? LinkProbe.ipc(service.driverFolder(), role, name, null)
            : LinkProbe.udp(service.address(), role, name, null);
        probes.add(probe);
        return probe;
    }

    private static List<Long> numbers(final long from, final long to) {
        return LongStream.range(from, to).boxed().toList();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldPublishAndConfirm(final boolean ipc) {
        service = new LinkFixture(folder, 1 << 12).serve(null, 8);
        final LinkProbe publisher = probe(ipc, LinkRole.PUBLISHER, "press").awaitOpen();
        for (int i = 0; i < 3000; i++) {
            final Confirm confirm = i % 3 == 0 ? Confirm.NONE : i % 3 == 1 ? Confirm.PUBLISHED : Confirm.RECORDED;
            publisher.mustPublish(i, confirm, LinkFixture.event("press", "press.state", i, 64));
        }
        publisher.await(() -> publisher.answers.size() == 2000);
        assertFalse(publisher.answers.containsKey(0L));
        final LinkProbe subscriber = probe(ipc, LinkRole.SUBSCRIBER, "screen").asks(StartKind.START, 0, "press.*");
        subscriber.await(() -> subscriber.numbers.size() == 3000);
        assertEquals(numbers(0, 3000), subscriber.numbers);
        publisher.answers.forEach((id, sequence) -> assertEquals(subscriber.sequences.get(id.intValue()), sequence));
        assertEquals(3000, service.counter("link.published-events"));
        assertEquals(0, service.counter("link.errors"));
    }

    @Test
    void shouldAnswerWhatIsRefused() {
        service = new LinkFixture(folder, 1 << 12).serve(null, 8);
        final LinkProbe publisher = probe(false, LinkRole.PUBLISHER, "press").awaitOpen();
        publisher.mustPublish(1, Confirm.NONE, new UnsafeBuffer(new byte[100]));
        publisher.mustPublish(2, Confirm.RECORDED, LinkFixture.event("erp", "press.state", 2, 64));
        publisher.mustPublish(3, Confirm.RECORDED,
            LinkFixture.event("press", "press.state", 3, publisher.maxEventBytes + 1));
        publisher.mustPublish(4, Confirm.RECORDED, LinkFixture.event("press", "press.state", 4, 64));
        publisher.await(() -> publisher.answers.size() == 4);
        assertEquals(Publisher.MALFORMED, publisher.answers.get(1L));
        assertEquals(Publisher.MALFORMED, publisher.answers.get(2L));
        assertEquals(Publisher.TOO_LONG, publisher.answers.get(3L));
        assertTrue(publisher.answers.get(4L) >= 0);
        assertEquals(3, service.counter("link.refused-events"));
        publisher.await(() -> service.server().links().stream().anyMatch(link -> link.refusedCount() == 3));
        final LinkStatus link = service.server().links().get(0);
        assertEquals("press", link.name());
        assertEquals("publisher", link.kind());
        assertEquals(1, link.eventCount());
    }

    @Test
    void shouldPutTogetherWhatCameInParts() {
        service = new LinkFixture(folder, 1 << 12).serve(null, 8);
        final LinkProbe publisher = probe(false, LinkRole.PUBLISHER, "press").awaitOpen();
        for (int i = 0; i < 20; i++) {
            final DirectBuffer event = LinkFixture.event("press", "press.state", i, 1000 * (i + 1));
            final int correlationId = i;
            publisher.await(() -> publisher.publish(correlationId, Confirm.RECORDED, event, 3000));
        }
        publisher.await(() -> publisher.answers.size() == 20);
        assertTrue(publisher.answers.values().stream().allMatch(answer -> answer >= 0), publisher.answers::toString);
        final LinkProbe subscriber = probe(false, LinkRole.SUBSCRIBER, "screen").asks(StartKind.START, 0, "");
        subscriber.await(() -> subscriber.numbers.size() == 20);
        assertEquals(numbers(0, 20), subscriber.numbers);
    }

    @Test
    void shouldTellADuplicate() {
        service = new LinkFixture(folder, 1 << 12).serve(null, 8);
        final LinkProbe publisher = probe(false, LinkRole.PUBLISHER, "press").awaitOpen();
        publisher.mustPublish(1, Confirm.RECORDED, LinkFixture.event("press", "press.state", 1, 64, "id-1"));
        publisher.mustPublish(2, Confirm.RECORDED, LinkFixture.event("press", "press.state", 1, 64, "id-1"));
        publisher.mustPublish(3, Confirm.PUBLISHED, LinkFixture.event("press", "press.state", 1, 64, "id-1"));
        publisher.await(() -> publisher.answers.size() == 3);
        assertTrue(publisher.answers.get(1L) >= 0);
        assertEquals(Publisher.DUPLICATE, publisher.answers.get(2L));
        assertEquals(Publisher.DUPLICATE, publisher.answers.get(3L));
        assertEquals(1, service.counter("link.published-events"));
    }

    @Test
    void shouldHoldBackOnlyThoseWhoPublishWhileTheRingIsFull() {
        service = new LinkFixture(folder, 1 << 8).serve(null, 8);
        final Semaphore free = new Semaphore(0);
        service.publish("erp.item", 0, 10, 64);
        service.bus().subscribe("slow", TopicSelector.of("press.*"), event -> free.acquireUninterruptibly());
        final LinkProbe subscriber = probe(false, LinkRole.SUBSCRIBER, "screen").asks(StartKind.START, 0, "erp.*");
        final LinkProbe publisher = probe(false, LinkRole.PUBLISHER, "press").awaitOpen();
        int sent = 0;
        boolean room = true;
        // Until its own publication is full: that is how the remote publisher sees that there is no room.
        while (room || service.counter("link.back-pressured") < 100) {
            room = publisher.publish(
                sent, Confirm.RECORDED, LinkFixture.event("press", "press.state", sent, 4000));
            sent += room ? 1 : 0;
            publisher.step();
        }
        assertTrue(sent < 10_000);
        subscriber.await(() -> subscriber.numbers.size() == 10);
        final int states = subscriber.welcomeCount;
        publisher.await(() -> service.server().links().stream()
            .anyMatch(link -> link.name().equals("press") && link.state().equals("waits for room")));
        free.release(Integer.MAX_VALUE / 2);
        final int expected = sent;
        publisher.await(() -> {
            subscriber.step();
            return publisher.answers.size() == expected;
        });
        assertEquals(states, subscriber.welcomeCount);
        assertTrue(publisher.isOpen());
        assertEquals(expected, publisher.answers.values().stream().filter(answer -> answer >= 0).distinct().count());
        assertEquals(expected, service.counter("link.published-events"));
    }

    @Test
    void shouldTakeEventsFromManyAtOnce() {
        service = new LinkFixture(folder, 1 << 10).serve(null, 8);
        for (int i = 0; i < 4; i++) {
            probe(i % 2 == 0, LinkRole.PUBLISHER, "press-" + i).awaitOpen();
        }
        for (int i = 0; i < 1000; i++) {
            for (final LinkProbe publisher : probes) {
                final String source = "press-" + probes.indexOf(publisher);
                publisher.mustPublish(i, Confirm.RECORDED, LinkFixture.event(source, source, i, 64));
            }
        }
        probes.forEach(publisher -> publisher.await(() -> publisher.answers.size() == 1000));
        final LinkProbe subscriber = probe(true, LinkRole.SUBSCRIBER, "screen").asks(StartKind.START, 0, "press-2");
        subscriber.await(() -> subscriber.numbers.size() == 1000);
        assertEquals(numbers(0, 1000), subscriber.numbers);
    }

    @Test
    void shouldRefuseTheNameOfASource() {
        service = new LinkFixture(folder, 1 << 12).serve(null, 8);
        final LinkProbe publisher = probe(false, LinkRole.PUBLISHER, "erp");
        publisher.await(() -> publisher.refusals.size() == 1);
        assertEquals(Refusal.MALFORMED, publisher.refusals.get(0));
        assertTrue(publisher.refusalText.contains("A source of this service is named erp"), publisher.refusalText);
    }

    @Test
    void shouldSendPublishersAwayFromWhoDoesNotLead() {
        service = new LinkFixture(folder, 1 << 12).serve(null, 8);
        final LinkProbe publisher = probe(false, LinkRole.PUBLISHER, "press").awaitOpen();
        publisher.mustPublish(1, Confirm.RECORDED, LinkFixture.event("press", "press.state", 1, 64));
        publisher.await(() -> publisher.answers.size() == 1);
        service.role(BusRole.FENCED);
        publisher.await(() -> publisher.refusals.size() == 1);
        assertEquals(Refusal.NOT_LEADER, publisher.refusals.get(0));
        assertTrue(publisher.answers.get(1L) >= 0);
        final LinkProbe other = probe(false, LinkRole.PUBLISHER, "drill");
        other.await(() -> other.refusals.size() == 1);
        assertEquals(Refusal.NOT_LEADER, other.refusals.get(0));
    }

    @Test
    void shouldRefuseMoreLinksThanAllowed() {
        service = new LinkFixture(folder, 1 << 12).serve(null, 2);
        final LinkProbe first = probe(false, LinkRole.SUBSCRIBER, "one").awaitOpen();
        probe(true, LinkRole.SUBSCRIBER, "two").awaitOpen();
        final LinkProbe third = probe(false, LinkRole.SUBSCRIBER, "three");
        third.await(() -> third.refusals.size() == 1);
        assertEquals(Refusal.TOO_MANY_LINKS, third.refusals.get(0));
        first.close();
        probes.remove(first);
        final LinkProbe fourth = probe(false, LinkRole.SUBSCRIBER, "four");
        fourth.await(() -> fourth.isOpen() || !fourth.refusals.isEmpty());
        assertTrue(fourth.isOpen(), fourth.refusalText);
    }

    @Test
    void shouldConfirmWithoutALogWhatEverybodyHas() {
        service = new LinkFixture(folder, 1 << 12);
        service.withoutLog();
        service.serve(null, 8);
        final LinkProbe publisher = probe(false, LinkRole.PUBLISHER, "press").awaitOpen();
        publisher.mustPublish(1, Confirm.RECORDED, LinkFixture.event("press", "press.state", 1, 64));
        publisher.await(() -> publisher.answers.size() == 1);
        final LinkProbe subscriber = probe(false, LinkRole.SUBSCRIBER, "screen").asks(StartKind.START, 0, "");
        subscriber.await(() -> subscriber.refusals.size() == 1);
        assertEquals(Refusal.NO_LOG, subscriber.refusals.get(0));
    }
}
