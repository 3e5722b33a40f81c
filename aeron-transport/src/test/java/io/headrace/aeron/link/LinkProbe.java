package io.headrace.aeron.link;

import io.headrace.client.link.JoinedDriver;
import io.headrace.client.link.LinkConnection;
import io.headrace.client.link.LinkDriver;
import io.headrace.client.link.LinkDriverContext;
import io.headrace.client.link.LinkErrors;
import io.headrace.client.link.LinkListener;
import io.headrace.client.link.LinkMessage;
import io.headrace.client.link.LinkTarget;
import io.headrace.client.link.LinkTransport;
import io.headrace.client.link.LinkWelcome;
import io.headrace.codecs.DecodeError;
import io.headrace.codecs.EventView;
import io.headrace.codecs.sbe.link.Confirm;
import io.headrace.codecs.sbe.link.FeedRequestEncoder;
import io.headrace.codecs.sbe.link.FeedStateDecoder;
import io.headrace.codecs.sbe.link.LinkRole;
import io.headrace.codecs.sbe.link.MessageHeaderEncoder;
import io.headrace.codecs.sbe.link.PublishAnswerDecoder;
import io.headrace.codecs.sbe.link.PublishEventEncoder;
import io.headrace.codecs.sbe.link.PublishPartEncoder;
import io.headrace.codecs.sbe.link.Refusal;
import io.headrace.codecs.sbe.link.StartKind;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.SystemNanoClock;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Another process, as far as a server can tell: a media driver and a link of its own, stepped by the test's thread. */
final class LinkProbe implements LinkListener, AutoCloseable {
    final List<Long> numbers = new ArrayList<>();
    final List<Long> sequences = new ArrayList<>();
    final Map<Long, Long> answers = new HashMap<>();
    final List<Refusal> refusals = new ArrayList<>();
    String refusalText = "";
    long sentSequence = -1;
    int welcomeCount;
    int maxEventBytes;
    boolean takesEvents = true;
    private final LinkTransport transport;
    private final LinkConnection connection;
    private final EventView view = new EventView();
    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private StartKind startKind;
    private long startValue;
    private String topics = "";

    private LinkProbe(final LinkTransport transport, final LinkTarget target) {
        this.transport = transport;
        connection = new LinkConnection(target, transport, this, SystemNanoClock.INSTANCE);
    }

    static LinkDriver newDriver() {
        try {
            return LinkDriver.launch(new LinkDriverContext(
                "probe", Optional.empty(), Optional.empty(), false, LinkProbe::onError));
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void onError(final Throwable error) {
        System.err.println("probe: " + error);
    }

    static LinkProbe udp(
        final InetSocketAddress address, final LinkRole role, final String name, final String secret) {
        return new LinkProbe(newDriver(), new LinkTarget(
            role, name, List.of(address), Optional.ofNullable(secret), 1 << 20));
    }

    static LinkProbe ipc(final Path driverFolder, final LinkRole role, final String name, final String secret) {
        return new LinkProbe(
            new JoinedDriver("probe", driverFolder, new LinkErrors(LinkProbe::onError, SystemNanoClock.INSTANCE),
                SystemNanoClock.INSTANCE),
            new LinkTarget(role, name, List.of(), Optional.ofNullable(secret), 1 << 20));
    }

    LinkProbe asks(final StartKind kind, final long value, final String patterns) {
        startKind = kind;
        startValue = value;
        topics = patterns;
        return this;
    }

    int step() {
        return transport.doWork() + connection.doWork(64);
    }

    void await(final BooleanSupplier condition) {
        final long deadlineNs = System.nanoTime() + LinkFixture.PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() - deadlineNs < 0, () -> "in vain; state " + connection.state() + " numbers "
                + numbers.size() + " answers " + answers.size() + " refusals " + refusals + refusalText);
            if (step() == 0) {
                Thread.yield();
            }
        }
    }

    LinkProbe awaitOpen() {
        await(() -> connection.state() == LinkConnection.State.OPEN);
        return this;
    }

    boolean isOpen() {
        return connection.state() == LinkConnection.State.OPEN;
    }

    long linkId() {
        return connection.linkId();
    }

    LinkTransport transport() {
        return transport;
    }

    LinkConnection connection() {
        return connection;
    }

    /** Publishes in parts where it must; answers false when there is no room now. */
    boolean publish(final long correlationId, final Confirm confirm, final DirectBuffer event) {
        return publish(correlationId, confirm, event, connection.maxMessageBytes() - 64);
    }

    boolean publish(
        final long correlationId, final Confirm confirm, final DirectBuffer event, final int partBytes) {
        int offset = 0;
        while (event.capacity() - offset > partBytes) {
            final PublishPartEncoder part = new PublishPartEncoder();
            part.wrapAndApplyHeader(buffer, 0, header).linkId(connection.linkId());
            buffer.putInt(part.limit(), partBytes, ByteOrder.LITTLE_ENDIAN);
            final int head = part.limit() + Integer.BYTES;
            final int from = offset;
            await(() -> connection.offer(buffer, 0, head, event, from, partBytes) > 0);
            offset += partBytes;
        }
        final PublishEventEncoder publish = new PublishEventEncoder();
        publish.wrapAndApplyHeader(buffer, 0, header)
            .linkId(connection.linkId()).correlationId(correlationId).confirm(confirm);
        buffer.putInt(publish.limit(), event.capacity() - offset, ByteOrder.LITTLE_ENDIAN);
        final int head = publish.limit() + Integer.BYTES;
        return connection.offer(buffer, 0, head, event, offset, event.capacity() - offset) > 0;
    }

    void mustPublish(final long correlationId, final Confirm confirm, final DirectBuffer event) {
        await(() -> publish(correlationId, confirm, event));
    }

    @Override
    public void onOpen(final LinkWelcome welcome) {
        welcomeCount++;
        maxEventBytes = welcome.maxEventBytes();
        assertEquals("plant", welcome.service());
        if (startKind != null) {
            final FeedRequestEncoder request = new FeedRequestEncoder();
            // A machine with too much to do can cost the link: then it goes on where it was.
            final boolean again = !sequences.isEmpty();
            request.wrapAndApplyHeader(buffer, 0, header)
                .linkId(connection.linkId())
                .startKind(again ? StartKind.SEQUENCE : startKind)
                .value(again ? sequences.get(sequences.size() - 1) + 1 : startValue)
                .topics(topics);
            assertTrue(connection.offer(
                buffer, 0, MessageHeaderEncoder.ENCODED_LENGTH + request.encodedLength()) > 0);
        }
    }

    @Override
    public boolean onEvent(
        final long sequence,
        final long nextSequence,
        final DirectBuffer event,
        final int offset,
        final int lengthBytes) {
        if (!takesEvents) {
            return false;
        }
        assertEquals(DecodeError.NONE, view.wrap(event, offset, lengthBytes));
        assertEquals(sequence, view.sequence());
        assertTrue(nextSequence > sequence);
        assertTrue(sequences.isEmpty() || sequences.get(sequences.size() - 1) < sequence,
            () -> sequence + " comes after " + sequences + ", linked " + welcomeCount + " times: " + refusalText);
        sequences.add(sequence);
        numbers.add(event.getLong(view.payloadOffset(), ByteOrder.LITTLE_ENDIAN));
        return true;
    }

    @Override
    public boolean onMessage(final LinkMessage message) {
        if (message.templateId() == PublishAnswerDecoder.TEMPLATE_ID) {
            final PublishAnswerDecoder answer = new PublishAnswerDecoder().wrap(
                message.buffer(), message.blockOffset(), message.blockLengthBytes(), message.version());
            assertEquals(null, answers.put(answer.correlationId(), answer.sequence()));
        } else if (message.templateId() == FeedStateDecoder.TEMPLATE_ID) {
            sentSequence = new FeedStateDecoder().wrap(message.buffer(), message.blockOffset(),
                message.blockLengthBytes(), message.version()).sentSequence();
        }
        return true;
    }

    @Override
    public boolean onRefused(final Refusal refusal, final String text) {
        refusals.add(refusal);
        refusalText = text;
        return false;
    }

    @Override
    public void onAway(final String reason) {
        refusalText = reason;
    }

    /** As a process that is killed: without a word. */
    void kill() {
        transport.close();
    }

    @Override
    public void close() {
        connection.close();
        transport.close();
    }
}
