package io.headrace.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headrace.client.ScriptedService.Received;
import io.headrace.codecs.sbe.link.PublishEventDecoder;
import io.headrace.codecs.sbe.link.PublishPartDecoder;
import io.headrace.codecs.sbe.link.Refusal;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

/** The publisher against a scripted service; the test's thread gives the client its turns. */
class RemotePublisherTest {
    private static final String NAME = "meter-7";
    private static final int MAX_IN_FLIGHT = 4;

    @TempDir
    private Path folder;
    private ScriptedService service;
    private HeadraceClient client;
    private Turns turns;
    private RemotePublisher publisher;
    private final List<String> answers = new ArrayList<>();

    @BeforeEach
    void start() throws IOException {
        service = new ScriptedService(folder.resolve("service"));
        turns = new Turns(service::doWork, () -> client.doWork());
        client = HeadraceClient.connect(new ClientContext()
            .name("test").address(service.address()).driverFolder(folder.resolve("own")).invoked(true)
            .termLengthBytes(64 << 10).maxInFlight(MAX_IN_FLIGHT).clock(turns)
            .errorHandler(error -> { }));
        publisher = client.publisher(NAME, (id, result) -> answers.add(id + "=" + result));
    }

    @AfterEach
    void stop() {
        client.close();
        service.close();
    }

    private ScriptedService.Link live() {
        turns.until(() -> publisher.state() == LinkState.LIVE);
        return service.link();
    }

    private long send(final String messageId) {
        final byte[] event = TestEvents.event(NAME, messageId, 20);
        return publisher.send(new UnsafeBuffer(event), 0, event.length, Confirm.RECORDED);
    }

    private long offer(final byte[] event) {
        return publisher.offer(new UnsafeBuffer(event), 0, event.length);
    }

    private static List<Received> published(final ScriptedService.Link link) {
        return link.received(PublishEventDecoder.TEMPLATE_ID);
    }

    @Test
    void shouldDropAndCountWhatIsOfferedWithoutAService() {
        assertEquals(RemotePublisher.AWAY, offer(TestEvents.event(NAME, "a", 1)));
        assertEquals(RemotePublisher.AWAY, send("a"));

        assertEquals(1, publisher.droppedCount());
        assertEquals(LinkState.CONNECTING, publisher.state());
    }

    @Test
    void shouldSendWhatIsOffered() {
        final ScriptedService.Link link = live();
        final byte[] event = TestEvents.event(NAME, "", 50);
        assertEquals(0, offer(event));
        turns.until(() -> published(link).size() == 1);

        assertEquals("PUBLISHER", link.role);
        assertEquals(NAME, link.name);
        assertArrayEquals(event, published(link).get(0).data);
        assertEquals(PublishEncoder.NO_CONFIRM, published(link).get(0).confirm);
        assertEquals(1, publisher.offeredCount());
    }

    @Test
    void shouldRefuseWhatTheServiceWouldRefuse() {
        live();
        assertEquals(RemotePublisher.MALFORMED, offer(new byte[100]));
        assertEquals(RemotePublisher.MALFORMED, offer(TestEvents.event("meter-8", "", 1)));
        assertEquals(RemotePublisher.TOO_LONG, offer(new byte[ScriptedService.MAX_EVENT_BYTES + 1]));

        assertEquals(3, publisher.droppedCount());
        assertEquals(0, publisher.offeredCount());
    }

    @Test
    void shouldCountWhatTheServiceRefusedOfWhatWasOffered() {
        final ScriptedService.Link link = live();
        offer(TestEvents.event(NAME, "a", 1));
        link.answer(0, RemotePublisher.TOO_LONG);
        turns.until(() -> publisher.refusedCount() == 1);

        assertEquals(List.of(), answers);
    }

    @Test
    void shouldHandOverAnswers() {
        final ScriptedService.Link link = live();
        final long first = send("a");
        final long second = send("b");
        assertTrue(first > 0);
        assertEquals(first + 1, second);
        turns.until(() -> published(link).size() == 2);
        assertEquals(RemotePublisher.PENDING, publisher.result(second));
        link.answer(second, RemotePublisher.DUPLICATE);
        link.answer(first, 77);
        link.answer(first, 78);
        link.answer(99, 1);
        turns.until(() -> publisher.answeredCount() == 2);
        turns.rounds(100);

        assertEquals(List.of(second + "=-8", first + "=77"), answers);
        assertEquals(77, publisher.result(first));
        assertEquals(RemotePublisher.DUPLICATE, publisher.result(second));
        assertEquals(RemotePublisher.UNKNOWN, publisher.result(99));
    }

    @Test
    void shouldWaitForTheAnswer() {
        live();
        final byte[] event = TestEvents.event(NAME, "a", 20);
        service.answering(true);
        final long answer = whileTheServiceRuns(() -> publisher.publish(
            new UnsafeBuffer(event), 0, event.length, Confirm.PUBLISHED, TimeUnit.SECONDS.toNanos(30)));
        assertEquals(1, answer);
        service.answering(false);
        assertEquals(RemotePublisher.TIMED_OUT, publisher.publish(
            new UnsafeBuffer(event), 0, event.length, Confirm.PUBLISHED, 1));
    }

    /** The service has its turns from a thread of its own meanwhile. */
    private long whileTheServiceRuns(final LongSupplier work) {
        final AtomicBoolean done = new AtomicBoolean();
        final Thread thread = new Thread(() -> {
            while (!done.get()) {
                service.doWork();
            }
        });
        thread.start();
        try {
            return work.getAsLong();
        } finally {
            done.set(true);
            join(thread);
        }
    }

    @Test
    void shouldBoundWhatWaitsForAnswers() {
        final ScriptedService.Link link = live();
        for (int i = 0; i < MAX_IN_FLIGHT; i++) {
            assertTrue(send("a" + i) > 0);
        }
        assertEquals(RemotePublisher.BACK_PRESSURED, send("b"));
        link.answer(2, 12);
        turns.until(() -> publisher.answeredCount() == 1);
        assertEquals(RemotePublisher.BACK_PRESSURED, send("b"), "the first one's slot is not free yet");
        link.answer(1, 11);
        turns.until(() -> publisher.answeredCount() == 2);

        assertTrue(send("b") > 0);
        assertTrue(send("c") > 0);
        assertEquals(RemotePublisher.BACK_PRESSURED, send("d"));
        assertEquals(RemotePublisher.UNKNOWN, publisher.result(1));
    }

    @Test
    void shouldBeToldWhenTheServiceDoesNotTake() {
        live();
        service.taking(false);
        final byte[] event = TestEvents.event(NAME, "", 2_000);
        final long[] result = new long[1];
        turns.until(() -> (result[0] = offer(event)) == RemotePublisher.BACK_PRESSURED);
        assertEquals(1, publisher.droppedCount());

        service.taking(true);
        turns.until(() -> offer(event) == 0);
    }

    @Test
    void shouldSendAgainWhatWasNotAnsweredWhenTheLinkBroke() {
        final ScriptedService.Link link = live();
        send("a");
        send("b");
        send("");
        turns.until(() -> published(link).size() == 3);
        link.answer(1, 11);
        turns.until(() -> publisher.answeredCount() == 1);
        link.bye();
        turns.until(() -> service.links().size() == 2);
        turns.until(() -> publisher.state() == LinkState.LIVE);
        final ScriptedService.Link second = service.link();
        turns.until(() -> published(second).size() == 1);
        assertTrue(send("c") > 0);
        turns.until(() -> published(second).size() == 2);

        assertEquals(List.of("1=11", "3=" + RemotePublisher.UNKNOWN), answers);
        assertEquals(2, published(second).get(0).first);
        assertArrayEquals(published(link).get(1).data, published(second).get(0).data);
        assertEquals(4, published(second).get(1).first);
        assertEquals(1, publisher.repeatedCount());
    }

    @Test
    void shouldTakeAClosedBusForAnotherLife() {
        final ScriptedService.Link link = live();
        send("");
        turns.until(() -> published(link).size() == 1);
        link.answer(1, RemotePublisher.CLOSED);
        turns.until(() -> service.links().size() == 2);
        turns.until(() -> published(service.link()).size() == 1);
        service.link().answer(1, 44);
        turns.until(() -> publisher.answeredCount() == 1);

        assertEquals(List.of("1=44"), answers);
    }

    @Test
    void shouldSendAgainWhatAClosedBusRefusedOnlyUntilAnotherOneMayHaveIt() {
        final ScriptedService.Link link = live();
        send("");
        turns.until(() -> published(link).size() == 1);
        link.answer(1, RemotePublisher.CLOSED);
        turns.until(() -> service.links().size() == 2);
        final ScriptedService.Link second = service.link();
        turns.until(() -> published(second).size() == 1);
        second.bye();
        turns.until(() -> service.links().size() == 3);
        turns.until(() -> publisher.state() == LinkState.LIVE);
        turns.rounds(100);

        assertEquals(List.of(), published(service.link()));
        assertEquals(List.of("1=" + RemotePublisher.UNKNOWN), answers);
    }

    @Test
    void shouldTellEveryOutcomeThoughItsHandlerFails() {
        final List<Long> told = new ArrayList<>();
        final RemotePublisher failing = client.publisher("failing", (id, result) -> {
            told.add(result);
            throw new IllegalStateException("meant to fail");
        });
        turns.until(() -> failing.state() == LinkState.LIVE);
        final ScriptedService.Link link = service.links().stream().filter(each -> each.name.equals("failing"))
            .findFirst().orElseThrow();
        final byte[] event = TestEvents.event("failing", "", 10);
        for (int i = 0; i < 3; i++) {
            failing.send(new UnsafeBuffer(event), 0, event.length, Confirm.RECORDED);
        }
        turns.until(() -> published(link).size() == 3);
        link.answer(1, 10);
        link.bye();
        turns.until(() -> told.size() == 3);
        turns.until(() -> failing.state() == LinkState.LIVE);
        turns.rounds(100);

        assertEquals(List.of(10L, RemotePublisher.UNKNOWN, RemotePublisher.UNKNOWN), told);
        assertEquals(0, failing.repeatedCount(), "an event without a message id is not sent twice");
        assertEquals(3, client.errorCount());
    }

    @Test
    void shouldSendLongEventsInParts() {
        final ScriptedService.Link link = live();
        final byte[] event = TestEvents.event(NAME, "long", 30_000);
        publisher.send(new UnsafeBuffer(event), 0, event.length, Confirm.PUBLISHED);
        turns.until(() -> published(link).size() == 1);

        final ByteArrayOutputStream whole = new ByteArrayOutputStream();
        link.received(PublishPartDecoder.TEMPLATE_ID).forEach(part -> whole.writeBytes(part.data));
        whole.writeBytes(published(link).get(0).data);
        assertArrayEquals(event, whole.toByteArray());
        assertEquals(3, link.received(PublishPartDecoder.TEMPLATE_ID).size());
        assertEquals(1, published(link).get(0).first);
    }

    @Test
    void shouldSendAnEventThatIsLongerThanTheTermWhileTheServiceTakesIt() {
        final ScriptedService.Link link = live();
        final byte[] event = TestEvents.event(NAME, "long", 500_000);
        final long result = whileTheServiceRuns(() -> publisher.offer(new UnsafeBuffer(event), 0, event.length));
        assertEquals(0, result);
        turns.until(() -> published(link).size() == 1);

        final ByteArrayOutputStream whole = new ByteArrayOutputStream();
        link.received(PublishPartDecoder.TEMPLATE_ID).forEach(part -> whole.writeBytes(part.data));
        whole.writeBytes(published(link).get(0).data);
        assertArrayEquals(event, whole.toByteArray());
    }

    private static void join(final Thread thread) {
        try {
            thread.join();
        } catch (final InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void shouldEndWhenItIsRefusedForGood() {
        final ScriptedService.Link link = live();
        send("a");
        link.refuse(Refusal.MALFORMED, "This name is a source's.");
        turns.until(() -> publisher.state() == LinkState.REFUSED);

        assertEquals(RemotePublisher.REFUSED, send("b"));
        assertTrue(publisher.reason().contains("This name is a source's."), publisher.reason());
        assertEquals(List.of("1=" + RemotePublisher.UNKNOWN), answers);
        assertFalse(publisher.awaitLive(TimeUnit.SECONDS.toNanos(30)));
    }

    @Test
    void shouldLookForALeader() {
        final ScriptedService.Link link = live();
        link.refuse(Refusal.NOT_LEADER, "Another one leads.");
        turns.until(() -> publisher.state() == LinkState.AWAY);
        assertTrue(publisher.reason().contains("Another one leads."), publisher.reason());
        turns.until(() -> publisher.state() == LinkState.LIVE);
    }

    @Test
    void shouldTellWhatIsNotKnownWhenClosed() {
        live();
        send("a");
        publisher.close();

        assertEquals(List.of("1=" + RemotePublisher.UNKNOWN), answers);
        assertEquals(LinkState.CLOSED, publisher.state());
        assertEquals(RemotePublisher.CLOSED, send("b"));
        assertEquals(RemotePublisher.CLOSED, offer(TestEvents.event(NAME, "c", 1)));
    }

    @Test
    void shouldPublishFromAHandler() {
        final List<Long> sent = new ArrayList<>();
        final RemotePublisher[] own = new RemotePublisher[1];
        own[0] = client.publisher("echo", (id, result) -> {
            if (id == 1) {
                final byte[] event = TestEvents.event("echo", "second", 40_000);
                sent.add(own[0].send(new UnsafeBuffer(event), 0, event.length, Confirm.RECORDED));
            }
        });
        turns.until(() -> own[0].state() == LinkState.LIVE);
        final ScriptedService.Link link = service.links().stream().filter(each -> each.name.equals("echo")).findFirst()
            .orElseThrow();
        final byte[] event = TestEvents.event("echo", "first", 10);
        own[0].send(new UnsafeBuffer(event), 0, event.length, Confirm.RECORDED);
        link.answer(1, 10);
        turns.until(() -> published(link).size() == 2);

        assertEquals(List.of(2L), sent);
    }
}
