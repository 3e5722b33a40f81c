package io.headrace.aeron.link;

import io.headrace.aeron.log.AeronEventLogProvider;
import io.headrace.bus.AgentHost;
import io.headrace.bus.Bus;
import io.headrace.bus.BusContext;
import io.headrace.bus.link.BusRole;
import io.headrace.bus.link.LinkHost;
import io.headrace.bus.link.LinkServer;
import io.headrace.bus.link.LinkServerContext;
import io.headrace.bus.log.EpochHistory;
import io.headrace.bus.log.EventLogContext;
import io.headrace.bus.ring.WaitProfile;
import io.headrace.codecs.EventWriter;
import io.headrace.codecs.sbe.EventKind;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.SystemEpochNanoClock;
import org.agrona.concurrent.UnsafeBuffer;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

import static org.junit.jupiter.api.Assertions.assertTrue;

/** A bus on a real archive with a real server of links on loopback, and what its service would do. */
final class LinkFixture implements LinkHost, AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(60);
    static final int SLOT_BYTES = 128;

    final Map<String, Long> replicas = new ConcurrentHashMap<>();
    private final Path folder;
    private final int capacity;
    private Bus bus;
    private LinkServer server;
    private volatile BusRole role = BusRole.LEADER;
    private volatile EpochHistory higherEpochs;
    private volatile long steppedDownEpoch = -1;
    private int port;
    volatile String brokenReplica;
    /** False: it is asked, and never answers. */
    volatile boolean stepsDown = true;
    /** How far the bus's clock is ahead of the system's. */
    volatile long aheadNs;

    LinkFixture(final Path folder, final int capacity) {
        this.folder = folder;
        this.capacity = capacity;
        open();
    }

    /** Begins an epoch. */
    void open() {
        open(Long.MAX_VALUE);
    }

    /** Begins an epoch, and keeps no more than so many bytes where nobody needs them. */
    void open(final long retainedBytes) {
        final EventLogContext log = new EventLogContext().folder(folder.resolve("log")).termLengthBytes(8 << 20)
            .segmentLengthBytes(8 << 20).retention(Optional.empty(), retainedBytes);
        bus = new Bus(new BusContext().ring(capacity, SLOT_BYTES).log(() -> new AeronEventLogProvider().open(log))
            .clocks(() -> System.nanoTime() + aheadNs, SystemEpochNanoClock.INSTANCE));
    }

    /** Without an event log. */
    void withoutLog() {
        bus.close();
        bus = new Bus(new BusContext().ring(capacity, SLOT_BYTES));
    }

    LinkFixture serve(final String secret, final int maxLinks) {
        return serve(secret, maxLinks, List.of(), Optional.empty());
    }

    LinkFixture serve(final String secret, final int maxLinks, final int wantedPort) {
        port = wantedPort;
        return serve(secret, maxLinks);
    }

    LinkFixture serve(
        final String secret, final int maxLinks, final List<String> liveTopics, final Optional<String> liveChannel) {
        return serve(secret, maxLinks, liveTopics, liveChannel, AgentHost.threads());
    }

    LinkFixture serve(
        final String secret,
        final int maxLinks,
        final List<String> liveTopics,
        final Optional<String> liveChannel,
        final AgentHost agents) {
        server = new AeronLinkProvider().serve(
            new LinkServerContext(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port), Optional.of(driverFolder()),
                Optional.ofNullable(secret), maxLinks, liveTopics, liveChannel, WaitProfile.ECO, agents),
            this);
        port = address().getPort();
        return this;
    }

    Path driverFolder() {
        return folder.resolve("links");
    }

    InetSocketAddress address() {
        final String text = server.address();
        return new InetSocketAddress(
            InetAddress.getLoopbackAddress(), Integer.parseInt(text.substring(text.lastIndexOf(':') + 1)));
    }

    LinkServer server() {
        return server;
    }

    void stopServer() {
        server.close();
        server = null;
    }

    long counter(final String name) {
        return bus.counters().counter(name).get();
    }

    /** An event whose payload is a number and zeros. */
    static DirectBuffer event(final String source, final String topic, final long number, final int payloadBytes) {
        return event(source, topic, number, payloadBytes, null);
    }

    static DirectBuffer event(
        final String source, final String topic, final long number, final int payloadBytes, final String messageId) {
        final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
        final EventWriter writer = new EventWriter().wrap(buffer, 0).kind(EventKind.DOCUMENT)
            .topic(topic.getBytes(StandardCharsets.UTF_8)).source(source.getBytes(StandardCharsets.UTF_8));
        if (messageId != null) {
            writer.messageId(messageId.getBytes(StandardCharsets.UTF_8));
        }
        final byte[] payload = new byte[payloadBytes];
        new UnsafeBuffer(payload).putLong(0, number, ByteOrder.LITTLE_ENDIAN);
        final int lengthBytes = writer.payload(payload).length();
        return new UnsafeBuffer(buffer, 0, lengthBytes);
    }

    /** Publishes numbers as the service's own source. */
    void publish(final String topic, final long from, final long to, final int payloadBytes) {
        final var publisher = bus.newPublisher("erp");
        for (long number = from; number < to; number++) {
            final DirectBuffer event = event("erp", topic, number, payloadBytes);
            assertTrue(publisher.publish(event, 0, event.capacity(), PATIENCE.toNanos()) >= 0);
        }
    }

    @Override
    public String name() {
        return "plant";
    }

    @Override
    public Bus bus() {
        return bus;
    }

    @Override
    public BusRole role() {
        return role;
    }

    void role(final BusRole value) {
        role = value;
    }

    @Override
    public boolean isSource(final String name) {
        return "erp".equals(name);
    }

    @Override
    public void onHigherEpoch(final EpochHistory epochs, final String replicaName) {
        higherEpochs = epochs;
        role = BusRole.FENCED;
    }

    EpochHistory higherEpochs() {
        return higherEpochs;
    }

    @Override
    public long stepDown(final long epoch, final String replicaName) {
        steppedDownEpoch = epoch;
        if (!stepsDown) {
            return -1;
        }
        role = BusRole.FENCED;
        final long nextSequence = bus.claimedSequence() + 1;
        return bus.finishedSequence() + 1 == nextSequence ? nextSequence : -1;
    }

    long steppedDownEpoch() {
        return steppedDownEpoch;
    }

    void forgetStepDown() {
        steppedDownEpoch = -1;
    }

    @Override
    public void onReplica(final String replicaName, final long nextSequence) {
        if (replicaName.equals(brokenReplica)) {
            throw new IllegalStateException("meant to fail");
        }
        replicas.put(replicaName, nextSequence);
    }

    @Override
    public void close() {
        if (server != null) {
            server.close();
        }
        bus.close();
    }
}
