package io.headrace.bus.service;

import io.headrace.bus.link.Follower;
import io.headrace.bus.log.EpochHistory;
import org.agrona.DirectBuffer;

import java.util.concurrent.CompletableFuture;

/**
 * Asks a leader what it would say to a follower, and takes no feed. Called by the link thread; the answer is for any
 * thread.
 */
final class AskingFollower implements Follower {
    private final EpochHistory epochs;
    private final long nextSequence;
    private final int slotBytes;
    private final CompletableFuture<LeaderAnswer> answer = new CompletableFuture<>();
    private volatile String reason = "it does not answer";

    /**
     * Asks on behalf of a log.
     *
     * @param epochs       of the log, or those of log 0 for one that is still to be made.
     * @param nextSequence the first that the log does not have.
     * @param slotBytes    of the ring.
     */
    AskingFollower(final EpochHistory epochs, final long nextSequence, final int slotBytes) {
        this.epochs = epochs;
        this.nextSequence = nextSequence;
        this.slotBytes = slotBytes;
    }

    /** {@return what the leader says; fails with an {@link IllegalStateException} when it refuses for good} */
    CompletableFuture<LeaderAnswer> answer() {
        return answer;
    }

    /** {@return why there is no answer yet} */
    String reason() {
        return reason;
    }

    @Override
    public EpochHistory epochs() {
        return epochs;
    }

    @Override
    public long nextSequence() {
        return nextSequence;
    }

    @Override
    public long recordedNextSequence() {
        return nextSequence;
    }

    @Override
    public int slotBytes() {
        return slotBytes;
    }

    @Override
    public boolean onAccepted(
        final String leader, final EpochHistory leaderEpochs, final long fromSequence, final long cutSequence) {
        answer.complete(new LeaderAnswer(leader, leaderEpochs, fromSequence, cutSequence));
        return false;
    }

    @Override
    public boolean onEvent(
        final long sequence, final long followingSequence, final DirectBuffer buffer, final int offset,
        final int lengthBytes) {
        return false;
    }

    @Override
    public void onLeaderState(final long recordedSequence, final long epoch, final long sentAtNs) {
        // Nothing is followed here.
    }

    @Override
    public void onSteppedDown(final long leaderNextSequence) {
        // Nothing was asked to step down here.
    }

    @Override
    public void onLeaderAway(final String why) {
        reason = why;
    }

    @Override
    public void onRefused(final String why) {
        reason = why;
        answer.completeExceptionally(new IllegalStateException(why));
    }
}
