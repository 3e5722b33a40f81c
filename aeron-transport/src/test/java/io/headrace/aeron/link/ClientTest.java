package io.headrace.aeron.link;

import io.headrace.bus.link.BusRole;
import io.headrace.client.ClientContext;
import io.headrace.client.Confirm;
import io.headrace.client.HeadraceClient;
import io.headrace.client.LinkState;
import io.headrace.client.LiveSubscription;
import io.headrace.client.RemotePublisher;
import io.headrace.client.RemoteSubscription;
import io.headrace.client.StartAt;
import io.headrace.codecs.EventView;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The client library, with its own thread, against a bus on a real archive. */
class ClientTest {
    private static final long PATIENCE_NS = LinkFixture.PATIENCE.toNanos();
    private static final int PAYLOAD_BYTES = 40;

    private final List<HeadraceClient> clients = new ArrayList<>();
    private final List<Long> numbers = new ArrayList<>();
    private final List<Long> sequences = new ArrayList<>();
    private LinkFixture service;

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        clients.forEach(HeadraceClient::close);
        service.close();
    }

    private ClientContext context(final boolean ipc) {
        final ClientContext context = new ClientContext().name("test");
        return ipc ? context.ipc(service.driverFolder())
            : context.address("127.0.0.1:" + service.address().getPort());
    }

    private HeadraceClient client(final boolean ipc) {
        return client(context(ipc));
    }

    private HeadraceClient client(final ClientContext context) {
        final HeadraceClient client = HeadraceClient.connect(context);
        clients.add(client);
        return client;
    }

    private void onEvent(final EventView event) {
        numbers.add(numberOf(event));
        sequences.add(event.sequence());
    }

    private static long numberOf(final EventView event) {
        return event.buffer().getLong(event.payloadOffset(), ByteOrder.LITTLE_ENDIAN);
    }

    private void read(final RemoteSubscription subscription, final BooleanSupplier done) {
        await().pollInSameThread().atMost(LinkFixture.PATIENCE).until(() -> {
            while (subscription.poll(this::onEvent, 100) > 0) {
                continue;
            }
            return done.getAsBoolean();
        });
    }

    private static long publish(final RemotePublisher publisher, final long number, final Confirm confirm) {
        final DirectBuffer event = LinkFixture.event(
            publisher.name(), publisher.name() + ".state", number, PAYLOAD_BYTES, "id-" + number);
        return publisher.publish(event, 0, event.capacity(), confirm, PATIENCE_NS);
    }

    private static List<Long> numbers(final long from, final long to) {
        return LongStream.range(from, to).boxed().toList();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldPublishAndRead(final boolean ipc) {
        service = new LinkFixture(folder, 1 << 12).serve(null, 8);
        final HeadraceClient client = client(ipc);
        final Map<Long, Long> answers = new HashMap<>();
        final AtomicLong answerCount = new AtomicLong();
        final RemotePublisher publisher = client.publisher("press", (id, result) -> {
            answers.put(id, result);
            answerCount.incrementAndGet();
        });
        assertTrue(publisher.awaitLive(PATIENCE_NS), publisher::reason);
        for (int i = 0; i < 5_000; i++) {
            final DirectBuffer event = LinkFixture.event("press", "press.state", i, PAYLOAD_BYTES);
            final Confirm confirm = i % 2 == 0 ? Confirm.PUBLISHED : Confirm.RECORDED;
            while (publisher.send(event, 0, event.capacity(), confirm) < 0) {
                Thread.onSpinWait();
            }
        }
        await().atMost(LinkFixture.PATIENCE).until(() -> answerCount.get() == 5_000);
        final RemoteSubscription subscription = client.subscription("screen", StartAt.start(), "press.*");
        read(subscription, () -> numbers.size() == 5_000 && subscription.state() == LinkState.LIVE);

        assertEquals(numbers(0, 5_000), numbers);
        for (int i = 0; i < 5_000; i++) {
            assertEquals(sequences.get(i), answers.get(i + 1L));
        }
        assertEquals(0, subscription.lag());
        assertEquals(sequences.get(4_999), subscription.position());
        assertEquals(0, client.errorCount());
    }

    @Test
    void shouldTakeWhatIsOfferedByManyAtOnce() {
        service = new LinkFixture(folder, 1 << 14).serve(null, 16);
        final int clientCount = 4;
        final int eventCount = 2_000;
        final List<CompletableFuture<Void>> all = new ArrayList<>();
        for (int i = 0; i < clientCount; i++) {
            final RemotePublisher publisher = client(i % 2 == 0).publisher("press-" + i);
            all.add(CompletableFuture.runAsync(() -> {
                assertTrue(publisher.awaitLive(PATIENCE_NS), publisher::reason);
                for (int number = 0; number < eventCount; number++) {
                    final DirectBuffer event = LinkFixture.event(publisher.name(), "press", number, PAYLOAD_BYTES);
                    while (publisher.offer(event, 0, event.capacity()) != 0) {
                        Thread.onSpinWait();
                    }
                }
            }));
        }
        final Map<String, List<Long>> bySource = new HashMap<>();
        final RemoteSubscription subscription = client(false).subscription("screen", StartAt.start(), "press");
        await().pollInSameThread().atMost(LinkFixture.PATIENCE).until(() -> {
            subscription.poll(event -> bySource.computeIfAbsent(event.source(), name -> new ArrayList<>())
                .add(numberOf(event)), 1_000);
            return subscription.eventCount() == (long)clientCount * eventCount;
        });
        all.forEach(CompletableFuture::join);

        assertEquals(clientCount, bySource.size());
        bySource.forEach((source, each) -> assertEquals(numbers(0, eventCount), each, source));
    }

    /** The service stops and comes again while one publishes and one reads: each event is there, once, in its order. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldLoseAndRepeatNothingWhenTheServiceRestarts(final boolean ipc) {
        service = new LinkFixture(folder, 1 << 12).serve(null, 8);
        final HeadraceClient client = client(ipc);
        final RemotePublisher publisher = client.publisher("press");
        final RemoteSubscription subscription = client.subscription("screen", StartAt.start(), "press.*");
        final int eventCount = 3_000;
        final AtomicLong published = new AtomicLong();
        final CompletableFuture<Void> publishing = CompletableFuture.runAsync(() -> {
            for (long number = 0; number < eventCount; number++) {
                final long result = publish(publisher, number, Confirm.PUBLISHED);
                assertTrue(result >= 0 || result == RemotePublisher.DUPLICATE, "result=" + result);
                published.incrementAndGet();
            }
        });
        for (int restart = 1; restart <= 3; restart++) {
            final long some = restart * 500L;
            read(subscription, () -> published.get() > some && !numbers.isEmpty());
            service.stopServer();
            service.serve(null, 8);
        }
        read(subscription, () -> publishing.isDone() && numbers.size() >= eventCount
            && subscription.state() == LinkState.LIVE);
        publishing.join();

        assertEquals(numbers(0, eventCount), numbers);
    }

    @Test
    void shouldBeginWhereItIsAsked() {
        service = new LinkFixture(folder, 1 << 12).serve(null, 8);
        final HeadraceClient client = client(false);
        final RemotePublisher publisher = client.publisher("press");
        final List<Long> answers = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            answers.add(publish(publisher, i, Confirm.RECORDED));
        }
        final RemoteSubscription behind = client.subscription("screen", StartAt.sequence(answers.get(6)));
        read(behind, () -> numbers.size() == 4);
        assertEquals(numbers(6, 10), numbers);

        numbers.clear();
        final RemoteSubscription now = client.subscription("screen-2", StartAt.now());
        read(now, () -> now.state() == LinkState.LIVE);
        publish(publisher, 10, Confirm.RECORDED);
        read(now, () -> !numbers.isEmpty());
        assertEquals(numbers(10, 11), numbers);

        numbers.clear();
        final RemoteSubscription time = client.subscription("screen-3", StartAt.time(0), "press.*");
        read(time, () -> numbers.size() == 11);
        assertEquals(numbers(0, 11), numbers);
    }

    @Test
    void shouldCarryEventsThatAreLongerThanAMessage() {
        service = new LinkFixture(folder, 1 << 14).serve(null, 8);
        final HeadraceClient client = client(false);
        final RemotePublisher publisher = client.publisher("scanner");
        final int lengthBytes = 400_000;
        final DirectBuffer event = LinkFixture.event("scanner", "scan", 7, lengthBytes, "scan-7");
        assertTrue(publisher.awaitLive(PATIENCE_NS));
        assertTrue(publisher.publish(event, 0, event.capacity(), Confirm.RECORDED, PATIENCE_NS) >= 0);
        assertEquals(RemotePublisher.DUPLICATE,
            publisher.publish(event, 0, event.capacity(), Confirm.RECORDED, PATIENCE_NS));
        final DirectBuffer tooLong = new UnsafeBuffer(new byte[1 << 20]);
        assertEquals(RemotePublisher.TOO_LONG, publisher.offer(tooLong, 0, tooLong.capacity()));
        final List<Integer> lengths = new ArrayList<>();
        final RemoteSubscription subscription = client.subscription("screen", StartAt.start(), "scan");
        await().pollInSameThread().atMost(LinkFixture.PATIENCE).until(() ->
            subscription.poll(each -> lengths.add(each.payloadLength()), 1_000) > 0);

        assertEquals(List.of(lengthBytes), lengths);
        assertEquals(1, publisher.droppedCount());
    }

    /** The former leader is fenced while events are on their way; the new one has another address. */
    @Test
    void shouldGoOnPublishingAtTheNextLeader() {
        service = new LinkFixture(folder.resolve("a"), 1 << 12).serve(null, 8);
        try (LinkFixture next = new LinkFixture(folder.resolve("b"), 1 << 12)) {
            final AtomicLong failedCount = new AtomicLong();
            next.role(BusRole.REPLICA);
            next.serve(null, 8);
            final RemotePublisher publisher = client(new ClientContext().address(
                "127.0.0.1:" + next.address().getPort(), "127.0.0.1:" + service.address().getPort()))
                .publisher("press", (id, result) -> failedCount.addAndGet(result < 0 ? 1 : 0));
            assertTrue(publish(publisher, 0, Confirm.RECORDED) >= 0);
            final List<Long> ids = new ArrayList<>();
            final CompletableFuture<Void> publishing = CompletableFuture.runAsync(() -> {
                while (next.counter("link.published-events") < 200) {
                    final int number = ids.size() + 1;
                    final DirectBuffer event = LinkFixture.event("press", "press", number, PAYLOAD_BYTES, "i" + number);
                    long id = publisher.send(event, 0, event.capacity(), Confirm.RECORDED);
                    while (id == RemotePublisher.AWAY || id == RemotePublisher.BACK_PRESSURED) {
                        Thread.onSpinWait();
                        id = publisher.send(event, 0, event.capacity(), Confirm.RECORDED);
                    }
                    ids.add(id);
                }
            });
            await().atMost(LinkFixture.PATIENCE).until(() -> service.counter("link.published-events") > 100);
            service.role(BusRole.FENCED);
            next.role(BusRole.LEADER);
            publishing.join();
            await().atMost(LinkFixture.PATIENCE).until(() -> publisher.answeredCount() == ids.size() + 1L);
            assertEquals(0, failedCount.get());

            final long atBoth = service.counter("link.published-events") + next.counter("link.published-events");
            // What the first one has recorded and could not answer any more is at the second one, too.
            assertTrue(atBoth >= 1 + ids.size(), "atBoth=" + atBoth + " sent=" + ids.size());
        }
    }

    @Test
    void shouldBeRefusedWithAnotherSecret() {
        service = new LinkFixture(folder, 1 << 12).serve("right", 8);
        final RemotePublisher wrong = client(context(false).secret("wrong")).publisher("press");
        assertFalse(wrong.awaitLive(PATIENCE_NS));
        assertEquals(LinkState.REFUSED, wrong.state());
        assertTrue(wrong.reason().contains("secret"), wrong.reason());
        assertEquals(1, service.counter("link.not-authentic"));

        final RemotePublisher right = client(context(true).secret("right")).publisher("press");
        assertTrue(publish(right, 1, Confirm.RECORDED) >= 0);
    }

    @Test
    void shouldReadTheLiveStreamAndCountWhatItMissed() throws IOException {
        final int port;
        try (DatagramSocket free = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        final String control = "control=127.0.0.1:" + port + "|control-mode=dynamic";
        service = new LinkFixture(folder, 1 << 12)
            .serve(null, 8, List.of("live.*"), Optional.of("aeron:udp?" + control));
        final HeadraceClient client = client(false);
        final LiveSubscription live = client.live("aeron:udp?endpoint=127.0.0.1:0|" + control);
        await().pollInSameThread().atMost(LinkFixture.PATIENCE).until(() -> {
            live.poll(this::onEvent, 10);
            return live.isConnected();
        });
        // The reader sees the stream before the stream knows of the reader: what is sent in between is for nobody.
        final AtomicLong first = new AtomicLong();
        await().pollInSameThread().atMost(LinkFixture.PATIENCE).until(() -> {
            service.publish("live.pressure", first.get(), first.incrementAndGet(), PAYLOAD_BYTES);
            return live.poll(this::onEvent, 10) > 0;
        });
        // More than the ring holds: neither the ring nor the network waits for a reader.
        service.publish("live.pressure", first.get(), 20_000, PAYLOAD_BYTES);
        service.publish("other", 0, 10, PAYLOAD_BYTES);
        // The stream does not wait: what comes after the silence tells how much there was.
        final AtomicLong marker = new AtomicLong(20_000);
        await().pollInSameThread().atMost(LinkFixture.PATIENCE).until(() -> {
            service.publish("live.pressure", marker.get(), marker.incrementAndGet(), PAYLOAD_BYTES);
            while (live.poll(this::onEvent, 100) > 0) {
                continue;
            }
            return !numbers.isEmpty() && numbers.get(numbers.size() - 1) >= 20_000;
        });

        for (int i = 1; i < numbers.size(); i++) {
            assertTrue(numbers.get(i) > numbers.get(i - 1));
        }
        final long last = numbers.get(numbers.size() - 1);
        assertEquals(last - numbers.get(0) + 1, live.eventCount() + live.missedCount());
        assertEquals(0, live.malformedCount());
    }

    @Test
    void shouldWaitForAServiceThatIsNotThereYet() throws IOException {
        final int port;
        try (DatagramSocket free = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        service = new LinkFixture(folder, 1 << 12);
        final RemotePublisher publisher = client(new ClientContext().address("127.0.0.1:" + port)).publisher("press");
        final DirectBuffer event = LinkFixture.event("press", "press", 1, PAYLOAD_BYTES);
        assertEquals(RemotePublisher.AWAY, publisher.offer(event, 0, event.capacity()));
        service.serve(null, 8, port);
        assertTrue(publisher.awaitLive(PATIENCE_NS), publisher::reason);
        assertEquals(0, publisher.offer(event, 0, event.capacity()));
        assertEquals(1, publisher.droppedCount());
    }
}
