package io.headrace.aeron.link;

import io.headrace.bus.publish.Publisher;
import io.headrace.bus.service.HeadraceService;
import io.headrace.bus.service.ReplicationStatus;
import io.headrace.bus.service.config.ConfigurationException;
import io.headrace.bus.service.config.ConfigurationLoader;
import io.headrace.codecs.EventWriter;
import io.headrace.codecs.sbe.EventKind;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.MutableDirectBuffer;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

import static org.junit.jupiter.api.Assertions.assertTrue;

/** A configured service that leads or follows, on a folder that outlives it. Owned by a test. */
final class TestMember implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long LOOK_INTERVAL_NS = 5_000_000;

    final String name;
    final int port = freePort();
    private final Path folder;
    private final MutableDirectBuffer buffer = new ExpandableArrayBuffer(256);
    HeadraceService service;
    private String after = "recorded";

    TestMember(final Path folder, final String name) {
        this.folder = folder;
        this.name = name;
        CollectingAdapters.NUMBERS.remove(name);
    }

    private static int freePort() {
        try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            return socket.getLocalPort();
        } catch (final IOException ex) {
            throw new IllegalStateException(ex);
        }
    }

    /** With a flow that waits for a stage. */
    TestMember leadAfter(final String stage) {
        after = stage;
        return start("", "");
    }

    TestMember lead(final String more) {
        return start("", more);
    }

    TestMember follow(final TestMember... leaders) {
        final String addresses = Arrays.stream(leaders)
            .map(leader -> "\"127.0.0.1:" + leader.port + "\"").collect(Collectors.joining(", "));
        return start("  follow: {leaders: [" + addresses + "], secret: s}\n", "");
    }

    private TestMember start(final String follow, final String more) {
        final String yaml = "service: {name: " + name + ", control: {enabled: false}, shutdown-timeout: 5s}\n"
            + "bus:\n  capacity: 4096\n  slot-bytes: 128\n  log: {path: " + folder.resolve(name)
            + ", term-length: 1MiB, segment-length: 1MiB}\n"
            + "  listen: {address: \"127.0.0.1:" + port + "\", secret: s" + more + "}\n" + follow
            + "sources:\n  erp: {type: standing, options: {id: " + name + "}}\n"
            + "sinks:\n  out: {type: collecting, topics: [\"*\"], from: start, after: " + after
            + ", options: {id: " + name + "}}\n";
        try {
            final Path file = Files.writeString(folder.resolve(name + ".yaml"), yaml);
            service = new HeadraceService(
                ConfigurationLoader.load(file, Map.of(), CollectingAdapters.REGISTRY).configuration());
        } catch (final IOException | ConfigurationException ex) {
            throw new IllegalStateException(ex);
        }
        service.start();
        return this;
    }

    void publish(final long from, final long to) {
        final byte[] source = "erp".getBytes(StandardCharsets.US_ASCII);
        final Publisher publisher = service.bus().newPublisher("erp");
        for (long number = from; number < to; number++) {
            final EventWriter writer =
                new EventWriter().wrap(buffer, 0).kind(EventKind.DOCUMENT).topic(source).source(source);
            buffer.putLong(writer.beginPayload(), number, ByteOrder.LITTLE_ENDIAN);
            final long sequence = publisher.publish(
                buffer, 0, writer.endPayload(Long.BYTES).length(), PATIENCE.toNanos());
            assertTrue(sequence >= 0, "code " + sequence);
        }
    }

    /** Publishes one event that has an id; answers with its sequence or a negative code. */
    long publish(final long number, final String messageId) {
        final byte[] source = "erp".getBytes(StandardCharsets.US_ASCII);
        final EventWriter writer = new EventWriter().wrap(buffer, 0).kind(EventKind.DOCUMENT).topic(source)
            .source(source).messageId(messageId.getBytes(StandardCharsets.US_ASCII));
        buffer.putLong(writer.beginPayload(), number, ByteOrder.LITTLE_ENDIAN);
        return service.bus().newPublisher("erp").publish(
            buffer, 0, writer.endPayload(Long.BYTES).length(), PATIENCE.toNanos());
    }

    ReplicationStatus replication() {
        return service.status().replication();
    }

    List<Long> numbers() {
        return CollectingAdapters.numbers(name);
    }

    void awaitCount(final int count) {
        await(() -> numbers().size() >= count, () -> name + " has " + numbers().size() + " of " + count + ": "
            + replication());
    }

    void awaitState(final String state) {
        await(() -> replication().state().startsWith(state), () -> name + " is not " + state + ": " + replication());
    }

    static void await(final BooleanSupplier condition, final Supplier<String> message) {
        final long deadlineNs = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() - deadlineNs < 0, message);
            LockSupport.parkNanos(LOOK_INTERVAL_NS);
        }
    }

    static List<Long> range(final long from, final long to) {
        return LongStream.range(from, to).boxed().toList();
    }

    @Override
    public void close() {
        stop();
    }

    void stop() {
        if (service != null) {
            service.stop(Duration.ofSeconds(5));
            service = null;
        }
    }
}
