package io.headrace.bus.service;

import io.headrace.bus.Bus;
import io.headrace.bus.link.Follower;
import io.headrace.bus.log.EpochHistory;
import io.headrace.bus.publish.FollowingPublisher;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.status.AtomicCounter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Brings what a leader has recorded onto the bus of a replica, and keeps in mind how that stands. Called by the link
 * thread; what it tells is for any thread.
 */
final class ReplicaFollower implements Follower {
    /** A replica that lacks less than this part of its ring keeps up. */
    private static final int NEAR_DIVISOR = 8;
    private static final long UNKNOWN = -1;
    private static final Logger LOG = LoggerFactory.getLogger(ReplicaFollower.class);

    private final Bus bus;
    private final FollowingPublisher publisher;
    private final Consumer<LeaderAnswer> onCutNeeded;
    private final CompletableFuture<LeaderAnswer> firstAnswer = new CompletableFuture<>();
    private final CompletableFuture<Void> flowsAttached = new CompletableFuture<>();
    private final AtomicCounter timesAway;
    private volatile String leader;
    private volatile EpochHistory leaderEpochs;
    private volatile long leaderSequence = UNKNOWN;
    private volatile long catchUpFromSequence;
    private volatile long steppedDownSequence = UNKNOWN;
    private volatile boolean away = true;
    private volatile long awaySinceNs;
    private volatile String awayReason = "it was not heard of yet";
    private volatile String refusal;
    private volatile boolean takesEvents;

    /**
     * Follows on behalf of a bus. No event is taken before {@link #takeEvents()}: a flow that is attached later would
     * begin behind it.
     *
     * @param bus         a replica.
     * @param onCutNeeded is told when the leader's log has not what this one has; on the link thread.
     */
    ReplicaFollower(final Bus bus, final Consumer<LeaderAnswer> onCutNeeded) {
        this.bus = bus;
        this.onCutNeeded = onCutNeeded;
        publisher = bus.newFollowingPublisher();
        timesAway = bus.counters().counter("replica.times-away");
        awaySinceNs = bus.clock().nanoTime();
        catchUpFromSequence = bus.recordedSequence();
    }

    @Override
    public EpochHistory epochs() {
        return bus.epochs();
    }

    @Override
    public long nextSequence() {
        return publisher.nextSequence();
    }

    @Override
    public long recordedNextSequence() {
        return bus.recordedSequence() + 1;
    }

    @Override
    public int slotBytes() {
        return bus.context().slotBytes();
    }

    @Override
    public boolean onAccepted(
        final String address, final EpochHistory epochs, final long fromSequence, final long cutSequence) {
        final LeaderAnswer answer = new LeaderAnswer(address, epochs, fromSequence, cutSequence);
        if (cutSequence >= 0) {
            onCutNeeded.accept(answer);
            return false;
        }
        if (fromSequence < publisher.nextSequence()) {
            onRefused(address + " begins its feed at sequence " + fromSequence + ", which is here already");
            return false;
        }
        LOG.info("Follows {}, which leads epoch {}, from sequence {} on", address, epochs.epoch(), fromSequence);
        leader = address;
        leaderEpochs = epochs;
        // What another one said of its log does not hold for this one.
        steppedDownSequence = UNKNOWN;
        catchUpFromSequence = bus.recordedSequence();
        bus.follow(epochs);
        away = false;
        firstAnswer.complete(answer);
        return true;
    }

    @Override
    public boolean onEvent(
        final long sequence, final long followingSequence, final DirectBuffer buffer, final int offset,
        final int lengthBytes) {
        return takesEvents && publisher.publish(sequence, followingSequence, buffer, offset, lengthBytes);
    }

    /** The flows are attached. */
    void takeEvents() {
        takesEvents = true;
        flowsAttached.complete(null);
    }

    /** {@return when the flows are attached} */
    CompletableFuture<Void> flowsAttached() {
        return flowsAttached;
    }

    /** Nobody waits for a leader any more: this bus leads. */
    void leadInstead() {
        firstAnswer.complete(new LeaderAnswer("", bus.epochs(), publisher.nextSequence(), -1));
    }

    @Override
    public void onLeaderState(final long recordedSequence, final long epoch, final long sentAtNs) {
        leaderSequence = recordedSequence;
        if (isNear()) {
            catchUpFromSequence = bus.recordedSequence();
        }
    }

    private boolean isNear() {
        return lagSlots() <= bus.context().capacity() / NEAR_DIVISOR;
    }

    @Override
    public void onSteppedDown(final long leaderNextSequence) {
        steppedDownSequence = leaderNextSequence;
    }

    @Override
    public void onLeaderAway(final String reason) {
        awayReason = reason;
        if (!away) {
            awaySinceNs = bus.clock().nanoTime();
            away = true;
            timesAway.increment();
            LOG.warn("The leader {} is away: {}", leaderText(), reason);
        }
    }

    @Override
    public void onRefused(final String reason) {
        refusal = reason;
        LOG.error("The leader refuses this replica for good: {}", reason);
    }

    /** {@return the leader's first answer that let this replica follow} */
    CompletableFuture<LeaderAnswer> firstAnswer() {
        return firstAnswer;
    }

    /** Whether everything is written that the log should know before sinks ask it. */
    boolean adoptedEpochs() {
        final EpochHistory known = leaderEpochs;
        return known == null || known.epochOf(bus.recordedSequence() + 1) <= bus.epochs().epoch();
    }

    /** {@return whether the leader was heard of lately} */
    boolean leaderThere() {
        return !away && refusal == null;
    }

    /** {@return the leader's address in a sentence} */
    String leaderText() {
        final String known = leader;
        return known == null ? "that was never heard of" : known;
    }

    /** {@return the leader's address; null before one was found} */
    String leader() {
        return leader;
    }

    /** {@return the last epoch of the leader, 0 before one was found} */
    long leaderEpoch() {
        final EpochHistory known = leaderEpochs;
        return known == null ? 0 : known.epoch();
    }

    /** {@return up to where the leader's log was when it was last heard of; -1 for unknown} */
    long leaderSequence() {
        return leaderSequence;
    }

    /** {@return the first sequence that the leader's log never will have; -1 while it leads} */
    long steppedDownSequence() {
        return steppedDownSequence;
    }

    /** Passes over what the leader gave up; only when the link thread is at its end. */
    boolean passTo(final long sequence) {
        return publisher.passTo(sequence);
    }

    /** {@return why the leader refuses for good, or null} */
    String refusal() {
        return refusal;
    }

    /** {@return how far the own log is behind the leader's} */
    long lagSlots() {
        return Math.max(0, leaderSequence - bus.recordedSequence());
    }

    /** {@return why the leader is away, or refuses; an empty text when it does neither} */
    String awayReason() {
        final String refused = refusal;
        return refused != null ? refused : away ? awayReason : "";
    }

    /** {@return how it follows, for people} */
    String state() {
        if (refusal != null) {
            return "refused by its leader";
        }
        if (away) {
            return "leader away "
                + TimeUnit.NANOSECONDS.toSeconds(bus.clock().nanoTime() - awaySinceNs) + " s";
        }
        if (isNear()) {
            return "following";
        }
        final long all = Math.max(1, leaderSequence - catchUpFromSequence);
        return "catching up " + Math.max(0, 100 * (all - lagSlots()) / all) + " %";
    }
}
