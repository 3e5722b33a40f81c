package io.headrace.client;

import io.aeron.ControlledFragmentAssembler;
import io.aeron.ExclusivePublication;
import io.aeron.Image;
import io.aeron.Subscription;
import io.aeron.logbuffer.ControlledFragmentHandler.Action;
import io.aeron.logbuffer.Header;
import io.headrace.client.link.LinkDriver;
import io.headrace.client.link.LinkDriverContext;
import io.headrace.client.link.LinkMessage;
import io.headrace.client.link.LinkProtocol;
import io.headrace.codecs.sbe.link.BusRole;
import io.headrace.codecs.sbe.link.FeedEventEncoder;
import io.headrace.codecs.sbe.link.FeedPartEncoder;
import io.headrace.codecs.sbe.link.FeedStateEncoder;
import io.headrace.codecs.sbe.link.LinkByeEncoder;
import io.headrace.codecs.sbe.link.LinkChallengeEncoder;
import io.headrace.codecs.sbe.link.LinkHelloDecoder;
import io.headrace.codecs.sbe.link.LinkRefusedEncoder;
import io.headrace.codecs.sbe.link.LinkWelcomeEncoder;
import io.headrace.codecs.sbe.link.MessageHeaderEncoder;
import io.headrace.codecs.sbe.link.PublishAnswerEncoder;
import io.headrace.codecs.sbe.link.PublishEventDecoder;
import io.headrace.codecs.sbe.link.Refusal;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.YieldingIdleStrategy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The thread of the test, which gives it its turns: the service's end of links, with a real media driver, that says
 * only what the test tells it to. A simulation of a service, not one.
 */
public final class ScriptedService implements AutoCloseable {
    public static final long LOG_ID = 4711;
    public static final int MAX_EVENT_BYTES = 4 << 20;
    /** Of every welcome. */
    public static final long NEXT_SEQUENCE = 100;

    private final LinkDriver driver;
    private final Subscription udp;
    private final Subscription ipc;
    private final ControlledFragmentAssembler assembler = new ControlledFragmentAssembler(this::onMessage);
    private final LinkMessage message = new LinkMessage();
    private final Map<Long, Link> linksById = new HashMap<>();
    private final List<Link> links = new ArrayList<>();
    private boolean welcoming = true;
    private boolean taking = true;
    private boolean answering;

    public ScriptedService(final Path folder) throws IOException {
        this(folder, 0);
    }

    public ScriptedService(final Path folder, final int port) throws IOException {
        driver = LinkDriver.launch(new LinkDriverContext(
            "scripted", Optional.of(folder), Optional.empty(), true, error -> { }));
        udp = driver.aeron().addSubscription("aeron:udp?endpoint=127.0.0.1:" + port, LinkProtocol.STREAM_ID);
        ipc = driver.aeron().addSubscription("aeron:ipc", LinkProtocol.STREAM_ID);
        while (udp.resolvedEndpoint() == null) {
            driver.doWork();
        }
    }

    public String address() {
        return udp.resolvedEndpoint();
    }

    public int port() {
        return Integer.parseInt(address().substring(address().lastIndexOf(':') + 1));
    }

    public Path folder() {
        return driver.folder();
    }

    public LinkDriver driver() {
        return driver;
    }

    /** Whether a hello is answered with a welcome at once. */
    public ScriptedService welcoming(final boolean value) {
        welcoming = value;
        return this;
    }

    /** Whether what comes is taken, or stays where it is. */
    public ScriptedService taking(final boolean value) {
        taking = value;
        return this;
    }

    /** Whether every event that wants an answer gets one, with its correlation id as the sequence. */
    public ScriptedService answering(final boolean value) {
        answering = value;
        return this;
    }

    public int doWork() {
        int workCount = driver.doWork();
        if (taking) {
            workCount += udp.controlledPoll(assembler, 100) + ipc.controlledPoll(assembler, 100);
        }
        for (final Link link : links) {
            if (welcoming && !link.welcomed && link.publication.isConnected()) {
                link.welcome();
            }
        }
        return workCount;
    }

    public List<Link> links() {
        return links;
    }

    public Link link() {
        return links.get(links.size() - 1);
    }

    private Action onMessage(final DirectBuffer buffer, final int offset, final int lengthBytes, final Header header) {
        if (!message.wrap(buffer, offset, lengthBytes)) {
            throw new AssertionError("a client sends what is no message");
        }
        final Link link = linksById.get(message.linkId());
        if (link != null) {
            final Received received = new Received(message);
            link.received.add(received);
            if (answering && received.confirm > 1) {
                link.answer(received.first, received.first);
            }
        } else if (message.templateId() == LinkHelloDecoder.TEMPLATE_ID) {
            final LinkHelloDecoder hello = new LinkHelloDecoder().wrap(
                buffer, message.blockOffset(), message.blockLengthBytes(), message.version());
            final Link opened = new Link(hello, message.dataText(), (Image)header.context());
            linksById.put(opened.linkId, opened);
            links.add(opened);
        }
        return Action.CONTINUE;
    }

    @Override
    public void close() {
        driver.close();
    }

    /** A message that was received, with what is in it. */
    public static final class Received {
        public final int templateId;
        public final byte[] data;
        public final long first;
        public final int confirm;

        private Received(final LinkMessage message) {
            templateId = message.templateId();
            data = message.dataBytes();
            if (templateId == PublishEventDecoder.TEMPLATE_ID) {
                final PublishEventDecoder decoder = new PublishEventDecoder().wrap(
                    message.buffer(), message.blockOffset(), message.blockLengthBytes(), message.version());
                first = decoder.correlationId();
                confirm = decoder.confirmRaw();
            } else {
                first = message.blockLengthBytes() >= 17
                    ? message.buffer().getLong(message.blockOffset() + 9) : -1;
                confirm = 0;
            }
        }
    }

    /** The service's end of one link. */
    public final class Link {
        public final long linkId;
        public final int protocolVersion;
        public final String role;
        public final String name;
        public final List<Received> received = new ArrayList<>();
        private final ExclusivePublication publication;
        private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
        private final MessageHeaderEncoder header = new MessageHeaderEncoder();
        private boolean welcomed;

        private Link(final LinkHelloDecoder hello, final String name, final Image image) {
            linkId = hello.linkId();
            protocolVersion = hello.protocolVersion();
            role = hello.role().name();
            this.name = name;
            publication = driver.aeron().addExclusivePublication(
                hello.answerPort() == 0 ? "aeron:ipc?term-length=1m"
                    : "aeron:udp?endpoint=" + image.sourceIdentity().split(":")[0] + ":" + hello.answerPort(),
                hello.answerStreamId());
        }

        public List<Received> received(final int templateId) {
            return received.stream().filter(each -> each.templateId == templateId).toList();
        }

        public boolean isConnected() {
            return publication.isConnected();
        }

        public void welcome() {
            welcomed = true;
            final LinkWelcomeEncoder encoder = new LinkWelcomeEncoder().wrapAndApplyHeader(buffer, 0, header)
                .linkId(linkId).busRole(BusRole.LEADER).logId(LOG_ID).epoch(3).nextSequence(NEXT_SEQUENCE)
                .maxEventBytes(MAX_EVENT_BYTES).slotBytes(256).service("scripted");
            say(encoder.encodedLength());
        }

        public void challenge(final byte[] nonce) {
            welcomed = true;
            say(new LinkChallengeEncoder().wrapAndApplyHeader(buffer, 0, header).linkId(linkId)
                .putNonce(nonce, 0, nonce.length).encodedLength());
        }

        public void refuse(final Refusal refusal, final String text) {
            welcomed = true;
            say(new LinkRefusedEncoder().wrapAndApplyHeader(buffer, 0, header).linkId(linkId)
                .refusal(refusal).text(text).encodedLength());
        }

        public void bye() {
            say(new LinkByeEncoder().wrapAndApplyHeader(buffer, 0, header).linkId(linkId).encodedLength());
        }

        public void event(final long sequence, final long nextSequence, final byte[] bytes) {
            event(linkId, sequence, nextSequence, bytes);
        }

        public void event(final long id, final long sequence, final long nextSequence, final byte[] bytes) {
            say(new FeedEventEncoder().wrapAndApplyHeader(buffer, 0, header).linkId(id)
                .sequence(sequence).nextSequence(nextSequence).putEventBytes(bytes, 0, bytes.length).encodedLength());
        }

        public void part(final byte[] bytes) {
            say(new FeedPartEncoder().wrapAndApplyHeader(buffer, 0, header).linkId(linkId)
                .putEventBytes(bytes, 0, bytes.length).encodedLength());
        }

        public void state(final long sentSequence, final long recordedSequence) {
            say(new FeedStateEncoder().wrapAndApplyHeader(buffer, 0, header).linkId(linkId)
                .sentSequence(sentSequence).recordedSequence(recordedSequence).epoch(3).busRole(BusRole.LEADER)
                .sentAtNs(1).encodedLength());
        }

        public void answer(final long correlationId, final long sequence) {
            say(new PublishAnswerEncoder().wrapAndApplyHeader(buffer, 0, header).linkId(linkId)
                .correlationId(correlationId).sequence(sequence).encodedLength());
        }

        /** As a process that dies: nothing is said. */
        public void vanish() {
            publication.close();
        }

        private void say(final int bodyBytes) {
            while (publication.offer(buffer, 0, MessageHeaderEncoder.ENCODED_LENGTH + bodyBytes) < 0) {
                driver.doWork();
                YieldingIdleStrategy.INSTANCE.idle();
            }
        }
    }
}
