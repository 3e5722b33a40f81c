package io.headrace.aeron.link;

import io.headrace.bus.link.Follower;
import io.headrace.bus.link.LeaderLinkContext;
import io.headrace.bus.log.EpochHistory;
import io.headrace.client.link.LinkConnection;
import io.headrace.client.link.LinkListener;
import io.headrace.client.link.LinkMessage;
import io.headrace.client.link.LinkTarget;
import io.headrace.client.link.LinkTransport;
import io.headrace.client.link.LinkWelcome;
import io.headrace.codecs.sbe.link.BusRole;
import io.headrace.codecs.sbe.link.FeedStateDecoder;
import io.headrace.codecs.sbe.link.FollowAcceptedDecoder;
import io.headrace.codecs.sbe.link.LinkRole;
import io.headrace.codecs.sbe.link.Refusal;
import io.headrace.codecs.sbe.link.SteppedDownDecoder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.NanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.concurrent.TimeUnit;

/**
 * The link thread of a replica: finds the leader, tells it what the replica has, and gives the follower what comes. The
 * follower is called by this thread only. What it does not take now stays in the image, so that the leader's feed
 * waits, and nothing else.
 */
final class FollowingConductor implements Agent, LinkListener {
    private static final Logger LOG = LoggerFactory.getLogger(FollowingConductor.class);
    private static final int FRAGMENT_LIMIT = 256;
    private static final int TERM_LENGTH_BYTES = 4 << 20;
    private static final long STATE_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long ASK_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long NONE = -1;

    private final Follower follower;
    private final LinkTransport transport;
    private final NanoClock clock;
    private final LinkConnection connection;
    private final FollowProxy proxy;
    private final FollowAcceptedDecoder accepted = new FollowAcceptedDecoder();
    private final FeedStateDecoder feedState = new FeedStateDecoder();
    private final SteppedDownDecoder steppedDown = new SteppedDownDecoder();

    private Step step = Step.AWAY;
    private String leader = "";
    private long toldSequence = NONE;
    private long nextStateNs;
    private long nextAskNs;
    private long eventCount;
    private volatile long stepDownEpoch = NONE;

    /** Where the conversation is. */
    private enum Step { AWAY, ASKING, ASKED, FOLLOWING, ENDED }

    FollowingConductor(
        final LeaderLinkContext context,
        final Follower follower,
        final LinkTransport transport,
        final NanoClock clock) {
        this.follower = follower;
        this.transport = transport;
        this.clock = clock;
        connection = new LinkConnection(
            new LinkTarget(LinkRole.REPLICA, context.name(), context.leaders(), context.secret(), TERM_LENGTH_BYTES),
            transport, this, clock);
        proxy = new FollowProxy(connection);
    }

    void requestStepDown(final long epoch) {
        stepDownEpoch = epoch;
    }

    void withdrawStepDown() {
        stepDownEpoch = NONE;
    }

    @Override
    public int doWork() {
        // The driver's work counts, too: a packet that was lost is asked for at once.
        final int workCount = transport.doWork();
        if (step == Step.ENDED) {
            connection.close();
            return 0;
        }
        final long eventsBefore = eventCount;
        connection.doWork(FRAGMENT_LIMIT);
        switch (step) {
            case ASKING -> ask();
            case FOLLOWING -> say();
            default -> {
                // The leader has the word.
            }
        }
        return workCount + (int)(eventCount - eventsBefore);
    }

    private void ask() {
        final EpochHistory epochs = follower.epochs();
        if (!proxy.canFollow(epochs)) {
            end("The event log has too many epochs for one message: " + epochs.epoch() + ".");
        } else if (proxy.follow(epochs, follower.nextSequence(), follower.slotBytes())) {
            step = Step.ASKED;
        }
    }

    private void say() {
        final long nowNs = clock.nanoTime();
        final long recordedSequence = follower.recordedNextSequence();
        if ((recordedSequence != toldSequence || nowNs - nextStateNs >= 0) && proxy.state(recordedSequence)) {
            toldSequence = recordedSequence;
            nextStateNs = nowNs + STATE_INTERVAL_NS;
        }
        final long epoch = stepDownEpoch;
        if (epoch != NONE && nowNs - nextAskNs >= 0 && proxy.stepDown(epoch)) {
            nextAskNs = nowNs + ASK_INTERVAL_NS;
        }
    }

    private void end(final String reason) {
        step = Step.ENDED;
        LOG.warn("link to the leader: {}", reason);
        follower.onRefused(reason);
    }

    @Override
    public void onOpen(final LinkWelcome welcome) {
        leader = welcome.address();
        if (welcome.busRole() == BusRole.LEADER) {
            step = Step.ASKING;
        } else {
            connection.reconnect(leader + " does not lead");
        }
    }

    @Override
    public boolean onEvent(
        final long sequence,
        final long nextSequence,
        final DirectBuffer buffer,
        final int offset,
        final int lengthBytes) {
        if (step != Step.FOLLOWING) {
            return true;
        }
        try {
            final boolean taken = follower.onEvent(sequence, nextSequence, buffer, offset, lengthBytes);
            eventCount += taken ? 1 : 0;
            return taken;
        } catch (final RuntimeException ex) {
            return failed(ex);
        }
    }

    /** It would come again and again. */
    private boolean failed(final RuntimeException ex) {
        LOG.debug("What {} sends", leader, ex);
        end("What " + leader + " sends cannot be taken: " + ex.getMessage());
        return true;
    }

    @Override
    public boolean onMessage(final LinkMessage message) {
        try {
            return take(message);
        } catch (final RuntimeException ex) {
            return failed(ex);
        }
    }

    private boolean take(final LinkMessage message) {
        switch (message.templateId()) {
            case FollowAcceptedDecoder.TEMPLATE_ID -> {
                if (step == Step.ASKED) {
                    onAccepted(message);
                }
            }
            case FeedStateDecoder.TEMPLATE_ID -> {
                if (step == Step.FOLLOWING) {
                    feedState.wrap(
                        message.buffer(), message.blockOffset(), message.blockLengthBytes(), message.version());
                    follower.onLeaderState(feedState.recordedSequence(), feedState.epoch(), feedState.sentAtNs());
                }
            }
            case SteppedDownDecoder.TEMPLATE_ID -> {
                if (step == Step.FOLLOWING) {
                    steppedDown.wrap(
                        message.buffer(), message.blockOffset(), message.blockLengthBytes(), message.version());
                    stepDownEpoch = NONE;
                    follower.onSteppedDown(steppedDown.nextSequence());
                }
            }
            default -> LOG.debug("link to the leader: message {} has no meaning here", message.templateId());
        }
        return true;
    }

    private void onAccepted(final LinkMessage message) {
        accepted.wrap(message.buffer(), message.blockOffset(), message.blockLengthBytes(), message.version());
        EpochHistory epochs = EpochHistory.of(accepted.logId());
        for (int i = 0; i < message.epochCount(); i++) {
            epochs = epochs.begin(i + 1, message.epochFirstSequence(i), message.epochStartTimeNs(i));
        }
        toldSequence = NONE;
        step = follower.onAccepted(leader, epochs, accepted.fromSequence(), accepted.cutSequence())
            ? Step.FOLLOWING : Step.ENDED;
    }

    @Override
    public boolean onRefused(final Refusal refusal, final String text) {
        step = Step.AWAY;
        switch (refusal) {
            // A secret may be put right at the leader.
            case NOT_LEADER, NOT_AUTHENTIC, TOO_MANY_LINKS, UNKNOWN_LINK, CLOSING, SBE_UNKNOWN -> {
                follower.onLeaderAway(text);
                return true;
            }
            default -> {
                end(text);
                return false;
            }
        }
    }

    @Override
    public void onAway(final String reason) {
        step = Step.AWAY;
        follower.onLeaderAway(reason);
    }

    @Override
    public void onClose() {
        connection.close();
        transport.close();
    }

    @Override
    public String roleName() {
        return "headrace-leader-link";
    }
}
