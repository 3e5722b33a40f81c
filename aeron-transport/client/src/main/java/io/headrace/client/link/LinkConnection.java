package io.headrace.client.link;

import io.aeron.ControlledFragmentAssembler;
import io.aeron.ExclusivePublication;
import io.aeron.Subscription;
import io.aeron.logbuffer.ControlledFragmentHandler.Action;
import io.aeron.logbuffer.Header;
import io.headrace.codecs.sbe.link.FeedEventDecoder;
import io.headrace.codecs.sbe.link.FeedPartDecoder;
import io.headrace.codecs.sbe.link.LinkByeDecoder;
import io.headrace.codecs.sbe.link.LinkChallengeDecoder;
import io.headrace.codecs.sbe.link.LinkRefusedDecoder;
import io.headrace.codecs.sbe.link.LinkWelcomeDecoder;
import io.headrace.codecs.sbe.link.Refusal;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.NanoClock;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The caller's side of a link, again and again: says hello to one address after the other until a service opens it,
 * proves the secret, hands over what comes, sees when the service is away, and begins anew. One thread gives it its
 * turns, {@link #doWork}. Any thread may send and say that we are there ({@link #keepAlive}).
 *
 * <pre>
 *  RESTING ──lease──▶ ADDING ──publication, port──▶ GREETING ──welcome──▶ OPEN
 *     ▲                  │                             │                   │
 *     └── time-out, refusal, silence, lost image ──────┴───────────────────┘      refused for good ──▶ REFUSED
 * </pre>
 *
 * <p>Each attempt has a new link id, a new stream and a new port for the answers, so that nothing of an earlier link is
 * ever taken for this one. Silence is counted in turns' time: who does not look for a while has not been left alone.
 */
public final class LinkConnection implements AutoCloseable {
    /** The link is not open; trying again may succeed. */
    public static final long AWAY = ExclusivePublication.NOT_CONNECTED;

    private static final long LONGEST_TURN_NS = LinkProtocol.STATE_INTERVAL_NS;

    private final LinkTarget target;
    private final LinkTransport transport;
    private final LinkListener listener;
    private final NanoClock clock;
    private final LinkSender sender = new LinkSender();
    private final LinkMessage message = new LinkMessage();
    private final FeedEventDecoder feedEvent = new FeedEventDecoder();
    private final ControlledFragmentAssembler assembler = new ControlledFragmentAssembler(this::onFragment);
    private final EventParts parts = new EventParts();
    private final AtomicLong malformedCount = new AtomicLong();
    private final AtomicLong attemptCount = new AtomicLong();

    private volatile State state = State.RESTING;
    private volatile LinkWelcome welcome;
    private LinkAttempt attempt;
    private Subscription subscription;
    private int addressIndex;
    private long untilNs;
    private long nextHelloNs;
    private long lastTurnNs;
    private long silenceNs;
    private boolean heard;
    private boolean opened;
    private String ending;
    private Refusal refusal;
    private RuntimeException failure;

    /** Where it is. */
    public enum State {
        /** Between two attempts. */
        RESTING,
        /** The driver makes what an attempt needs. */
        ADDING,
        /** An address is asked. */
        GREETING,
        /** The service has said welcome. */
        OPEN,
        /** The service has refused it, and would again. */
        REFUSED,
        /** By us. */
        CLOSED
    }

    /**
     * A link that is opened with the next turns.
     *
     * @param target    to whom, and as what.
     * @param transport that it goes through; it gets its own turns.
     * @param listener  takes what comes.
     * @param clock     for its time-outs.
     */
    public LinkConnection(
        final LinkTarget target, final LinkTransport transport, final LinkListener listener, final NanoClock clock) {
        this.target = target;
        this.transport = transport;
        this.listener = listener;
        this.clock = clock;
        untilNs = clock.nanoTime();
        lastTurnNs = untilNs;
    }

    /**
     * One turn: goes on with opening, or takes what has come and says that we are there.
     *
     * @param fragmentLimit how many pieces of what has come are taken at the most.
     * @return the amount of work done.
     * @throws RuntimeException what the listener threw; the message comes again.
     */
    public int doWork(final int fragmentLimit) {
        final long nowNs = clock.nanoTime();
        final long turnNs = Math.min(nowNs - lastTurnNs, LONGEST_TURN_NS);
        lastTurnNs = nowNs;
        switch (state) {
            case RESTING:
                return nowNs - untilNs >= 0 ? begin(nowNs) : 0;
            case ADDING:
                return add(nowNs);
            case GREETING:
                return greet(nowNs);
            case OPEN:
                return work(nowNs, turnNs, fragmentLimit);
            default:
                return 0;
        }
    }

    private int begin(final long nowNs) {
        final LinkTransport.Lease lease = transport.lease();
        if (lease == null) {
            away(transport.remedy(), LinkProtocol.REST_NS);
            return 0;
        }
        attemptCount.incrementAndGet();
        attempt = new LinkAttempt(target, addressIndex, lease);
        untilNs = nowNs + LinkProtocol.ATTEMPT_TIMEOUT_NS;
        try {
            attempt.begin();
            state = State.ADDING;
        } catch (final RuntimeException e) {
            away(attempt.address() + " cannot be asked: " + e.getMessage(), LinkProtocol.REST_NS);
        }
        return 1;
    }

    private int add(final long nowNs) {
        try {
            if (!attempt.isReady()) {
                if (nowNs - untilNs >= 0 || !attempt.isGood()) {
                    away("the media driver does not answer: " + transport.remedy(), LinkProtocol.REST_NS);
                }
                return 0;
            }
        } catch (final RuntimeException e) {
            away(attempt.address() + " cannot be asked: " + e.getMessage(), LinkProtocol.REST_NS);
            return 1;
        }
        sender.bind(attempt.publication(), attempt.linkId());
        subscription = attempt.subscription();
        nextHelloNs = nowNs;
        state = State.GREETING;
        return 1;
    }

    private int greet(final long nowNs) {
        if (nowNs - nextHelloNs >= 0
            && sender.hello(target.role(), target.name(), attempt.answerPort(), attempt.answerStreamId())) {
            nextHelloNs = nowNs + LinkProtocol.HELLO_INTERVAL_NS;
        }
        final int workCount = subscription.controlledPoll(assembler, 1);
        settle();
        if (state == State.GREETING && (nowNs - untilNs >= 0 || !attempt.isGood())) {
            away("no service answers at " + attempt.address() + ": look whether it runs, and listens there",
                LinkProtocol.REST_NS);
        }
        return workCount;
    }

    private int work(final long nowNs, final long turnNs, final int fragmentLimit) {
        heard = false;
        final int workCount = subscription.controlledPoll(assembler, fragmentLimit);
        settle();
        if (state != State.OPEN) {
            return workCount;
        }
        // What the listener did not take now has been heard all the same.
        silenceNs = heard ? 0 : silenceNs + turnNs;
        if (!heard) {
            if (!attempt.isGood()) {
                away("the media driver of " + attempt.address() + " is gone", LinkProtocol.REST_NS);
            } else if (subscription.imageCount() == 0) {
                away(attempt.address() + " has gone", LinkProtocol.REST_NS);
            } else if (silenceNs >= LinkProtocol.SERVICE_SILENCE_NS) {
                away("nothing was heard from " + attempt.address() + " for "
                    + TimeUnit.NANOSECONDS.toMillis(silenceNs) + " ms", LinkProtocol.REST_NS);
            }
        }
        return workCount + keepAlive();
    }

    /**
     * Says that we are there, when it is time to. For a thread beside the one of the turns, which may be busy with what
     * it was handed; not needed where that is never for long.
     *
     * @return 1 when something was said.
     */
    public int keepAlive() {
        return state == State.OPEN ? sender.keepAlive(clock.nanoTime()) : 0;
    }

    /**
     * Sends a message in two pieces, any thread.
     *
     * @param head       that holds the first piece.
     * @param headOffset where it begins.
     * @param headBytes  its length.
     * @param body       that holds the second piece.
     * @param bodyOffset where it begins.
     * @param bodyBytes  its length.
     * @return positive when it is on its way, {@link #AWAY}, or what Aeron answers: BACK_PRESSURED, ADMIN_ACTION.
     */
    public long offer(
        final DirectBuffer head, final int headOffset, final int headBytes,
        final DirectBuffer body, final int bodyOffset, final int bodyBytes) {
        return sender.offer(head, headOffset, headBytes, body, bodyOffset, bodyBytes);
    }

    /**
     * Sends a message, any thread.
     *
     * @param buffer      that holds it.
     * @param offset      where it begins.
     * @param lengthBytes its length.
     * @return positive when it is on its way, {@link #AWAY}, or what Aeron answers: BACK_PRESSURED, ADMIN_ACTION.
     */
    public long offer(final DirectBuffer buffer, final int offset, final int lengthBytes) {
        return sender.offer(buffer, offset, lengthBytes);
    }

    private Action onFragment(final DirectBuffer buffer, final int offset, final int lengthBytes, final Header header) {
        heard = true;
        if (ending != null) {
            return Action.ABORT;
        }
        if (!message.wrap(buffer, offset, lengthBytes) || message.linkId() != attempt.linkId()) {
            malformedCount.incrementAndGet();
            return Action.CONTINUE;
        }
        try {
            return onMessage() ? Action.CONTINUE : Action.ABORT;
        } catch (final RuntimeException e) {
            failure = e;
            return Action.ABORT;
        }
    }

    private boolean onMessage() {
        switch (message.templateId()) {
            case LinkChallengeDecoder.TEMPLATE_ID:
                return onChallenge();
            case LinkWelcomeDecoder.TEMPLATE_ID:
                onWelcome();
                return true;
            case LinkRefusedDecoder.TEMPLATE_ID:
                refusal = new LinkRefusedDecoder().wrap(
                    message.buffer(), message.blockOffset(), message.blockLengthBytes(), message.version()).refusal();
                ending = message.dataText();
                return true;
            case LinkByeDecoder.TEMPLATE_ID:
                ending = attempt.address() + " has ended the link";
                return true;
            default:
                return state != State.OPEN || onOpenMessage();
        }
    }

    private boolean onOpenMessage() {
        switch (message.templateId()) {
            case FeedEventDecoder.TEMPLATE_ID:
                return onEvent();
            case FeedPartDecoder.TEMPLATE_ID:
                append();
                return true;
            default:
                return listener.onMessage(message);
        }
    }

    private boolean onEvent() {
        feedEvent.wrap(message.buffer(), message.blockOffset(), message.blockLengthBytes(), message.version());
        final long sequence = feedEvent.sequence();
        final long nextSequence = feedEvent.nextSequence();
        final int earlierBytes = parts.lengthBytes();
        if (earlierBytes == 0) {
            return listener.onEvent(
                sequence, nextSequence, message.buffer(), message.dataOffset(), message.dataLengthBytes());
        }
        if (!append()) {
            return true;
        }
        boolean taken = false;
        try {
            taken = listener.onEvent(sequence, nextSequence, parts.buffer(), 0, parts.lengthBytes());
        } finally {
            parts.cutTo(taken ? 0 : earlierBytes);
        }
        return taken;
    }

    private boolean append() {
        final boolean taken = parts.append(
            message.buffer(), message.dataOffset(), message.dataLengthBytes(), LinkProtocol.MAX_EVENT_BYTES);
        if (!taken) {
            malformedCount.incrementAndGet();
            ending = attempt.address() + " sends an event longer than " + LinkProtocol.MAX_EVENT_BYTES
                + " bytes";
        }
        return taken;
    }

    private boolean onChallenge() {
        if (state != State.GREETING) {
            return true;
        }
        if (target.secret().isEmpty()) {
            refusal = Refusal.NOT_AUTHENTIC;
            ending = "it asks for a secret: configure the one that it has";
            return true;
        }
        return sender.proof(
            LinkProof.of(target.secret().get(), message.dataBytes(), attempt.linkId(), target.role()));
    }

    private void onWelcome() {
        if (state != State.GREETING) {
            return;
        }
        final LinkWelcomeDecoder decoder = new LinkWelcomeDecoder().wrap(
            message.buffer(), message.blockOffset(), message.blockLengthBytes(), message.version());
        welcome = new LinkWelcome(
            message.dataText(), attempt.address(), decoder.busRole(), decoder.logId(), decoder.epoch(),
            decoder.nextSequence(), decoder.maxEventBytes(), decoder.slotBytes());
        silenceNs = 0;
        opened = true;
        state = State.OPEN;
        sender.open(clock.nanoTime());
        try {
            listener.onOpen(welcome);
        } catch (final RuntimeException e) {
            ending = "what is to be asked of " + attempt.address() + " could not be asked";
            throw e;
        }
    }

    /** What a message led to, which cannot be done while it is being read. */
    private void settle() {
        final RuntimeException thrown = failure;
        failure = null;
        if (ending != null) {
            final String text = ending;
            final Refusal reason = refusal;
            ending = null;
            refusal = null;
            if (reason == null) {
                away(text, LinkProtocol.REST_NS);
            } else {
                refused(reason, text);
            }
        }
        if (thrown != null) {
            throw thrown;
        }
    }

    private void refused(final Refusal reason, final String text) {
        final String address = attempt.address();
        release();
        opened = false;
        rest(LinkProtocol.REFUSED_REST_NS);
        if (!listener.onRefused(reason, address + " refuses: " + text)) {
            state = State.REFUSED;
        }
    }

    private void away(final String reason, final long restNs) {
        release();
        rest(restNs);
        listener.onAway(reason);
    }

    /** A service that was there is asked again first: it may only have been restarted. */
    private void rest(final long restNs) {
        if (!opened && !target.addresses().isEmpty()) {
            addressIndex = (addressIndex + 1) % target.addresses().size();
        }
        opened = false;
        untilNs = clock.nanoTime() + restNs;
        state = State.RESTING;
    }

    private void release() {
        state = State.RESTING;
        sender.unbind(false);
        subscription = null;
        assembler.clear();
        parts.cutTo(0);
        final LinkAttempt ended = attempt;
        attempt = null;
        if (ended != null) {
            ended.end();
        }
    }

    /**
     * Ends this link with the next turn, and begins another one. Of the thread of the turns; also
     * from within the listener.
     *
     * @param reason for those who watch.
     */
    public void reconnect(final String reason) {
        if (state == State.OPEN || state == State.GREETING) {
            ending = reason;
            refusal = null;
            opened = false;
        }
    }

    /** {@return where it is; any thread} */
    public State state() {
        return state;
    }

    /** {@return what the service said when the link was opened last; null before; any thread} */
    public LinkWelcome welcome() {
        return welcome;
    }

    /** {@return the id of the link; only while it is open, and for the thread of the turns or within a send} */
    public long linkId() {
        return attempt == null ? 0 : attempt.linkId();
    }

    /** {@return the longest message that can be sent in bytes; only while the link is open} */
    public int maxMessageBytes() {
        return sender.maxMessageBytes();
    }

    /** {@return how many messages came that were none, or of another link; any thread} */
    public long malformedCount() {
        return malformedCount.get();
    }

    /** {@return how many attempts were made to open it; any thread} */
    public long attemptCount() {
        return attemptCount.get();
    }

    /** Says good-bye and ends the link. By the thread of the turns, or when there are none any more. */
    @Override
    public void close() {
        if (state == State.CLOSED) {
            return;
        }
        sender.unbind(attempt != null && attempt.isGood());
        release();
        state = State.CLOSED;
    }
}
