package io.headrace.aeron.link;

import io.aeron.logbuffer.ControlledFragmentHandler.Action;
import io.headrace.bus.Bus;
import io.headrace.bus.link.BusRole;
import io.headrace.bus.link.LinkHost;
import io.headrace.bus.log.EpochHistory;
import io.headrace.bus.log.LogException;
import io.headrace.client.link.LinkMessage;
import io.headrace.codecs.sbe.link.FollowRequestDecoder;
import io.headrace.codecs.sbe.link.Refusal;
import io.headrace.codecs.sbe.link.ReplicaStateDecoder;
import io.headrace.codecs.sbe.link.StartKind;
import io.headrace.codecs.sbe.link.StepDownRequestDecoder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Feeds a replica with everything that is recorded, after its history was compared with this log's; owned by the link
 * thread. A replica with events or epochs that this log has not gets an answer and no feed: it cuts its log first, and
 * links again.
 */
final class ReplicaTask implements LinkTask {
    private static final Logger LOG = LoggerFactory.getLogger(ReplicaTask.class);
    private static final long NEAR_SEQUENCES = 4096;
    private static final long NONE = -1;

    private final LinkSession session;
    private final LinkHost host;
    private final Bus bus;
    private final LinkCounters counters;
    private EpochHistory epochs;
    private long fromSequence;
    private long cutSequence = NONE;
    private boolean accepted;
    private Feed feed;
    private long recordedSequence = NONE;
    private long stepDownEpoch = NONE;
    private boolean takesOver;

    ReplicaTask(final LinkSession session, final LinkHost host, final LinkCounters counters) {
        this.session = session;
        this.host = host;
        this.bus = host.bus();
        this.counters = counters;
    }

    @Override
    public Action onMessage(final LinkMessage message) {
        switch (message.templateId()) {
            case FollowRequestDecoder.TEMPLATE_ID -> {
                if (epochs != null) {
                    return null;
                }
                onFollow(message);
            }
            case ReplicaStateDecoder.TEMPLATE_ID -> {
                if (epochs == null) {
                    return null;
                }
                onReplicaState(message);
            }
            case StepDownRequestDecoder.TEMPLATE_ID -> {
                if (feed == null) {
                    return null;
                }
                onStepDown(message);
            }
            default -> {
                return null;
            }
        }
        return Action.CONTINUE;
    }

    private void onFollow(final LinkMessage message) {
        final FollowRequestDecoder request = new FollowRequestDecoder().wrap(
            message.buffer(), message.blockOffset(), message.blockLengthBytes(), message.version());
        final EpochHistory own = bus.epochs();
        final long logId = request.logId();
        final EpochHistory replica = historyOf(logId, message);
        if (host.role() != BusRole.LEADER) {
            session.refuse(Refusal.NOT_LEADER, "This service does not lead.");
        } else if (request.slotBytes() != bus.context().slotBytes()) {
            session.refuse(Refusal.MISMATCH, "The leader's bus.ring.slot-bytes is " + bus.context().slotBytes()
                + ", the replica's " + request.slotBytes() + ": they must be the same.");
        } else if (logId != 0 && logId != own.logId()) {
            session.refuse(Refusal.MISMATCH, "The replica's event log is a copy of another one: follow the leader of"
                + " that, or give the replica an empty bus.log.path.");
        } else if (replica == null || request.nextSequence() < 0) {
            session.refuse(Refusal.MALFORMED, "The epochs of the replica are none.");
        } else {
            accept(own, replica, request.nextSequence());
        }
    }

    /** Null when they do not follow each other. */
    private static EpochHistory historyOf(final long logId, final LinkMessage message) {
        EpochHistory history = EpochHistory.of(logId);
        long lastSequence = 0;
        for (int i = 0; i < message.epochCount(); i++) {
            final long firstSequence = message.epochFirstSequence(i);
            if (firstSequence < lastSequence) {
                return null;
            }
            lastSequence = firstSequence;
            history = history.begin(i + 1, firstSequence, message.epochStartTimeNs(i));
        }
        return history;
    }

    private void accept(final EpochHistory own, final EpochHistory replica, final long nextSequence) {
        final EpochHistory.Comparison comparison =
            own.compare(replica, nextSequence, bus.finishedSequence() + 1);
        if (comparison.leaderIsStale()) {
            host.onHigherEpoch(replica, session.name());
            session.refuse(Refusal.NOT_LEADER, "This service is fenced: its replica knows epoch " + replica.epoch()
                + ", and it knows no later one than " + own.epoch() + ". Somebody else leads.");
            return;
        }
        cutSequence = comparison.cutSequence();
        fromSequence = comparison.fromSequence();
        try {
            if (replica.epoch() == 0 && nextSequence == 0) {
                // Into an empty log goes what there still is.
                fromSequence = Feed.fromSequence(bus, StartKind.START, 0);
            }
            if (cutSequence == NONE) {
                feed = new Feed(bus, session.proxy(), counters, null, fromSequence);
            }
            epochs = own;
        } catch (final LogException ex) {
            session.refuse(Feed.refusalOf(ex), ex.getMessage());
        }
    }

    private void onReplicaState(final LinkMessage message) {
        if (feed == null) {
            return;
        }
        final ReplicaStateDecoder state = new ReplicaStateDecoder().wrap(
            message.buffer(), message.blockOffset(), message.blockLengthBytes(), message.version());
        // It can have no more than it was sent, whatever it says.
        final long newSequence = Math.min(state.nextSequence() - 1, feed.sentSequence());
        if (newSequence != recordedSequence) {
            recordedSequence = newSequence;
            host.onReplica(session.name(), newSequence + 1);
        }
    }

    private void onStepDown(final LinkMessage message) {
        final long epoch = new StepDownRequestDecoder().wrap(
            message.buffer(), message.blockOffset(), message.blockLengthBytes(), message.version()).epoch();
        if (epoch != stepDownEpoch) {
            LOG.info("Replica {} is about to lead under epoch {}", session.name(), epoch);
        }
        stepDownEpoch = epoch;
        takesOver = true;
    }

    @Override
    public int doWork(final long nowNs) {
        if (epochs == null) {
            return 0;
        }
        if (!accepted) {
            accepted = session.proxy().followAccepted(epochs, fromSequence, cutSequence);
            return 1;
        }
        if (feed == null) {
            return 0;
        }
        if (host.role() == BusRole.FENCED && !takesOver) {
            session.refuse(Refusal.NOT_LEADER, "This service leads no more.");
            return 0;
        }
        try {
            return stepDown() + feed.doWork();
        } catch (final LogException ex) {
            session.refuse(Feed.refusalOf(ex), ex.getMessage());
            return 0;
        }
    }

    private int stepDown() {
        if (stepDownEpoch == NONE) {
            return 0;
        }
        final long nextSequence = host.stepDown(stepDownEpoch, session.name());
        // When the replica hears of it, it has everything.
        if (nextSequence < 0 || feed.sentSequence() < nextSequence - 1
            || !session.proxy().steppedDown(nextSequence)) {
            return 0;
        }
        stepDownEpoch = NONE;
        return 1;
    }

    @Override
    public boolean waitsForTheLog() {
        return feed != null;
    }

    @Override
    public boolean hasWork() {
        return accepted && feed != null && feed.hasWork();
    }

    @Override
    public void onClosed() {
        if (feed != null) {
            feed.close();
            host.onReplica(session.name(), NONE);
        }
    }

    @Override
    public long position() {
        return recordedSequence;
    }

    @Override
    public long sentSequence() {
        return feed == null || !accepted ? NONE : feed.sentSequence();
    }

    @Override
    public String state() {
        if (feed == null) {
            return epochs == null ? "waits for its request" : "cuts its log";
        }
        return feed.state(NEAR_SEQUENCES);
    }

    @Override
    public long eventCount() {
        return feed == null ? 0 : feed.eventCount();
    }

    @Override
    public long refusedCount() {
        return 0;
    }
}
