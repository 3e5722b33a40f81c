package io.headrace.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headrace.codecs.sbe.link.FeedRequestDecoder;
import io.headrace.codecs.sbe.link.LinkAliveDecoder;
import io.headrace.codecs.sbe.link.Refusal;
import io.headrace.client.link.LinkProtocol;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The subscription against a scripted service; the test's thread gives the client its turns, and polls. */
class RemoteSubscriptionTest {
    private static final int LIMIT = 10;

    @TempDir
    private Path folder;
    private ScriptedService service;
    private HeadraceClient client;
    private Turns turns;
    private RemoteSubscription subscription;
    private final List<String> events = new ArrayList<>();

    @BeforeEach
    void start() throws IOException {
        service = new ScriptedService(folder.resolve("service"));
        turns = new Turns(service::doWork, () -> client.doWork(), this::poll);
        client = HeadraceClient.connect(new ClientContext()
            .name("test").address(service.address()).driverFolder(folder.resolve("own")).invoked(true).clock(turns)
            .errorHandler(error -> { }));
    }

    @AfterEach
    void stop() {
        client.close();
        service.close();
    }

    private int poll() {
        return subscription.poll(
            event -> events.add(event.buffer().getStringWithoutLengthUtf8(
                event.messageIdOffset(), event.messageIdLength())), LIMIT);
    }

    private ScriptedService.Link feed(final StartAt start, final String... topics) {
        subscription = client.subscription("board-7", start, topics);
        turns.until(() -> !service.links().isEmpty() && !requests(service.link()).isEmpty());
        return service.link();
    }

    private static List<ScriptedService.Received> requests(final ScriptedService.Link link) {
        return link.received(FeedRequestDecoder.TEMPLATE_ID);
    }

    private static byte[] event(final long sequence) {
        return TestEvents.event("meter-7", "m" + sequence, 10);
    }

    @Test
    void shouldAskForWhatIsWanted() {
        final ScriptedService.Link link = feed(StartAt.sequence(40), "plant/*", "audit");

        assertEquals("SUBSCRIBER", link.role);
        assertEquals("plant/*,audit", new String(requests(link).get(0).data, StandardCharsets.UTF_8));
        assertEquals(40, requests(link).get(0).first);
        assertEquals(LinkState.CONNECTING, subscription.state());
    }

    @Test
    void shouldHandOverEventsAndSayHowFarItIs() {
        final ScriptedService.Link link = feed(StartAt.start());
        link.state(-1, 30);
        link.event(3, 5, event(3));
        link.event(9, 12, event(9));
        turns.until(() -> events.size() == 2);
        assertEquals(List.of("m3", "m9"), events);
        assertEquals(LinkState.CATCHING_UP, subscription.state());
        assertEquals(9, subscription.position());
        assertEquals(12, subscription.nextSequence());
        assertEquals(19, subscription.lag());

        link.state(30, 30);
        turns.until(() -> subscription.state() == LinkState.LIVE);
        assertEquals(31, subscription.nextSequence());
        assertEquals(0, subscription.lag());
        assertEquals(2, subscription.eventCount());
    }

    @Test
    void shouldGoOnBehindTheLastEventAfterABreak() {
        final ScriptedService.Link link = feed(StartAt.start());
        link.event(99, 101, event(99));
        turns.until(() -> events.size() == 1);
        link.bye();
        turns.until(() -> subscription.state() == LinkState.AWAY || service.links().size() == 2);
        turns.until(() -> service.links().size() == 2 && !requests(service.link()).isEmpty());
        assertEquals(101, requests(service.link()).get(0).first);
        service.link().event(99, 101, event(99));
        service.link().event(101, 102, event(101));
        turns.until(() -> events.size() == 2);

        assertEquals(List.of("m99", "m101"), events);
        assertEquals(1, subscription.repeatedCount());
    }

    @Test
    void shouldKnowItsPlaceFromTheWelcomeWhenItBeginsNow() {
        final ScriptedService.Link link = feed(StartAt.now());
        assertEquals(ScriptedService.NEXT_SEQUENCE, subscription.nextSequence());
        link.bye();
        turns.until(() -> service.links().size() == 2 && !requests(service.link()).isEmpty());

        assertEquals(ScriptedService.NEXT_SEQUENCE, requests(service.link()).get(0).first);
    }

    @Test
    void shouldPassOverWhatItsTopicsLeaveOut() {
        final ScriptedService.Link link = feed(StartAt.start(), "rare");
        link.state(80, 90);
        turns.until(() -> subscription.nextSequence() == 81);
        link.bye();
        turns.until(() -> service.links().size() == 2 && !requests(service.link()).isEmpty());

        assertEquals(81, requests(service.link()).get(0).first);
    }

    @Test
    void shouldGetAnEventAgainWhenItsHandlerFails() {
        final ScriptedService.Link link = feed(StartAt.start());
        link.event(3, 4, event(3));
        turns.until(link::isConnected);
        final List<Long> seen = new ArrayList<>();
        final Turns handling = new Turns(service::doWork, () -> client.doWork(), () -> subscription.poll(event -> {
            seen.add(subscription.position());
            throw new IllegalStateException("the target is away");
        }, LIMIT));
        assertThrows(IllegalStateException.class, () -> handling.until(() -> false));
        turns.until(() -> events.size() == 1);

        assertEquals(List.of("m3"), events);
        assertEquals(List.of(-1L), seen);
    }

    @Test
    void shouldBeSaidToBeThereWhileItsHandlerIsBusy() {
        final ScriptedService.Link link = feed(StartAt.start());
        link.event(3, 4, event(3));
        final boolean[] done = new boolean[1];
        final Turns others = new Turns(service::doWork, () -> client.doWork());
        others.until(() -> done[0], () -> subscription.poll(event -> {
            final int before = link.received(LinkAliveDecoder.TEMPLATE_ID).size();
            others.until(() -> link.received(LinkAliveDecoder.TEMPLATE_ID).size() > before, () -> {
                turns.advance(LinkProtocol.ALIVE_INTERVAL_NS / 100);
                return 0;
            });
            done[0] = true;
        }, LIMIT));

        assertEquals(4, subscription.nextSequence());
    }

    @Test
    void shouldEndWhenItsPlaceIsNoLongerInTheLog() {
        final ScriptedService.Link link = feed(StartAt.sequence(1));
        link.refuse(Refusal.PURGED, "The log begins at 50.");
        final ClientException failure = assertThrows(ClientException.class, () -> turns.until(() -> false));

        assertTrue(failure.getMessage().contains("The log begins at 50."), failure.getMessage());
        assertEquals(LinkState.REFUSED, subscription.state());
        assertThrows(ClientException.class, this::poll);
    }

    @Test
    void shouldNotGoOnInALogThatHasLostWhatWasRead() {
        final ScriptedService.Link link = feed(StartAt.start());
        link.event(ScriptedService.NEXT_SEQUENCE, ScriptedService.NEXT_SEQUENCE + 1, event(1));
        turns.until(() -> events.size() == 1);
        link.bye();
        final ClientException failure = assertThrows(ClientException.class, () -> turns.until(() -> false));

        assertTrue(failure.getMessage().contains("has lost events"), failure.getMessage());
    }

    @Test
    void shouldLeaveOutAndCountWhatIsNoEvent() {
        final ScriptedService.Link link = feed(StartAt.start());
        link.event(3, 4, new byte[40]);
        link.event(4, 5, event(4));
        turns.until(() -> events.size() == 1);

        assertEquals(1, subscription.malformedCount());
        assertEquals(1, client.errorCount());
        assertEquals(5, subscription.nextSequence());
    }

    @Test
    void shouldBeClosedByItsHandler() {
        final ScriptedService.Link link = feed(StartAt.start());
        link.event(3, 4, event(3));
        final Turns handling = new Turns(service::doWork, () -> client.doWork());
        handling.until(() -> subscription.state() == LinkState.CLOSED, () ->
            subscription.state() == LinkState.CLOSED ? 0 : subscription.poll(event -> subscription.close(), LIMIT));

        assertThrows(IllegalStateException.class, this::poll);
    }

    @Test
    void shouldBePolledByOneAtATime() {
        final ScriptedService.Link link = feed(StartAt.start());
        link.event(3, 4, event(3));
        final List<Throwable> failures = new ArrayList<>();
        new Turns(service::doWork, () -> client.doWork()).until(() -> !failures.isEmpty(), () ->
            subscription.poll(event -> failures.add(assertThrows(IllegalStateException.class, this::poll)), LIMIT));

        assertTrue(failures.get(0).getMessage().contains("another thread polls"), failures.get(0).getMessage());
    }
}
