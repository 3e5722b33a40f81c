package io.headrace.aeron.link;

import io.headrace.bus.AgentHost;
import io.headrace.bus.link.LinkException;
import io.headrace.bus.link.LinkServerContext;
import io.headrace.bus.ring.WaitProfile;
import io.headrace.codecs.sbe.link.LinkRole;
import io.headrace.codecs.sbe.link.StartKind;
import org.agrona.concurrent.Agent;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.LongStream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What can happen to a server itself. */
class LinkServerTest {
    private LinkFixture service;

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        service.close();
    }

    private LinkServerContext context(
        final InetSocketAddress address, final Path driverFolder, final Optional<String> liveChannel) {
        return new LinkServerContext(
            address, Optional.of(driverFolder), Optional.empty(), 8,
            liveChannel.isEmpty() ? List.of() : List.of("meter.*"), liveChannel, WaitProfile.ECO, AgentHost.threads());
    }

    private static String refusal(final LinkServerContext context, final LinkFixture host) {
        return assertThrows(LinkException.class, () -> new AeronLinkProvider().serve(context, host)).getMessage();
    }

    @Test
    void shouldSayWhatCannotBeHad() {
        service = new LinkFixture(folder, 1 << 10).serve(null, 8);
        final Path other = folder.resolve("other");
        final String inUse = refusal(context(service.address(), other, Optional.empty()), service);
        assertTrue(inUse.contains("cannot listen at") && inUse.contains("bus.listen.address"), inUse);
        final InetSocketAddress free = new InetSocketAddress("127.0.0.1", 0);
        final String locked = refusal(context(free, service.driverFolder(), Optional.empty()), service);
        assertTrue(locked.contains("another process has a media driver in"), locked);
        final String unknown = refusal(
            context(InetSocketAddress.createUnresolved("no-such-host.invalid", 1), other, Optional.empty()), service);
        assertTrue(unknown.contains("no-such-host.invalid is not known"), unknown);
        final String channel = refusal(context(free, other, Optional.of("aeron:udp?endpoint=nonsense")), service);
        assertTrue(channel.contains("bus.listen.live.channel=aeron:udp?endpoint=nonsense"), channel);
        // Nothing of these attempts is left behind.
        new AeronLinkProvider().serve(context(free, other, Optional.empty()), service).close();
    }

    @Test
    void shouldNotTakeAGoodByeForATimeOut() {
        service = new LinkFixture(folder, 1 << 10).serve(null, 8);
        try (LinkProbe probe = LinkProbe.udp(service.address(), LinkRole.SUBSCRIBER, "screen", null).awaitOpen()) {
            probe.await(() -> service.server().links().size() == 1);
            // Longer than a link may take to open, and shorter than it may be silent.
            service.aheadNs = TimeUnit.SECONDS.toNanos(4);
        }
        Awaitility.await().atMost(LinkFixture.PATIENCE).until(() -> service.server().links().isEmpty());
        assertEquals(0, service.counter("link.timed-out"));
    }

    /**
     * As a machine that is suspended. Those who are linked lose their links, and find the same server again; after 30 s
     * (-Dheadrace.link.stall-seconds=35) also its media driver has given up, and was started again.
     */
    @Test
    void shouldServeAgainAfterTheLinkThreadHasStalled() {
        final long stallSeconds = Long.getLong("headrace.link.stall-seconds", 8);
        final ReentrantLock turns = new ReentrantLock();
        service = new LinkFixture(folder, 1 << 12)
            .serve(null, 8, List.of(), Optional.empty(), (agent, idle, daemon, interruptAfterMs) ->
                AgentHost.threads().start(new Stalling(agent, turns), idle, daemon, interruptAfterMs));
        service.publish("erp.item", 0, 100, 64);
        try (LinkProbe subscriber =
            LinkProbe.udp(service.address(), LinkRole.SUBSCRIBER, "screen", null).asks(StartKind.START, 0, "")) {
            subscriber.await(() -> subscriber.numbers.size() == 100);
            turns.lock();
            try {
                final long untilNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(stallSeconds);
                subscriber.await(() -> System.nanoTime() - untilNs >= 0);
            } finally {
                turns.unlock();
            }
            service.publish("erp.item", 100, 200, 64);
            subscriber.await(() -> subscriber.numbers.size() == 200);
            assertEquals(LongStream.range(0, 200).boxed().toList(), subscriber.numbers);
            assertTrue(subscriber.welcomeCount >= 2);
        }
    }

    /** An agent whose turns somebody else can hold up. */
    private record Stalling(Agent agent, ReentrantLock turns) implements Agent {
        @Override
        public void onStart() {
            agent.onStart();
        }

        @Override
        public int doWork() throws Exception {
            turns.lock();
            try {
                return agent.doWork();
            } finally {
                turns.unlock();
            }
        }

        @Override
        public void onClose() {
            agent.onClose();
        }

        @Override
        public String roleName() {
            return agent.roleName();
        }
    }
}
