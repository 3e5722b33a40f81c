package io.headrace.aeron.link;

import io.headrace.bus.link.BusRole;
import io.headrace.bus.service.HeadraceService;
import io.headrace.bus.service.ReplicationStatus;
import io.headrace.bus.service.config.AdapterRegistry;
import io.headrace.bus.service.config.ConfigurationException;
import io.headrace.bus.service.config.ConfigurationLoader;
import io.headrace.client.ClientContext;
import io.headrace.client.Confirm;
import io.headrace.client.HeadraceClient;
import io.headrace.client.RemotePublisher;
import io.headrace.client.RemoteSubscription;
import io.headrace.client.StartAt;
import org.agrona.DirectBuffer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.LongStream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Whole services that lead and follow, with real logs and real links; a client publishes, and others read. */
class ReplicationTest {
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);

    private final Map<String, HeadraceService> services = new HashMap<>();
    private final Map<String, Integer> ports = new HashMap<>();
    private final List<AutoCloseable> closeables = new ArrayList<>();

    @TempDir
    private Path folder;

    @AfterEach
    void close() throws Exception {
        for (int i = closeables.size() - 1; i >= 0; i--) {
            closeables.get(i).close();
        }
        for (final HeadraceService service : services.values()) {
            service.stop(STOP_TIMEOUT);
        }
    }

    private int port(final String name) {
        return ports.computeIfAbsent(name, key -> {
            try (DatagramSocket socket = new DatagramSocket(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
                return socket.getLocalPort();
            } catch (final IOException ex) {
                throw new IllegalStateException(ex);
            }
        });
    }

    private String address(final String name) {
        return "127.0.0.1:" + port(name);
    }

    private HeadraceService start(final String name, final String... leaders) {
        final StringBuilder yaml = new StringBuilder("""
            service: {name: %s}
            bus:
              capacity: 4096
              slot-bytes: 128
              log: {path: %s, term-length: 8MiB, segment-length: 8MiB}
              listen: {address: "%s", secret: mill}
            """.formatted(name, folder.resolve(name), address(name)));
        if (leaders.length > 0) {
            yaml.append("  follow: {leaders: [");
            for (final String leader : leaders) {
                yaml.append('"').append(address(leader)).append("\", ");
            }
            yaml.append("], secret: mill}\n");
        }
        try {
            final Path file = Files.writeString(folder.resolve(name + ".yaml"), yaml);
            final HeadraceService service = new HeadraceService(ConfigurationLoader.load(
                file, Map.of(), AdapterRegistry.of(List.of(), List.of())).configuration());
            service.start();
            services.put(name, service);
            return service;
        } catch (final IOException | ConfigurationException ex) {
            throw new IllegalStateException(yaml.toString(), ex);
        }
    }

    private void stop(final String name) {
        services.remove(name).stop(STOP_TIMEOUT);
    }

    private HeadraceClient client(final String... names) {
        final String[] addresses = new String[names.length];
        for (int i = 0; i < names.length; i++) {
            addresses[i] = address(names[i]);
        }
        final HeadraceClient client =
            HeadraceClient.connect(new ClientContext().name("press").address(addresses).secret("mill"));
        closeables.add(client);
        return client;
    }

    private static void await(final Callable<Boolean> condition) {
        Awaitility.await().atMost(LinkFixture.PATIENCE).until(condition);
    }

    private static ReplicationStatus replication(final HeadraceService service) {
        return service.status().replication();
    }

    private void publish(final RemotePublisher publisher, final long from, final long to, final Confirm confirm) {
        for (long i = from; i < to; i++) {
            final long number = i;
            final DirectBuffer event = LinkFixture.event("press", "press.state", number, 100, "id-" + number);
            final long answer =
                publisher.publish(event, 0, event.capacity(), confirm, LinkFixture.PATIENCE.toNanos());
            // It may be asked again over another link, after it was published over the one before.
            assertTrue(answer >= 0 || answer == RemotePublisher.DUPLICATE, () -> number + ": " + answer);
        }
    }

    private List<Long> read(final String name, final long count) {
        final List<Long> numbers = new ArrayList<>();
        try (RemoteSubscription subscription = client(name).subscription("reader", StartAt.start())) {
            await(() -> {
                subscription.poll(event ->
                    numbers.add(event.buffer().getLong(event.payloadOffset(), ByteOrder.LITTLE_ENDIAN)), 1000);
                return numbers.size() >= count;
            });
        }
        return numbers;
    }

    private static List<Long> numbers(final long from, final long to) {
        return LongStream.range(from, to).boxed().toList();
    }

    @Test
    void shouldKeepReplicasUpOverRestarts() {
        start("one");
        final RemotePublisher publisher = client("one").publisher("press");
        publish(publisher, 0, 500, Confirm.RECORDED);
        final HeadraceService two = start("two", "one");
        final HeadraceService three = start("three", "one");
        await(() -> replication(two).state().equals("following") && replication(three).state().equals("following"));
        publish(publisher, 500, 600, Confirm.REPLICATED);
        stop("three");
        publish(publisher, 600, 700, Confirm.REPLICATED);
        stop("one");
        await(() -> replication(two).state().startsWith("leader away"));
        start("one");
        publish(publisher, 700, 800, Confirm.REPLICATED);
        start("three", "one");
        for (final String name : List.of("one", "two", "three")) {
            assertEquals(numbers(0, 800), read(name, 800), name);
        }
    }

    @Test
    void shouldHandOverToAReplica() throws InterruptedException {
        final HeadraceService one = start("one");
        final HeadraceService two = start("two", "one");
        final RemotePublisher publisher = client("one", "two").publisher("press");
        publish(publisher, 0, 300, Confirm.REPLICATED);
        two.promote(false, LinkFixture.PATIENCE);
        assertEquals(BusRole.LEADER, replication(two).role());
        await(() -> replication(one).role() == BusRole.FENCED);
        publish(publisher, 300, 400, Confirm.RECORDED);
        stop("one");
        final HeadraceService again = start("one", "two");
        await(() -> replication(again).state().equals("following"));
        publish(publisher, 400, 500, Confirm.REPLICATED);
        assertEquals(numbers(0, 500), read("two", 500));
        assertEquals(numbers(0, 500), read("one", 500));
    }

    @Test
    void shouldCutWhatOnlyAFormerLeaderHas() throws InterruptedException {
        start("one");
        HeadraceService two = start("two", "one");
        final RemotePublisher publisher = client("one").publisher("press");
        publish(publisher, 0, 100, Confirm.REPLICATED);
        stop("two");
        publish(publisher, 100, 150, Confirm.RECORDED);
        stop("one");
        two = start("two", "one");
        final HeadraceService promoted = two;
        await(() -> replication(promoted).state().startsWith("leader away"));
        two.promote(true, LinkFixture.PATIENCE);
        final RemotePublisher other = client("two").publisher("press");
        publish(other, 1000, 1100, Confirm.RECORDED);
        final HeadraceService one = start("one", "two");
        await(() -> replication(one).state().equals("following"));
        final List<Long> expected = new ArrayList<>(numbers(0, 100));
        expected.addAll(numbers(1000, 1100));
        assertEquals(expected, read("two", 200));
        assertEquals(expected, read("one", 200));
    }
}
