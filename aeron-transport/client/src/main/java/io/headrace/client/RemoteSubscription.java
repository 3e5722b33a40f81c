package io.headrace.client;

import io.headrace.client.link.LinkConnection;
import io.headrace.client.link.LinkListener;
import io.headrace.client.link.LinkMessage;
import io.headrace.client.link.LinkTarget;
import io.headrace.client.link.LinkTransport;
import io.headrace.client.link.LinkWelcome;
import io.headrace.codecs.DecodeError;
import io.headrace.codecs.EventView;
import io.headrace.codecs.sbe.link.BusRole;
import io.headrace.codecs.sbe.link.FeedRequestEncoder;
import io.headrace.codecs.sbe.link.FeedStateDecoder;
import io.headrace.codecs.sbe.link.MessageHeaderEncoder;
import io.headrace.codecs.sbe.link.Refusal;
import io.headrace.codecs.sbe.link.StartKind;
import org.agrona.DirectBuffer;
import org.agrona.ErrorHandler;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.NanoClock;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Reads what a service has recorded, each event once and in the bus's order. The application's thread that polls it
 * owns it; the client's thread says meanwhile that it is there, so that a handler may take its time: the service waits,
 * and nobody else does. The rest is for any thread.
 *
 * <p>When the link breaks, the service restarts or another one of the addresses takes its place, the subscription goes
 * on at the event behind the last one that the handler has returned from. To go on after a restart of its own process,
 * an application keeps {@link #nextSequence()} with what it has done, and begins with {@link StartAt#sequence} there.
 */
public final class RemoteSubscription implements AutoCloseable, ClientLink {
    private static final long CLOSE_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(5);
    private static final long NONE = -1;

    private final HeadraceClient client;
    private final LinkTarget target;
    private final StartAt start;
    private final String topics;
    private final ErrorHandler errors;
    private final LinkConnection connection;
    private final EventView view = new EventView();
    private final PollGate gate = new PollGate(this::finish);
    private final AtomicLong nextSequence = new AtomicLong(NONE);
    private final AtomicLong position = new AtomicLong(NONE);
    private final AtomicLong eventCount = new AtomicLong();
    private final AtomicLong repeatedCount = new AtomicLong();
    private final AtomicLong malformedCount = new AtomicLong();

    private volatile LinkState state = LinkState.CONNECTING;
    private volatile String reason = "no service has answered yet";
    private volatile long recordedSequence = NONE;
    private volatile long epoch;
    private EventHandler handler;
    private int handledCount;
    private long logId;
    private boolean requesting;
    private String failure;

    RemoteSubscription(
        final HeadraceClient client, final NanoClock clock, final LinkTarget target, final LinkTransport transport,
        final StartAt start, final String[] topics, final ErrorHandler errors) {
        this.client = client;
        this.target = target;
        this.start = start;
        this.topics = String.join(",", topics);
        this.errors = errors;
        connection = new LinkConnection(target, transport, new Feed(), clock);
    }

    /**
     * Hands over what has come.
     *
     * @param eventHandler takes the events.
     * @param limit        how many messages are looked at, at the most.
     * @return how many events were handed over.
     * @throws ClientException       when the service refuses for good: the place is no longer in the log, the secret is
     *                               wrong, there is no log; this subscription has ended then.
     * @throws IllegalStateException when another thread polls, or the subscription is closed.
     * @throws RuntimeException      what the handler threw; that event comes again.
     */
    public int poll(final EventHandler eventHandler, final int limit) {
        if (!gate.tryEnter()) {
            if (failure != null) {
                throw new ClientException(failure, null);
            }
            throw gate.refusal();
        }
        handler = eventHandler;
        handledCount = 0;
        try {
            if (requesting) {
                request();
            }
            client.workHere();
            connection.doWork(limit);
            if (failure != null) {
                throw new ClientException(failure, null);
            }
            return handledCount;
        } finally {
            handler = null;
            gate.leave(failure != null);
        }
    }

    private void finish() {
        connection.close();
        client.remove(this);
        state = failure == null ? LinkState.CLOSED : LinkState.REFUSED;
    }

    /** Asks for the feed; again with the next poll when there is no room on the way. */
    private void request() {
        final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
        final long next = nextSequence.get();
        final FeedRequestEncoder encoder = new FeedRequestEncoder()
            .wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder())
            .linkId(connection.linkId())
            .startKind(next < 0 ? start.kind() : StartKind.SEQUENCE)
            .value(next < 0 ? start.value() : next)
            .topics(topics);
        final long result = connection.offer(
            buffer, 0, MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength());
        requesting = result <= 0 && result != LinkConnection.AWAY;
    }

    @Override
    public int turn() {
        return connection.keepAlive();
    }

    @Override
    public boolean end() {
        return gate.close(new Pause(client, CLOSE_TIMEOUT_NS));
    }

    /** Ends the subscription, when the handler has returned. */
    @Override
    public void close() {
        gate.close();
    }

    /** {@return how it stands with the service} */
    public LinkState state() {
        return state;
    }

    /** {@return why the service is not there, in one sentence; of the last time when it is} */
    public String reason() {
        return reason;
    }

    /** {@return the sequence of the last event that was handled; -1 before the first} */
    public long position() {
        return position.get();
    }

    /** {@return the first sequence that the next event may have; -1 while the place is not known} */
    public long nextSequence() {
        return nextSequence.get();
    }

    /** {@return up to which sequence the service's log is, when it last said so; -1 before} */
    public long recordedSequence() {
        return recordedSequence;
    }

    /** {@return how many sequences of the log are still to come; 0 while that is not known} */
    public long lag() {
        final long next = nextSequence.get();
        return next < 0 ? 0 : Math.max(0, recordedSequence - next + 1);
    }

    /** {@return the epoch of the service's log; 0 before it is known} */
    public long epoch() {
        return epoch;
    }

    /** {@return how many events were handled} */
    public long eventCount() {
        return eventCount.get();
    }

    /** {@return how many events came again after a reconnection, and were left out} */
    public long repeatedCount() {
        return repeatedCount.get();
    }

    /** {@return how many events were unreadable and left out; each is an error too} */
    public long malformedCount() {
        return malformedCount.get() + connection.malformedCount();
    }

    /** {@return the subscription's name} */
    public String name() {
        return target.name();
    }

    /** What comes of the link, within a poll. */
    private final class Feed implements LinkListener {
        private final FeedStateDecoder feedState = new FeedStateDecoder();

        @Override
        public void onOpen(final LinkWelcome welcome) {
            if (logId != 0 && welcome.logId() != logId) {
                failure = welcome.address() + " has another log than the one that was read until now: begin a new"
                    + " subscription there";
                return;
            }
            if (welcome.busRole() == BusRole.LEADER && welcome.nextSequence() <= position.get()) {
                failure = "the log of " + welcome.address() + " ends before sequence " + welcome.nextSequence()
                    + ", but " + position.get() + " was read already: it has lost events, and a new subscription must"
                    + " decide where to begin";
                return;
            }
            if (logId == 0 && start.kind() == StartKind.NOW) {
                // From here on the place is known, also when the link breaks before the first event.
                nextSequence.set(welcome.nextSequence());
            }
            logId = welcome.logId();
            epoch = welcome.epoch();
            request();
        }

        @Override
        public boolean onEvent(
            final long sequence, final long next, final DirectBuffer buffer, final int offset,
            final int lengthBytes) {
            if (sequence < nextSequence.get()) {
                repeatedCount.incrementAndGet();
                return true;
            }
            final DecodeError error = view.wrap(buffer, offset, lengthBytes);
            if (error == DecodeError.NONE) {
                handler.onEvent(view);
                handledCount++;
                eventCount.lazySet(eventCount.get() + 1);
                position.lazySet(sequence);
            } else {
                malformedCount.incrementAndGet();
                errors.onError(new ClientException("event " + sequence + " is left out: " + error.description(), null));
            }
            nextSequence.lazySet(Math.max(next, sequence + 1));
            return true;
        }

        @Override
        public boolean onMessage(final LinkMessage message) {
            if (message.templateId() == FeedStateDecoder.TEMPLATE_ID) {
                feedState.wrap(message.buffer(), message.blockOffset(), message.blockLengthBytes(), message.version());
                onState(feedState.sentSequence(), feedState.recordedSequence(), feedState.epoch());
            }
            return true;
        }

        /** Nothing is sent yet as long as the service has not begun the feed. */
        private void onState(final long sent, final long recorded, final long epochNumber) {
            recordedSequence = recorded;
            epoch = epochNumber;
            if (sent >= 0 && sent >= nextSequence.get()) {
                nextSequence.lazySet(sent + 1);
            }
            state = sent >= recorded ? LinkState.LIVE : LinkState.CATCHING_UP;
        }

        @Override
        public boolean onRefused(final Refusal refusal, final String text) {
            reason = text;
            state = LinkState.AWAY;
            switch (refusal) {
                case TOO_MANY_LINKS:
                case NOT_LEADER:
                case UNKNOWN_LINK:
                case CLOSING:
                    return true;
                default:
                    failure = text;
                    return false;
            }
        }

        @Override
        public void onAway(final String text) {
            requesting = false;
            reason = text;
            state = state == LinkState.CONNECTING ? LinkState.CONNECTING : LinkState.AWAY;
        }
    }
}
