package io.headrace.adapters.mqtt;

import io.headrace.adapters.mqtt.MqttSourceOptions.AcknowledgeWhen;
import io.headrace.bus.adapter.SourceContext;
import io.headrace.bus.publish.EventClaim;
import io.headrace.bus.publish.Publisher;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.status.AtomicCounter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayDeque;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The thread of the source's event loop: takes messages to the bus and acknowledges them.
 *
 * <p>A message is encoded into the ring on the thread that read it from the socket. That thread must never wait, or
 * the broker would miss our pings: when the bus has no room, a message of QoS 0 is dropped and counted, and one of
 * QoS 1 is held, with all that come after it, and tried again each millisecond. What is held is not acknowledged, so
 * the broker stops sending at the receive maximum, which thereby bounds what is held.
 *
 * <p>Whether a message may be acknowledged is looked at again and again at first, giving way to other threads, and then
 * each millisecond: some brokers send no more to a client until it has acknowledged what it got, so that the next
 * message waits for it (docs/perf/mqtt.md).
 *
 * <p>When the connection is lost, the messages held so far are stale: if the broker still has the session, it sends
 * them again, and they are dropped here; if it has not, nobody else has them, and they are published.
 */
final class Intake {
    private static final Logger LOG = LoggerFactory.getLogger(Intake.class);
    private static final long POLL_NS = TimeUnit.MILLISECONDS.toNanos(1);
    /**
     * As long as no message has waited for longer, it is looked at without a pause: an event loop's timers know
     * milliseconds only.
     */
    private static final long LOOK_NS = TimeUnit.MICROSECONDS.toNanos(200);
    private static final int MAX_PER_TURN = 256;

    private final ArrayDeque<Held> held = new ArrayDeque<>();
    private final ArrayDeque<Unfinished> unfinished = new ArrayDeque<>();
    private final EventClaim claim = new EventClaim();
    private final SourceContext context;
    private final Publisher publisher;
    private final EpochNanoClock epochClock;
    private final NanoClock nanoClock;
    private final ScheduledExecutorService loop;
    private final IncomingMessage message;
    private final MessageEncoder encoder;
    private final boolean waitsUntilFinished;
    private final LogLimiter misfits;
    private final LogLimiter unpublishables;
    private final AtomicCounter received;
    private final AtomicCounter published;
    private final AtomicCounter dropped;
    private final AtomicCounter duplicates;
    private final AtomicCounter unmapped;
    private final AtomicCounter malformed;
    private final AtomicCounter unpublishable;
    private final AtomicCounter unacknowledged;
    private boolean retryScheduled;
    private boolean finishScheduled;
    /** Nothing more is published; what gets finished is still acknowledged. */
    private boolean quiet;
    private boolean closed;

    /** A message that waits for room on the bus. */
    private static final class Held {
        private final Object publish;
        private final long receivedNs;
        /** The library was told that it need not keep it. */
        private boolean acknowledged;
        /** Its connection is gone, and whether the broker will send it again is not known yet. */
        private boolean stale;

        private Held(final Object publish, final long receivedNs) {
            this.publish = publish;
            this.receivedNs = receivedNs;
        }
    }

    private record Unfinished(Object publish, long sequence, long sinceNs) {
    }

    Intake(final MqttSourceOptions options, final SourceContext context, final ScheduledExecutorService loop) {
        this.context = context;
        this.loop = loop;
        publisher = context.publisher();
        epochClock = context.epochClock();
        nanoClock = context.nanoClock();
        waitsUntilFinished = options.acknowledge() == AcknowledgeWhen.RECORDED;
        message = new IncomingMessage(options.messageIdProperty().orElse(null));
        encoder = new MessageEncoder(context.name(), new TopicPlans(
            context.name(), options.topic(), options.rules(), context.counter("topic-cache-resets")));
        misfits = new LogLimiter(context.nanoClock());
        unpublishables = new LogLimiter(context.nanoClock());
        received = context.counter("received-messages");
        published = context.counter("published-events");
        dropped = context.counter("dropped-messages");
        duplicates = context.counter("duplicate-messages");
        unmapped = context.counter("unmapped-messages");
        malformed = context.counter("malformed-messages");
        unpublishable = context.counter("unpublishable-messages");
        unacknowledged = context.counter("unacknowledged-messages");
    }

    /** A message came. Never throws: the library would end the flow of messages. */
    void onPublish(final Object publish) {
        if (quiet) {
            // Not acknowledged: with QoS 1 the broker keeps it for the next session.
            return;
        }
        received.incrementRelease();
        final long receivedNs = epochClock.nanoTime();
        if (!IncomingMessage.wantsAcknowledgement(publish)) {
            if (!settle(publish, receivedNs, false)) {
                dropped.incrementRelease();
            }
        } else if (!held.isEmpty() || !settle(publish, receivedNs, true)) {
            held.addLast(new Held(publish, receivedNs));
            scheduleRetry();
            showUnacknowledged();
        }
    }

    /**
     * Brings a message to the bus, or finds that it can never get there.
     *
     * @return false when the bus has no room now.
     */
    private boolean settle(final Object publish, final long receivedNs, final boolean acknowledge) {
        long sequence = Publisher.TOO_LONG;
        try {
            final int lengthBytes = encoder.prepare(message.wrap(publish, receivedNs));
            if (lengthBytes != MessageEncoder.UNPUBLISHABLE) {
                sequence = publisher.tryClaim(lengthBytes, claim);
                if (sequence == Publisher.BACK_PRESSURED || sequence == Publisher.CLOSED) {
                    return false;
                }
                if (sequence >= 0) {
                    sequence = encode();
                }
            }
        } catch (final RuntimeException e) {
            LOG.error("source {} cannot make an event of a message of topic {}", context.name(), message.topic(), e);
            sequence = Publisher.MALFORMED;
        }
        if (sequence == Publisher.DUPLICATE) {
            duplicates.incrementRelease();
            // Its first event may be no more than on the bus: it is acknowledged when that is finished.
            sequence = claim.sequence();
        } else if (sequence < 0) {
            countUnpublishable();
        } else {
            countPublished();
        }
        if (acknowledge) {
            acknowledge(publish, sequence);
        }
        return true;
    }

    /** Answers the event's sequence, or that its message id is that of an earlier event. */
    private long encode() {
        final int lengthBytes;
        try {
            lengthBytes = encoder.encode(claim.buffer(), claim.offset(), claim.capacityBytes());
        } catch (final RuntimeException | Error e) {
            claim.abort();
            throw e;
        }
        return claim.commit(lengthBytes);
    }

    private void countPublished() {
        published.incrementRelease();
        if (!encoder.isMapped()) {
            unmapped.incrementRelease();
        } else if (!encoder.isReading()) {
            malformed.incrementRelease();
            if (misfits.passes()) {
                LOG.warn("source {}: a message of topic {} is published as a document, as it does not fit its rule: "
                    + "{}", context.name(), message.topic(), encoder.misfit());
            }
        }
    }

    private void countUnpublishable() {
        unpublishable.incrementRelease();
        if (unpublishables.passes()) {
            LOG.error("source {}: a message of topic {} is given up, as it is longer than an event of this bus may be "
                + "({} bytes); enlarge the bus's ring", context.name(), message.topic(),
                publisher.maxEventLengthBytes());
        }
        context.health().degraded("a message was given up, as it is longer than an event of this bus may be ("
            + publisher.maxEventLengthBytes() + " bytes); enlarge the bus's ring");
    }

    private void acknowledge(final Object publish, final long sequence) {
        if (waitsUntilFinished && sequence > context.finishedSequence()) {
            unfinished.addLast(new Unfinished(publish, sequence, nanoClock.nanoTime()));
            scheduleFinish();
            showUnacknowledged();
        } else {
            IncomingMessage.acknowledge(publish);
        }
    }

    private void scheduleRetry() {
        if (!retryScheduled) {
            retryScheduled = true;
            loop.schedule(this::retry, POLL_NS, TimeUnit.NANOSECONDS);
        }
    }

    private void retry() {
        retryScheduled = false;
        int count = 0;
        while (!quiet && !held.isEmpty() && count++ < MAX_PER_TURN) {
            final Held first = held.peekFirst();
            if (!settle(first.publish, first.receivedNs, !first.acknowledged)) {
                break;
            }
            held.removeFirst();
        }
        if (!held.isEmpty() && !quiet) {
            scheduleRetry();
        }
        showUnacknowledged();
    }

    private void scheduleFinish() {
        if (!finishScheduled) {
            finishScheduled = true;
            if (nanoClock.nanoTime() - unfinished.peekFirst().sinceNs() < LOOK_NS) {
                loop.execute(this::lookAgain);
            } else {
                loop.schedule(this::acknowledgeFinished, POLL_NS, TimeUnit.NANOSECONDS);
            }
        }
    }

    private void lookAgain() {
        Thread.yield();
        acknowledgeFinished();
    }

    /** Acknowledges what is recorded, or finished by every lossless subscription. */
    void acknowledgeFinished() {
        finishScheduled = false;
        final long finishedSequence = context.finishedSequence();
        while (!unfinished.isEmpty() && unfinished.peekFirst().sequence() <= finishedSequence) {
            IncomingMessage.acknowledge(unfinished.removeFirst().publish());
        }
        if (!unfinished.isEmpty() && !closed) {
            scheduleFinish();
        }
        showUnacknowledged();
    }

    /**
     * The connection is gone, and acknowledgements cannot reach the broker any more. They are given to the library all
     * the same, for it keeps what is not acknowledged, and would refuse the same messages when they are sent again.
     */
    void onDisconnected() {
        unfinished.forEach(entry -> IncomingMessage.acknowledge(entry.publish()));
        unfinished.clear();
        for (final Held entry : held) {
            if (!entry.acknowledged) {
                IncomingMessage.acknowledge(entry.publish);
                entry.acknowledged = true;
            }
            entry.stale = true;
        }
        showUnacknowledged();
    }

    /** The broker has the session still: it sends again what was held, and what is stale here would come twice. */
    void onSessionResumed() {
        held.removeIf(entry -> entry.stale);
        showUnacknowledged();
    }

    /** The broker has lost the session: nobody but we has what was held. */
    void onSessionLost() {
        held.forEach(entry -> entry.stale = false);
    }

    /** A last attempt to publish what is held; then nothing more is taken, and what is held stays with the broker. */
    void quiesce() {
        if (!quiet) {
            retry();
            quiet = true;
        }
    }

    /** A last attempt to acknowledge what is finished. */
    void close() {
        if (!closed) {
            quiesce();
            acknowledgeFinished();
            closed = true;
        }
    }

    private void showUnacknowledged() {
        unacknowledged.setRelease(held.size() + unfinished.size());
    }
}
