package io.headrace.client;

import io.aeron.Publication;
import io.headrace.client.link.LinkConnection;
import io.headrace.client.link.LinkListener;
import io.headrace.client.link.LinkMessage;
import io.headrace.client.link.LinkTarget;
import io.headrace.client.link.LinkTransport;
import io.headrace.client.link.LinkWelcome;
import io.headrace.codecs.DecodeError;
import io.headrace.codecs.EventView;
import io.headrace.codecs.sbe.link.PublishAnswerDecoder;
import io.headrace.codecs.sbe.link.Refusal;
import org.agrona.DirectBuffer;
import org.agrona.ErrorHandler;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Publishes events to a service. Safe for any thread; a lock keeps those that publish at the same time apart. The
 * client's thread drives the link and takes the answers.
 *
 * <p><b>Fire and forget</b>: {@link #offer} never waits, and counts what it could not send. <b>Confirmed</b>:
 * {@link #send} gives a correlation id, and the answer comes to the handler or to {@link #result}; {@link #publish}
 * waits for it. An event that has a message id is sent again when the link breaks before its answer: if the service has
 * it already, the answer is {@link #DUPLICATE}, and it is on the bus once. One without is answered {@link #UNKNOWN}.
 *
 * <p>When the service cannot take more, it does not, and this publisher is told {@link #BACK_PRESSURED} as soon as what
 * is on the way fills its term, or too many events wait for their answers.
 */
public final class RemotePublisher implements AutoCloseable, ClientLink {
    /** No service is there; nothing was sent. */
    public static final long AWAY = -1;
    /** No room on the way or at the service; nothing was sent. */
    public static final long BACK_PRESSURED = -2;
    /** This publisher is closed. */
    public static final long CLOSED = -4;
    /** The event is longer than the service takes. */
    public static final long TOO_LONG = -6;
    /** The bytes are no event, or one of another source than the publisher's name. */
    public static final long MALFORMED = -7;
    /** The bus has, recorded, an event with this message id: the one that was sent before. Nothing is wrong. */
    public static final long DUPLICATE = -8;
    /** There is no answer yet. */
    public static final long PENDING = -20;
    /** The link broke before the answer: the event may be on the bus or not. */
    public static final long UNKNOWN = -21;
    /** The answer did not come in time; it may still come. */
    public static final long TIMED_OUT = -22;
    /** The service has refused this publisher, and would again: {@link #reason()}. */
    public static final long REFUSED = -23;

    private static final long NOT_CONFIRMED = 0;
    private static final int FRAGMENT_LIMIT = 256;
    private static final long PARTS_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(5);
    private static final long CLOSE_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(5);

    private final HeadraceClient client;
    private final LinkTarget target;
    private final AnswerHandler answerHandler;
    private final ErrorHandler errors;
    private final LinkConnection connection;
    private final InFlight inFlight;
    private final ReentrantLock lock = new ReentrantLock();
    private final byte[] source;
    private final EventView view = new EventView();
    private final PublishEncoder encoder = new PublishEncoder();
    private final AtomicLong offeredCount = new AtomicLong();
    private final AtomicLong droppedCount = new AtomicLong();
    private final AtomicLong refusedCount = new AtomicLong();
    private final AtomicLong answeredCount = new AtomicLong();
    private final AtomicLong repeatedCount = new AtomicLong();

    private volatile LinkState state = LinkState.CONNECTING;
    private volatile String reason = "no service has answered yet";
    private volatile boolean closing;
    private volatile boolean broken;
    private int maxMessageBytes;
    private int maxEventBytes;
    private long repeatAt;
    private boolean repeating;

    RemotePublisher(
        final HeadraceClient client, final ClientContext context, final LinkTarget target,
        final LinkTransport transport, final AnswerHandler answerHandler, final ErrorHandler errors) {
        this.client = client;
        this.target = target;
        this.answerHandler = answerHandler;
        this.errors = errors;
        source = target.name().getBytes(StandardCharsets.UTF_8);
        inFlight = new InFlight(context.maxInFlight());
        connection = new LinkConnection(target, transport, new Answers(), context.clock());
    }

    /**
     * Sends an event and forgets it. Never waits.
     *
     * @param buffer      that holds one event whose source is the publisher's name.
     * @param offset      where it begins.
     * @param lengthBytes its length.
     * @return 0 when it is on its way, or why it was dropped: {@link #AWAY}, {@link #BACK_PRESSURED},
     * {@link #TOO_LONG}, {@link #MALFORMED}, {@link #REFUSED}, {@link #CLOSED}. All of these are counted.
     */
    public long offer(final DirectBuffer buffer, final int offset, final int lengthBytes) {
        lock.lock();
        try {
            long result = check(buffer, offset, lengthBytes);
            if (result == 0) {
                result = transmit(NOT_CONFIRMED, PublishEncoder.NO_CONFIRM, buffer, offset, lengthBytes);
            }
            (result == 0 ? offeredCount : droppedCount).incrementAndGet();
            return result;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Sends an event that is to be answered. Does not wait.
     *
     * @param buffer      that holds one event whose source is the publisher's name; copied.
     * @param offset      where it begins.
     * @param lengthBytes its length.
     * @param confirm     what the answer means.
     * @return its correlation id, which is positive, or why it was not sent: {@link #AWAY}, {@link #BACK_PRESSURED},
     * {@link #TOO_LONG}, {@link #MALFORMED}, {@link #REFUSED}, {@link #CLOSED}.
     */
    public long send(final DirectBuffer buffer, final int offset, final int lengthBytes, final Confirm confirm) {
        final byte code = PublishEncoder.code(confirm);
        lock.lock();
        try {
            final long error = check(buffer, offset, lengthBytes);
            if (error != 0) {
                return error;
            }
            if (!inFlight.hasRoom(lengthBytes)) {
                return BACK_PRESSURED;
            }
            final long id = inFlight.add(buffer, offset, lengthBytes, code, view.messageIdLength() > 0);
            final long result = transmit(id, code, buffer, offset, lengthBytes);
            if (result != 0) {
                inFlight.removeLast();
                return result;
            }
            return id;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Sends an event and waits for its answer.
     *
     * @param buffer      that holds one event whose source is the publisher's name.
     * @param offset      where it begins.
     * @param lengthBytes its length.
     * @param confirm     what the answer means.
     * @param timeoutNs   how long to wait at the most, for room and for the answer.
     * @return its sequence, or a negative code of this class. {@link #BACK_PRESSURED} and {@link #AWAY} when it could
     * not be sent in this time, {@link #TIMED_OUT} when it was sent and not answered.
     */
    public long publish(
        final DirectBuffer buffer, final int offset, final int lengthBytes, final Confirm confirm,
        final long timeoutNs) {
        final Pause pause = new Pause(client, timeoutNs);
        long id = send(buffer, offset, lengthBytes, confirm);
        while ((id == BACK_PRESSURED || id == AWAY) && pause.more()) {
            id = send(buffer, offset, lengthBytes, confirm);
        }
        return id < 0 ? id : await(id, pause.leftNs());
    }

    /**
     * What became of an event.
     *
     * @param correlationId that {@link #send} gave.
     * @return its sequence, a negative code, {@link #PENDING}; {@link #UNKNOWN} when it is too long ago.
     */
    public long result(final long correlationId) {
        return inFlight.result(correlationId);
    }

    /**
     * Waits for an answer.
     *
     * @param correlationId that {@link #send} gave.
     * @param timeoutNs     how long to wait at the most.
     * @return its sequence, a negative code, or {@link #TIMED_OUT}, also when the thread was interrupted.
     */
    public long await(final long correlationId, final long timeoutNs) {
        final Pause pause = new Pause(client, timeoutNs);
        long result = inFlight.result(correlationId);
        while (result == PENDING && pause.more()) {
            result = inFlight.result(correlationId);
        }
        return result == PENDING ? TIMED_OUT : result;
    }

    /**
     * Waits until a service takes events.
     *
     * @param timeoutNs how long to wait at the most.
     * @return whether one does.
     */
    public boolean awaitLive(final long timeoutNs) {
        final Pause pause = new Pause(client, timeoutNs);
        while (state != LinkState.LIVE && state != LinkState.REFUSED && pause.more()) {
            continue;
        }
        return state == LinkState.LIVE;
    }

    /** Everything that can be seen from here; leaves the event in the view. */
    private long check(final DirectBuffer buffer, final int offset, final int lengthBytes) {
        if (state != LinkState.LIVE) {
            return state == LinkState.CLOSED ? CLOSED : state == LinkState.REFUSED ? REFUSED : AWAY;
        }
        if (lengthBytes > maxEventBytes) {
            return TOO_LONG;
        }
        return view.wrap(buffer, offset, lengthBytes) == DecodeError.NONE && isOurs() ? 0 : MALFORMED;
    }

    private boolean isOurs() {
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

    /** Under the lock. What does not fit one message goes in parts, which nothing may come between. */
    private long transmit(
        final long id, final byte confirm, final DirectBuffer buffer, final int offset, final int lengthBytes) {
        final int longestBytes = maxMessageBytes - PublishEncoder.EVENT_HEAD_BYTES;
        int done = 0;
        while (lengthBytes - done > longestBytes) {
            encoder.part(longestBytes);
            final long result = push(
                PublishEncoder.PART_HEAD_BYTES, buffer, offset + done, longestBytes, done > 0);
            if (result != 0) {
                return result;
            }
            done += longestBytes;
        }
        encoder.event(id, confirm, lengthBytes - done);
        return push(PublishEncoder.EVENT_HEAD_BYTES, buffer, offset + done, lengthBytes - done, done > 0);
    }

    /** What is begun must be ended: either there is room in time, or the link begins anew, where nothing is begun. */
    private long push(
        final int headBytes, final DirectBuffer buffer, final int offset, final int lengthBytes,
        final boolean begun) {
        long result = pushOnce(headBytes, buffer, offset, lengthBytes);
        if (result == BACK_PRESSURED && begun) {
            final Pause pause = new Pause(client, PARTS_TIMEOUT_NS);
            while (result == BACK_PRESSURED && pause.more()) {
                result = pushOnce(headBytes, buffer, offset, lengthBytes);
            }
        }
        if (result != 0 && begun) {
            broken = true;
            state = LinkState.AWAY;
            return AWAY;
        }
        return result;
    }

    private long pushOnce(final int headBytes, final DirectBuffer buffer, final int offset, final int lengthBytes) {
        long result;
        do {
            result = connection.offer(encoder.buffer(), 0, headBytes, buffer, offset, lengthBytes);
        } while (result == Publication.ADMIN_ACTION);
        return result > 0 ? 0 : result == Publication.BACK_PRESSURED ? BACK_PRESSURED : AWAY;
    }

    @Override
    public int turn() {
        if (closing) {
            finish();
            return 1;
        }
        if (broken) {
            broken = false;
            connection.reconnect("a long event could not be sent whole");
        }
        int workCount = connection.doWork(FRAGMENT_LIMIT);
        if (repeating && lock.tryLock()) {
            try {
                workCount += repeat();
            } finally {
                lock.unlock();
            }
        }
        return workCount;
    }

    /** Under the lock: sends again what was not answered, in its order, before anything new. */
    private int repeat() {
        int count = 0;
        while (repeatAt < inFlight.next()) {
            if (inFlight.isPending(repeatAt)) {
                final DirectBuffer event = inFlight.event(repeatAt);
                if (transmit(repeatAt, inFlight.confirm(repeatAt), event, 0, event.capacity()) != 0) {
                    return count;
                }
                inFlight.sentAgain(repeatAt);
                repeatedCount.incrementAndGet();
                count++;
            }
            repeatAt++;
        }
        repeating = false;
        state = LinkState.LIVE;
        return count + 1;
    }

    /** Whatever the handler throws: the others' answers are told, and the other links have their turn. */
    private void answer(final long id, final long result) {
        if (inFlight.answer(id, result)) {
            answeredCount.incrementAndGet();
            try {
                answerHandler.onAnswer(id, result);
            } catch (final RuntimeException e) {
                errors.onError(e);
            }
        }
    }

    /** Nobody adds an event while the state is another one, so that what waits does not change but by answers. */
    private void leave(final LinkState newState, final String text) {
        lock.lock();
        try {
            repeating = false;
            state = newState;
            reason = text;
        } finally {
            lock.unlock();
        }
        final boolean last = newState == LinkState.CLOSED || newState == LinkState.REFUSED;
        for (long id = inFlight.oldest(); id < inFlight.next(); id++) {
            if (inFlight.isPending(id) && (last || !inFlight.isRepeatable(id))) {
                answer(id, UNKNOWN);
            }
        }
    }

    private void finish() {
        if (state != LinkState.CLOSED) {
            connection.close();
            client.remove(this);
            leave(LinkState.CLOSED, "closed");
        }
    }

    @Override
    public boolean end() {
        finish();
        return true;
    }

    /** {@return how it stands with the service} */
    public LinkState state() {
        return state;
    }

    /** {@return why the service is not there, in one sentence; of the last time when it is} */
    public String reason() {
        return reason;
    }

    /** {@return the publisher's name, which is the source that its events name} */
    public String name() {
        return target.name();
    }

    /** {@return how many events {@link #offer} has sent} */
    public long offeredCount() {
        return offeredCount.get();
    }

    /** {@return how many events {@link #offer} has dropped} */
    public long droppedCount() {
        return droppedCount.get();
    }

    /** {@return how many events that {@link #offer} had sent the service refused or had already} */
    public long refusedCount() {
        return refusedCount.get();
    }

    /** {@return how many events were answered, with those whose outcome is not known} */
    public long answeredCount() {
        return answeredCount.get();
    }

    /** {@return how many times an event was sent again} */
    public long repeatedCount() {
        return repeatedCount.get();
    }

    /** Ends the link. What is not answered is {@link #UNKNOWN}. */
    @Override
    public void close() {
        closing = true;
        if (client.isTurning()) {
            // From a handler: the turn that it is in must end first.
            return;
        }
        final Pause pause = new Pause(client, CLOSE_TIMEOUT_NS);
        while (state != LinkState.CLOSED && pause.more()) {
            continue;
        }
    }

    /** What comes of the link, on the client's thread. */
    private final class Answers implements LinkListener {
        private final PublishAnswerDecoder answer = new PublishAnswerDecoder();

        @Override
        public void onOpen(final LinkWelcome welcome) {
            lock.lock();
            try {
                encoder.linkId(connection.linkId());
                maxMessageBytes = connection.maxMessageBytes();
                maxEventBytes = welcome.maxEventBytes();
                repeatAt = inFlight.oldest();
                repeating = true;
                broken = false;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public boolean onMessage(final LinkMessage message) {
            if (message.templateId() == PublishAnswerDecoder.TEMPLATE_ID) {
                answer.wrap(message.buffer(), message.blockOffset(), message.blockLengthBytes(), message.version());
                onAnswer(answer.correlationId(), answer.sequence());
            }
            return true;
        }

        /** A bus that is closed has not taken the event, and will not: another service, or its next life, may. */
        private void onAnswer(final long id, final long result) {
            if (id == NOT_CONFIRMED) {
                refusedCount.incrementAndGet();
            } else if (result == CLOSED) {
                if (id > 0 && id < inFlight.next() && inFlight.isPending(id)) {
                    inFlight.refused(id);
                }
                connection.reconnect("the bus takes no more events");
            } else {
                answer(id, result);
            }
        }

        @Override
        public boolean onEvent(
            final long sequence, final long nextSequence, final DirectBuffer buffer, final int offset,
            final int lengthBytes) {
            return true;
        }

        @Override
        public boolean onRefused(final Refusal refusal, final String text) {
            final boolean again = refusal != Refusal.VERSION && refusal != Refusal.NOT_AUTHENTIC
                && refusal != Refusal.MALFORMED;
            leave(again ? LinkState.AWAY : LinkState.REFUSED, text);
            return again;
        }

        @Override
        public void onAway(final String text) {
            leave(state == LinkState.CONNECTING ? LinkState.CONNECTING : LinkState.AWAY, text);
        }
    }

    @Override
    public String toString() {
        return "publisher " + target.name() + " to " + Arrays.toString(target.addresses().toArray());
    }
}
