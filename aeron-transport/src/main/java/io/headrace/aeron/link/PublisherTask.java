package io.headrace.aeron.link;

import io.aeron.logbuffer.ControlledFragmentHandler.Action;
import io.headrace.bus.Bus;
import io.headrace.bus.link.BusRole;
import io.headrace.bus.link.LinkHost;
import io.headrace.bus.publish.Publisher;
import io.headrace.client.link.EventParts;
import io.headrace.client.link.LinkMessage;
import io.headrace.codecs.DecodeError;
import io.headrace.codecs.EventView;
import io.headrace.codecs.sbe.link.Confirm;
import io.headrace.codecs.sbe.link.PublishEventDecoder;
import io.headrace.codecs.sbe.link.PublishPartDecoder;
import io.headrace.codecs.sbe.link.Refusal;
import org.agrona.DirectBuffer;

import java.nio.charset.StandardCharsets;

/**
 * Publishes for a remote publisher; owned by the link thread. When the bus has no room the message stays where it is,
 * so that the remote publisher finds its own publication full; the other links go on.
 *
 * <p>An event is refused that names another source than its publisher: from the source's name follow its recorded
 * position and its window of message ids, which belong to somebody else then.
 */
final class PublisherTask implements LinkTask {
    private static final int MAX_PENDING_ANSWERS = 1 << 13;
    private static final long AT_ONCE = -1;

    private final LinkSession session;
    private final LinkHost host;
    private final Bus bus;
    private final Publisher publisher;
    private final LinkCounters counters;
    private final byte[] source;
    private final EventView view = new EventView();
    private final PublishEventDecoder publish = new PublishEventDecoder();
    private final PendingAnswers unsent = new PendingAnswers(MAX_PENDING_ANSWERS);
    private final PendingAnswers unrecorded = new PendingAnswers(MAX_PENDING_ANSWERS);
    private final PendingAnswers unreplicated = new PendingAnswers(MAX_PENDING_ANSWERS);
    private final PendingAnswers.Sender sender;
    private final EventParts parts = new EventParts();
    private boolean partsTooLong;
    private boolean waiting;
    private long eventCount;
    private long refusedCount;

    PublisherTask(final LinkSession session, final LinkHost host, final LinkCounters counters) {
        this.session = session;
        this.host = host;
        this.bus = host.bus();
        this.counters = counters;
        publisher = bus.newPublisher(session.name());
        source = session.name().getBytes(StandardCharsets.US_ASCII);
        sender = session.proxy()::answer;
    }

    @Override
    public Action onMessage(final LinkMessage message) {
        return switch (message.templateId()) {
            case PublishEventDecoder.TEMPLATE_ID -> onPublish(message);
            case PublishPartDecoder.TEMPLATE_ID -> onPart(message);
            default -> null;
        };
    }

    private Action onPart(final LinkMessage message) {
        partsTooLong |= !append(message);
        return Action.CONTINUE;
    }

    private boolean append(final LinkMessage message) {
        return parts.append(
            message.buffer(), message.dataOffset(), message.dataLengthBytes(), publisher.maxEventLengthBytes());
    }

    private Action onPublish(final LinkMessage message) {
        publish.wrap(
            message.buffer(), message.blockOffset(), message.blockLengthBytes(), message.version());
        if (unsent.isFull() || unrecorded.isFull() || unreplicated.isFull()) {
            waiting = true;
            return Action.ABORT;
        }
        final long answer = offer(message);
        waiting = answer == Publisher.BACK_PRESSURED;
        if (waiting) {
            counters.backPressured.increment();
            return Action.ABORT;
        }
        parts.cutTo(0);
        partsTooLong = false;
        answer(publish.correlationId(), publish.confirm(), answer);
        return Action.CONTINUE;
    }

    private long offer(final LinkMessage message) {
        if (host.role() != BusRole.LEADER) {
            return Publisher.CLOSED;
        }
        final int earlierBytes = parts.lengthBytes();
        if (partsTooLong || message.dataLengthBytes() > publisher.maxEventLengthBytes() - earlierBytes) {
            return Publisher.TOO_LONG;
        }
        if (earlierBytes == 0) {
            return offer(message.buffer(), message.dataOffset(), message.dataLengthBytes());
        }
        append(message);
        final long answer = offer(parts.buffer(), 0, parts.lengthBytes());
        // Its last part comes again when there is no room now.
        parts.cutTo(earlierBytes);
        return answer;
    }

    private long offer(final DirectBuffer buffer, final int offset, final int lengthBytes) {
        if (view.wrap(buffer, offset, lengthBytes) != DecodeError.NONE || !isOwnSource()) {
            return Publisher.MALFORMED;
        }
        return publisher.offer(buffer, offset, lengthBytes);
    }

    private boolean isOwnSource() {
        if (view.sourceLength() != source.length) {
            return false;
        }
        for (int i = 0; i < source.length; i++) {
            if (view.buffer().getByte(view.sourceOffset() + i) != source[i]) {
                return false;
            }
        }
        return true;
    }

    private void answer(final long correlationId, final Confirm confirm, final long answer) {
        final boolean isDuplicate = answer == Publisher.DUPLICATE;
        if (answer >= 0) {
            eventCount++;
            counters.publishedEvents.increment();
        } else if (!isDuplicate) {
            // Told also to those who want no confirmation: nobody else can know what became of it.
            refusedCount++;
            counters.refusedEvents.increment();
            send(correlationId, answer);
            return;
        }
        // What the id stands for was published before, and so at a lower sequence than the last one now.
        final long awaitedSequence = isDuplicate ? bus.claimedSequence() : answer;
        switch (confirm) {
            case PUBLISHED -> send(correlationId, answer);
            case RECORDED -> unrecorded.add(correlationId, answer, awaitedSequence);
            case REPLICATED -> unreplicated.add(correlationId, answer, awaitedSequence);
            default -> {
                // Nobody waits for it.
            }
        }
    }

    private void send(final long correlationId, final long answer) {
        if (!unsent.isEmpty() || !session.proxy().answer(correlationId, answer)) {
            unsent.add(correlationId, answer, AT_ONCE);
        }
    }

    @Override
    public int doWork(final long nowNs) {
        int count = unsent.sendUpTo(AT_ONCE, sender);
        if (!unrecorded.isEmpty()) {
            count += unrecorded.sendUpTo(bus.finishedSequence(), sender);
        }
        if (!unreplicated.isEmpty()) {
            count += unreplicated.sendUpTo(bus.replicatedSequence(), sender);
        }
        if (host.role() != BusRole.LEADER && unsent.isEmpty() && unrecorded.isEmpty()) {
            session.refuse(Refusal.NOT_LEADER, "This service takes no events any more: another one leads. Link to it.");
        }
        return count;
    }

    @Override
    public boolean waitsForTheLog() {
        // Room in the ring comes from there as well.
        return waiting || !unrecorded.isEmpty() || !unreplicated.isEmpty();
    }

    @Override
    public boolean hasWork() {
        return !unsent.isEmpty() || unrecorded.hasUpTo(bus.finishedSequence());
    }

    @Override
    public void onClosed() {
        // What was published stays published; its publisher asks again over its next link.
    }

    @Override
    public long position() {
        return -1;
    }

    @Override
    public long sentSequence() {
        return -1;
    }

    @Override
    public String state() {
        return waiting ? "waits for room" : "live";
    }

    @Override
    public long eventCount() {
        return eventCount;
    }

    @Override
    public long refusedCount() {
        return refusedCount;
    }
}
