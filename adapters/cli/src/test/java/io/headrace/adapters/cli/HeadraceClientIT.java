package io.headrace.adapters.cli;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.headrace.client.ClientContext;
import io.headrace.client.Confirm;
import io.headrace.client.HeadraceClient;
import io.headrace.client.LinkState;
import io.headrace.client.RemotePublisher;
import io.headrace.client.RemoteSubscription;
import io.headrace.client.StartAt;
import io.headrace.codecs.DocumentWriter;
import io.headrace.codecs.EventWriter;
import io.headrace.codecs.sbe.EventKind;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The client library, in this process, with the built distribution in another one, which is killed now and then. */
@Timeout(180)
class HeadraceClientIT {
    private static final long PATIENCE_NS = HeadraceProcess.PATIENCE.toNanos();
    private static final int KILL_COUNT = 2;
    private static final int EVENTS_PER_LIFE = 400;

    @TempDir
    private Path folder;
    private Path file;
    private Path secret;
    private Path lines;
    private int port;
    private HeadraceProcess service;
    private HeadraceClient client;
    private final List<Integer> read = new ArrayList<>();

    @BeforeEach
    void configure() throws IOException {
        port = TestBroker.freePort();
        file = folder.resolve("plant.yaml");
        secret = Files.writeString(folder.resolve("secret"), "a secret of the plant\n");
        lines = Files.createDirectory(folder.resolve("lines"));
        Files.writeString(file, """
            service: {name: plant-1, control: {port: 0}, shutdown-timeout: 30s}
            bus:
              log: {path: "%s", term-length: 1MiB, segment-length: 1MiB}
              listen: {address: "127.0.0.1:%d", secret: "${file:%s}", driver-path: "%s"}
            sinks:
              lines: {type: file, topics: ["press.*"], options: {directory: "%s"}}
            """.formatted(folder.resolve("log"), port, secret, folder.resolve("links"), lines));
        service = start();
    }

    @AfterEach
    void stop() {
        if (client != null) {
            client.close();
        }
        service.close();
    }

    private HeadraceProcess start() throws IOException {
        final HeadraceProcess started = new HeadraceProcess(folder, "run", file.toString());
        started.awaitControl();
        return started;
    }

    private ClientContext context(final boolean ipc) {
        final ClientContext context = new ClientContext().name("test").errorHandler(error -> { });
        return ipc ? context.ipc(folder.resolve("links")) : context.address("127.0.0.1:" + port);
    }

    private static long publish(final RemotePublisher publisher, final int number) {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[512]);
        final EventWriter event = new EventWriter().wrap(buffer, 0).kind(EventKind.DOCUMENT)
            .topic(utf8("press.state")).source(utf8("press")).messageId(utf8("id-" + number));
        event.endPayload(new DocumentWriter().wrap(buffer, event.beginPayload())
            .contentType(utf8("text/plain")).body(utf8(Integer.toString(number))).length());
        return publisher.publish(buffer, 0, event.length(), Confirm.RECORDED, PATIENCE_NS);
    }

    private static byte[] utf8(final String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private void readUntil(final RemoteSubscription subscription, final BooleanSupplier done) {
        await().pollInSameThread().atMost(HeadraceProcess.PATIENCE).until(() -> {
            while (subscription.poll(event -> read.add(Integer.parseInt(event.buffer().getStringWithoutLengthUtf8(
                event.messageIdOffset() + 3, event.messageIdLength() - 3))), 100) > 0) {
                continue;
            }
            return done.getAsBoolean();
        });
    }

    /** What was answered as recorded is there, whatever was killed; what was sent again is there once. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldLoseAndRepeatNothingWhenTheServiceIsKilled(final boolean ipc) throws Exception {
        client = HeadraceClient.connect(context(ipc).secretFile(secret));
        final RemotePublisher publisher = client.publisher("press");
        final RemoteSubscription subscription = client.subscription("board", StartAt.start(), "press.*");
        final AtomicInteger recorded = new AtomicInteger();
        final int eventCount = (KILL_COUNT + 1) * EVENTS_PER_LIFE;
        final CompletableFuture<Void> publishing = CompletableFuture.runAsync(() -> {
            for (int number = 0; number < eventCount; number++) {
                final long result = publish(publisher, number);
                assertTrue(result >= 0 || result == RemotePublisher.DUPLICATE,
                    "result=" + result + " " + publisher.reason());
                recorded.incrementAndGet();
            }
        });
        for (int life = 1; life <= KILL_COUNT; life++) {
            final int enough = life * EVENTS_PER_LIFE;
            readUntil(subscription, () -> recorded.get() >= enough || publishing.isDone());
            service.signal("KILL");
            service.awaitExit();
            service = start();
        }
        readUntil(subscription, () -> publishing.isDone() && read.size() >= eventCount
            && subscription.state() == LinkState.LIVE);
        publishing.join();

        final List<Integer> all = IntStream.range(0, eventCount).boxed().toList();
        assertEquals(all, read);
        // What it ends with it has delivered, and given its files their last names.
        service.signal("TERM");
        assertEquals(ExitCode.OK, service.awaitExit(), service.err());
        assertEquals(all, written());
    }

    private List<Integer> written() throws IOException {
        final List<Integer> numbers = new ArrayList<>();
        try (Stream<Path> files = Files.list(lines)) {
            for (final Path each : files.filter(path -> path.toString().endsWith(".jsonl")).sorted().toList()) {
                for (final String line : Files.readAllLines(each)) {
                    final JsonNode event = new ObjectMapper().readTree(line);
                    numbers.add(event.get("payload").get("bodyText").asInt());
                }
            }
        }
        return numbers;
    }

    @Test
    void shouldSayWhyAClientIsRefused() {
        client = HeadraceClient.connect(context(false).secret("another one"));
        final RemotePublisher publisher = client.publisher("press");

        assertFalse(publisher.awaitLive(PATIENCE_NS));
        assertEquals(LinkState.REFUSED, publisher.state());
        assertTrue(publisher.reason().contains("bus.listen.secret"), publisher.reason());
    }
}
