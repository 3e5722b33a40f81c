package io.headrace.client.link;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headrace.client.ScriptedService;
import io.headrace.client.Turns;
import io.headrace.client.link.LinkConnection.State;
import io.headrace.codecs.sbe.link.LinkAliveDecoder;
import io.headrace.codecs.sbe.link.LinkByeDecoder;
import io.headrace.codecs.sbe.link.LinkProofDecoder;
import io.headrace.codecs.sbe.link.LinkRole;
import io.headrace.codecs.sbe.link.Refusal;
import org.agrona.DirectBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The caller's side against a scripted service, with real media drivers and a clock of the test's own. */
class LinkConnectionTest {
    private static final int LIMIT = 10;

    @TempDir
    private Path folder;
    private ScriptedService service;
    private LinkDriver driver;
    private Turns turns;
    private final Listener listener = new Listener();
    private LinkConnection connection;

    @BeforeEach
    void start() throws IOException {
        service = new ScriptedService(folder.resolve("service"));
        driver = LinkDriver.launch(new LinkDriverContext(
            "test", Optional.of(folder.resolve("own")), Optional.empty(), false, error -> { }));
        turns = new Turns(service::doWork, driver::doWork, () -> connection.doWork(LIMIT));
    }

    @AfterEach
    void stop() {
        connection.close();
        driver.close();
        service.close();
    }

    private LinkConnection connect(final Optional<String> secret, final InetSocketAddress... addresses) {
        connection = new LinkConnection(
            new LinkTarget(LinkRole.SUBSCRIBER, "board-7", List.of(addresses), secret,
                LinkProtocol.TERM_LENGTH_BYTES),
            driver, listener, turns);
        return connection;
    }

    private InetSocketAddress serviceAddress() {
        return InetSocketAddress.createUnresolved("127.0.0.1", service.port());
    }

    private ScriptedService.Link open() {
        connect(Optional.empty(), serviceAddress());
        turns.until(() -> connection.state() == State.OPEN);
        return service.link();
    }

    /** Time goes faster than the driver, for what waits for a time-out. */
    private int goOn() {
        turns.advance(TimeUnit.MICROSECONDS.toNanos(200));
        return 0;
    }

    @Test
    void shouldOpenALink() {
        final ScriptedService.Link link = open();

        assertEquals("board-7", link.name);
        assertEquals("SUBSCRIBER", link.role);
        assertEquals(LinkProtocol.VERSION, link.protocolVersion);
        final LinkWelcome welcome = connection.welcome();
        assertEquals(List.of(welcome), listener.opened);
        assertEquals("scripted", welcome.service());
        assertEquals("127.0.0.1:" + service.port(), welcome.address());
        assertEquals(ScriptedService.LOG_ID, welcome.logId());
        assertEquals(ScriptedService.NEXT_SEQUENCE, welcome.nextSequence());
        assertEquals(ScriptedService.MAX_EVENT_BYTES, welcome.maxEventBytes());
        assertEquals(1, service.links().size());
    }

    @Test
    void shouldProveTheSecret() {
        service.welcoming(false);
        connect(Optional.of("käse"), serviceAddress());
        turns.until(() -> !service.links().isEmpty() && service.link().isConnected());
        final byte[] nonce = new byte[LinkProof.NONCE_BYTES];
        nonce[3] = 7;
        service.link().challenge(nonce);
        turns.until(() -> !service.link().received(LinkProofDecoder.TEMPLATE_ID).isEmpty());

        final byte[] proof = service.link().received(LinkProofDecoder.TEMPLATE_ID).get(0).data;
        assertTrue(LinkProof.matches("käse", nonce, service.link().linkId, LinkRole.SUBSCRIBER, proof));
        assertEquals(State.GREETING, connection.state());
        service.link().welcome();
        turns.until(() -> connection.state() == State.OPEN);
    }

    @Test
    void shouldSayThatASecretIsMissing() {
        service.welcoming(false);
        listener.again = false;
        connect(Optional.empty(), serviceAddress());
        turns.until(() -> !service.links().isEmpty() && service.link().isConnected());
        service.link().challenge(new byte[LinkProof.NONCE_BYTES]);
        turns.until(() -> connection.state() == State.REFUSED);

        assertEquals(List.of(Refusal.NOT_AUTHENTIC), listener.refusals);
        assertTrue(listener.texts.get(0).contains("secret"), listener.texts.get(0));
        turns.advance(TimeUnit.MINUTES.toNanos(1));
        turns.rounds(1_000);
        assertEquals(1, connection.attemptCount());
    }

    @Test
    void shouldTryAgainAfterARefusal() {
        service.welcoming(false);
        connect(Optional.empty(), serviceAddress());
        turns.until(() -> !service.links().isEmpty() && service.link().isConnected());
        service.link().refuse(Refusal.TOO_MANY_LINKS, "Come later.");
        turns.until(() -> !listener.refusals.isEmpty());
        service.welcoming(true);
        turns.until(() -> connection.state() == State.OPEN);

        assertEquals(2, connection.attemptCount());
        assertTrue(listener.texts.get(0).contains("Come later."), listener.texts.get(0));
    }

    @Test
    void shouldAskTheNextAddressWhenOneIsSilent() throws IOException {
        try (DatagramSocket silent = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            connect(Optional.empty(), new InetSocketAddress(
                InetAddress.getLoopbackAddress(), silent.getLocalPort()), serviceAddress());
            turns.until(() -> connection.state() == State.OPEN, this::goOn);

            assertTrue(listener.texts.get(0).contains(":" + silent.getLocalPort()), listener.texts.get(0));
            assertEquals("127.0.0.1:" + service.port(), connection.welcome().address());
        }
    }

    @Test
    void shouldSayWhichNameIsNotKnown() {
        connect(Optional.empty(), InetSocketAddress.createUnresolved("no-such-host.invalid", 7730));
        turns.until(() -> !listener.texts.isEmpty());

        assertTrue(listener.texts.get(0).contains("no-such-host.invalid"), listener.texts.get(0));
    }

    @Test
    void shouldSayThatItIsThere() {
        final ScriptedService.Link link = open();
        for (int i = 1; i <= 3; i++) {
            final int count = i;
            turns.advance(LinkProtocol.ALIVE_INTERVAL_NS);
            link.state(-1, -1);
            turns.until(() -> link.received(LinkAliveDecoder.TEMPLATE_ID).size() == count);
        }
    }

    @Test
    void shouldTakeSilenceForAwayAndBeginAnew() {
        final long firstId = open().linkId;
        turns.until(() -> service.links().size() == 2, this::goOn);

        assertTrue(listener.texts.get(0).contains("nothing was heard"), listener.texts.get(0));
        assertNotEquals(firstId, service.link().linkId);
        turns.until(() -> connection.state() == State.OPEN);
    }

    @Test
    void shouldNotTakeItsOwnStallForTheServicesSilence() {
        open();
        turns.advance(TimeUnit.HOURS.toNanos(1));
        turns.rounds(10);

        assertEquals(State.OPEN, connection.state());
        assertEquals(List.of(), listener.texts);
    }

    @Test
    void shouldSeeThatTheServiceHasGone() {
        open().vanish();
        turns.until(() -> !listener.texts.isEmpty());
        turns.until(() -> connection.state() == State.OPEN);

        assertEquals(2, service.links().size());
    }

    @Test
    void shouldBeginAnewAfterABye() {
        open().bye();
        turns.until(() -> !listener.texts.isEmpty());
        turns.until(() -> connection.state() == State.OPEN);

        assertEquals(2, service.links().size());
    }

    @Test
    void shouldHandOverEvents() {
        final ScriptedService.Link link = open();
        link.event(5, 8, new byte[] {1, 2, 3});
        link.event(8, 9, new byte[0]);
        turns.until(() -> listener.events.size() == 2);

        assertEquals(List.of("5<8:3", "8<9:0"), listener.heads);
        assertArrayEquals(new byte[] {1, 2, 3}, listener.events.get(0));
    }

    @Test
    void shouldGiveAgainWhatWasNotTaken() {
        final ScriptedService.Link link = open();
        listener.room = 0;
        link.event(5, 6, new byte[100_000]);
        link.event(6, 7, new byte[10]);
        turns.rounds(200);
        assertEquals(List.of(), listener.heads);
        listener.room = Integer.MAX_VALUE;
        turns.until(() -> listener.events.size() == 2);

        assertEquals(List.of("5<6:100000", "6<7:10"), listener.heads);
        assertEquals(State.OPEN, connection.state());
    }

    @Test
    void shouldNotTakeAListenerWithoutRoomForASilentService() {
        final ScriptedService.Link link = open();
        listener.room = 0;
        link.event(5, 6, new byte[10]);
        for (int i = 0; i < 50; i++) {
            turns.advance(LinkProtocol.STATE_INTERVAL_NS);
            turns.rounds(10);
        }

        assertEquals(State.OPEN, connection.state());
        assertEquals(List.of(), listener.texts);
    }

    @Test
    void shouldPutPartsTogether() {
        final ScriptedService.Link link = open();
        final byte[] event = new byte[250_000];
        for (int i = 0; i < event.length; i++) {
            event[i] = (byte)(i * 31);
        }
        listener.room = 0;
        link.part(java.util.Arrays.copyOfRange(event, 0, 100_000));
        link.part(java.util.Arrays.copyOfRange(event, 100_000, 200_000));
        link.event(5, 900, java.util.Arrays.copyOfRange(event, 200_000, 250_000));
        link.event(900, 901, new byte[] {9});
        turns.rounds(200);
        listener.room = Integer.MAX_VALUE;
        turns.until(() -> listener.events.size() == 2);

        assertEquals(List.of("5<900:250000", "900<901:1"), listener.heads);
        assertArrayEquals(event, listener.events.get(0));
        assertArrayEquals(new byte[] {9}, listener.events.get(1));
    }

    @Test
    void shouldForgetPartsOfALinkThatEnded() {
        final ScriptedService.Link link = open();
        link.part(new byte[1_000]);
        link.bye();
        turns.until(() -> service.links().size() == 2);
        turns.until(() -> connection.state() == State.OPEN);
        service.link().event(5, 6, new byte[] {1});
        turns.until(() -> listener.events.size() == 1);

        assertEquals(List.of("5<6:1"), listener.heads);
    }

    @Test
    void shouldCountAndDropMessagesOfOtherLinks() {
        final ScriptedService.Link link = open();
        link.event(link.linkId + 1, 5, 6, new byte[] {1});
        link.event(6, 7, new byte[] {2});
        turns.until(() -> listener.events.size() == 1);

        assertEquals(List.of("6<7:1"), listener.heads);
        assertEquals(1, connection.malformedCount());
    }

    @Test
    void shouldGiveAgainWhatTheListenerThrewAt() {
        final ScriptedService.Link link = open();
        listener.failure = new IllegalStateException("not now");
        link.event(5, 6, new byte[] {1});
        assertThrows(IllegalStateException.class, () -> turns.until(() -> false));
        listener.failure = null;
        turns.until(() -> listener.events.size() == 1);

        assertEquals(List.of("5<6:1"), listener.heads);
    }

    @Test
    void shouldSayByeWhenClosed() {
        final ScriptedService.Link link = open();
        connection.close();
        turns.until(() -> !link.received(LinkByeDecoder.TEMPLATE_ID).isEmpty());

        assertEquals(State.CLOSED, connection.state());
        assertEquals(LinkConnection.AWAY, connection.offer(new org.agrona.concurrent.UnsafeBuffer(new byte[8]), 0, 8));
    }

    @Test
    void shouldLinkOverIpcAndFindARestartedService() throws IOException {
        final JoinedDriver joined = new JoinedDriver("test", service.folder(), error -> { }, turns);
        final Turns round = new Turns(() -> service.doWork(), joined::doWork, () -> connection.doWork(LIMIT), () -> {
            turns.advance(TimeUnit.MICROSECONDS.toNanos(100));
            return 0;
        });
        connection = new LinkConnection(
            new LinkTarget(LinkRole.SUBSCRIBER, "board-7", List.of(), Optional.empty(),
                LinkProtocol.TERM_LENGTH_BYTES),
            joined, listener, turns);
        round.until(() -> connection.state() == State.OPEN);
        assertEquals("ipc", connection.welcome().address());

        service.close();
        round.until(() -> connection.state() != State.OPEN, () -> 0);
        service = new ScriptedService(folder.resolve("service"));
        round.until(() -> connection.state() == State.OPEN);
        service.link().event(1, 2, new byte[] {1});
        round.until(() -> listener.events.size() == 1);

        connection.close();
        joined.close();
    }

    /** Writes down what it is told. */
    private static final class Listener implements LinkListener {
        private final List<LinkWelcome> opened = new ArrayList<>();
        private final List<String> heads = new ArrayList<>();
        private final List<byte[]> events = new ArrayList<>();
        private final List<Refusal> refusals = new ArrayList<>();
        private final List<String> texts = new ArrayList<>();
        private boolean again = true;
        private int room = Integer.MAX_VALUE;
        private RuntimeException failure;

        @Override
        public void onOpen(final LinkWelcome welcome) {
            opened.add(welcome);
        }

        @Override
        public boolean onEvent(
            final long sequence, final long nextSequence, final DirectBuffer buffer, final int offset,
            final int lengthBytes) {
            if (failure != null) {
                throw failure;
            }
            if (room == 0) {
                return false;
            }
            room--;
            final byte[] bytes = new byte[lengthBytes];
            buffer.getBytes(offset, bytes);
            heads.add(sequence + "<" + nextSequence + ":" + lengthBytes);
            events.add(bytes);
            return true;
        }

        @Override
        public boolean onMessage(final LinkMessage message) {
            return true;
        }

        @Override
        public boolean onRefused(final Refusal refusal, final String text) {
            refusals.add(refusal);
            texts.add(text);
            return again;
        }

        @Override
        public void onAway(final String reason) {
            texts.add(reason);
        }
    }
}
