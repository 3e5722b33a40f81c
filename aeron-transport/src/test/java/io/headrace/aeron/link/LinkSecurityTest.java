package io.headrace.aeron.link;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.headrace.client.link.LinkDriver;
import io.headrace.client.link.LinkProtocol;
import io.headrace.codecs.sbe.link.Confirm;
import io.headrace.codecs.sbe.link.LinkAliveEncoder;
import io.headrace.codecs.sbe.link.LinkByeEncoder;
import io.headrace.codecs.sbe.link.LinkHelloEncoder;
import io.headrace.codecs.sbe.link.LinkProofEncoder;
import io.headrace.codecs.sbe.link.LinkRole;
import io.headrace.codecs.sbe.link.MessageHeaderEncoder;
import io.headrace.codecs.sbe.link.PublishEventEncoder;
import io.headrace.codecs.sbe.link.Refusal;
import io.headrace.codecs.sbe.link.StartKind;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Strangers, liars and noise at the address of a server. */
class LinkSecurityTest {
    private static final String SECRET = "a mill wheel";

    private final List<AutoCloseable> closeables = new ArrayList<>();
    private LinkFixture service;

    @TempDir
    private Path folder;

    @AfterEach
    void close() throws Exception {
        for (final AutoCloseable closeable : closeables) {
            closeable.close();
        }
        service.close();
    }

    private LinkProbe probe(final LinkRole role, final String name, final String secret) {
        final LinkProbe probe = LinkProbe.udp(service.address(), role, name, secret);
        closeables.add(probe);
        return probe;
    }

    @Test
    void shouldLetInWhoKnowsTheSecret() {
        service = new LinkFixture(folder, 1 << 12).serve(SECRET, 8);
        final LinkProbe publisher = probe(LinkRole.PUBLISHER, "press", SECRET).awaitOpen();
        publisher.mustPublish(1, Confirm.RECORDED, LinkFixture.event("press", "press.state", 1, 64));
        publisher.await(() -> publisher.answers.size() == 1);
        assertEquals(0, service.counter("link.not-authentic"));
    }

    @Test
    void shouldRefuseWhoDoesNot() {
        service = new LinkFixture(folder, 1 << 12).serve(SECRET, 8);
        service.publish("erp.item", 0, 10, 64);
        final LinkProbe wrong = probe(LinkRole.SUBSCRIBER, "wrong", "a water wheel").asks(StartKind.START, 0, "");
        wrong.await(() -> wrong.refusals.size() == 1);
        assertEquals(Refusal.NOT_AUTHENTIC, wrong.refusals.get(0));
        assertEquals(1, service.counter("link.not-authentic"));
        final LinkProbe none = probe(LinkRole.SUBSCRIBER, "none", null).asks(StartKind.START, 0, "");
        none.await(() -> none.refusals.size() == 1);
        assertEquals(0, wrong.numbers.size() + none.numbers.size());
        none.await(() -> service.counter("link.opened") == 0 && service.server().links().isEmpty());
    }

    @Test
    void shouldNotListenBeforeTheSecretIsProved() {
        service = new LinkFixture(folder, 1 << 12).serve(SECRET, 8);
        final Stranger stranger = new Stranger();
        stranger.send(stranger.hello(77, LinkRole.PUBLISHER, "press"));
        stranger.send(stranger.event(77, LinkFixture.event("press", "press.state", 1, 64)));
        stranger.send(stranger.proof(77, new byte[32]));
        stranger.send(stranger.proof(77, new byte[3]));
        stranger.send(stranger.event(77, LinkFixture.event("press", "press.state", 1, 64)));
        stranger.await("link.timed-out", 1);
        assertEquals(0, service.counter("link.published-events"));
        assertEquals(0, service.counter("link.opened"));
    }

    @Test
    void shouldTakeNothingForALinkFromAnybodyElse() {
        service = new LinkFixture(folder, 1 << 12).serve(null, 8);
        final LinkProbe publisher = probe(LinkRole.PUBLISHER, "press", null).awaitOpen();
        final Stranger stranger = new Stranger();
        stranger.send(stranger.event(publisher.linkId(), LinkFixture.event("press", "press.state", 1, 64)));
        stranger.send(stranger.bye(publisher.linkId()));
        stranger.send(stranger.hello(publisher.linkId(), LinkRole.PUBLISHER, "press"));
        stranger.send(stranger.alive(4711));
        stranger.await("link.foreign", 3);
        stranger.await("link.unknown", 1);
        assertTrue(publisher.isOpen());
        assertEquals(0, service.counter("link.published-events"));
        publisher.mustPublish(1, Confirm.RECORDED, LinkFixture.event("press", "press.state", 1, 64));
        publisher.await(() -> publisher.answers.size() == 1);
    }

    @Test
    void shouldBoundHowManyMayTryAtOnce() {
        service = new LinkFixture(folder, 1 << 12).serve(SECRET, 4);
        final Stranger stranger = new Stranger();
        for (int i = 0; i < 200; i++) {
            stranger.send(stranger.hello(1000 + i, LinkRole.SUBSCRIBER, "flood"));
        }
        stranger.await("link.refused", 100);
        final LinkProbe subscriber = probe(LinkRole.SUBSCRIBER, "screen", SECRET).asks(StartKind.NOW, 0, "");
        subscriber.awaitOpen();
        assertFalse(service.server().links().size() > 4);
    }

    @Test
    void shouldOutliveNoise() throws IOException {
        final long seed = Long.getLong("headrace.link.seed", System.nanoTime());
        final Random random = new Random(seed);
        service = new LinkFixture(folder, 1 << 12).serve(null, 8);
        service.publish("erp.item", 0, 100, 64);
        final Stranger stranger = new Stranger();
        final List<DirectBuffer> whole = List.of(
            stranger.hello(9, LinkRole.REPLICA, "noise"), stranger.proof(9, new byte[32]), stranger.alive(9),
            stranger.event(9, LinkFixture.event("press", "press.state", 1, 200)));
        try (DatagramSocket socket = new DatagramSocket()) {
            for (int i = 0; i < 5000; i++) {
                final byte[] bytes;
                if (i % 4 == 0) {
                    bytes = new byte[random.nextInt(3000)];
                    random.nextBytes(bytes);
                } else {
                    final DirectBuffer message = whole.get(random.nextInt(whole.size()));
                    bytes = new byte[i % 4 == 1 ? random.nextInt(message.capacity()) : message.capacity()];
                    message.getBytes(0, bytes);
                    for (int flips = random.nextInt(4); flips > 0 && bytes.length > 0; flips--) {
                        bytes[random.nextInt(bytes.length)] = (byte)random.nextInt();
                    }
                }
                stranger.send(new UnsafeBuffer(bytes));
                if (i % 10 == 0) {
                    random.nextBytes(bytes);
                    socket.send(new DatagramPacket(bytes, Math.min(bytes.length, 1400), service.address()));
                }
            }
        }
        stranger.send(new UnsafeBuffer(new byte[100_000]));
        stranger.await("link.malformed", 1000);
        final LinkProbe publisher = probe(LinkRole.PUBLISHER, "press", null).awaitOpen();
        publisher.mustPublish(1, Confirm.RECORDED, LinkFixture.event("press", "press.state", 1, 64));
        publisher.await(() -> publisher.answers.size() == 1);
        final LinkProbe subscriber = probe(LinkRole.SUBSCRIBER, "screen", null).asks(StartKind.START, 0, "");
        subscriber.await(() -> subscriber.numbers.size() >= 101);
        assertEquals(101, subscriber.numbers.size(), "seed " + seed);
    }

    /** Somebody who can send what he likes; he hears no answers. */
    private final class Stranger {
        private final LinkDriver driver = LinkProbe.newDriver();
        private final ExclusivePublication publication;
        private final MessageHeaderEncoder header = new MessageHeaderEncoder();

        Stranger() {
            closeables.add(driver);
            final Aeron aeron = driver.aeron();
            publication = aeron.addExclusivePublication(
                LinkProtocol.publicationChannel(service.address(), 1 << 20), LinkProtocol.STREAM_ID);
        }

        void send(final DirectBuffer message) {
            final long deadlineNs = System.nanoTime() + LinkFixture.PATIENCE.toNanos();
            while (publication.offer(message, 0, message.capacity()) < 0) {
                assertTrue(System.nanoTime() - deadlineNs < 0);
                driver.doWork();
            }
        }

        void await(final String counter, final long count) {
            final long deadlineNs = System.nanoTime() + LinkFixture.PATIENCE.toNanos();
            while (service.counter(counter) < count) {
                assertTrue(System.nanoTime() - deadlineNs < 0, () -> counter + "=" + service.counter(counter));
                driver.doWork();
                Thread.yield();
            }
        }

        DirectBuffer hello(final long linkId, final LinkRole role, final String name) {
            final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
            final LinkHelloEncoder hello = new LinkHelloEncoder().wrapAndApplyHeader(buffer, 0, header)
                .linkId(linkId).protocolVersion(LinkProtocol.VERSION).role(role).answerPort(9).answerStreamId(5)
                .name(name);
            return new UnsafeBuffer(buffer, 0, hello.limit());
        }

        DirectBuffer proof(final long linkId, final byte[] bytes) {
            final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
            final LinkProofEncoder proof = new LinkProofEncoder().wrapAndApplyHeader(buffer, 0, header)
                .linkId(linkId).putProof(bytes, 0, bytes.length);
            return new UnsafeBuffer(buffer, 0, proof.limit());
        }

        DirectBuffer alive(final long linkId) {
            final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
            return new UnsafeBuffer(
                buffer, 0, new LinkAliveEncoder().wrapAndApplyHeader(buffer, 0, header).linkId(linkId).limit());
        }

        DirectBuffer bye(final long linkId) {
            final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
            return new UnsafeBuffer(
                buffer, 0, new LinkByeEncoder().wrapAndApplyHeader(buffer, 0, header).linkId(linkId).limit());
        }

        DirectBuffer event(final long linkId, final DirectBuffer event) {
            final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
            final PublishEventEncoder publish = new PublishEventEncoder().wrapAndApplyHeader(buffer, 0, header)
                .linkId(linkId).correlationId(1).confirm(Confirm.RECORDED);
            final int head = publish.limit();
            buffer.putInt(head, event.capacity(), ByteOrder.LITTLE_ENDIAN);
            buffer.putBytes(head + Integer.BYTES, event, 0, event.capacity());
            return new UnsafeBuffer(buffer, 0, head + Integer.BYTES + event.capacity());
        }
    }
}
