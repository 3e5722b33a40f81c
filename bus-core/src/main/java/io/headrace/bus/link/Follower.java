package io.headrace.bus.link;

import io.headrace.bus.log.EpochHistory;
import org.agrona.DirectBuffer;

/** Takes what a leader has recorded. Called on the link thread: none of these waits. */
public interface Follower {
    /** {@return the epochs in the replica's log, with the log's id; without an epoch while it is empty} */
    EpochHistory epochs();

    /** {@return the first sequence that the replica has not received; the feed begins there} */
    long nextSequence();

    /** {@return the first sequence that the replica's log does not have: what the leader is told} */
    long recordedNextSequence();

    /** {@return the size of the replica's slots in bytes, which must be the leader's} */
    int slotBytes();

    /**
     * The leader gives the feed.
     *
     * @param leader       which of the addresses.
     * @param leaderEpochs of the leader's log.
     * @param fromSequence the first that an event of the feed may have.
     * @param cutSequence  from which on the replica has events that the leader has not; -1 when there are none.
     * @return false when the replica cannot take the feed as it is: the link ends.
     */
    boolean onAccepted(String leader, EpochHistory leaderEpochs, long fromSequence, long cutSequence);

    /**
     * The next event.
     *
     * @param sequence     of the event.
     * @param nextSequence the first that an event behind it may have.
     * @param buffer       that holds it.
     * @param offset       where it begins.
     * @param lengthBytes  its length.
     * @return false when there is no room for it now: it is given again.
     */
    boolean onEvent(long sequence, long nextSequence, DirectBuffer buffer, int offset, int lengthBytes);

    /**
     * How far the leader is.
     *
     * @param recordedSequence up to which its log is.
     * @param epoch            of its log.
     * @param sentAtNs         when it said so, since the Unix epoch.
     */
    void onLeaderState(long recordedSequence, long epoch, long sentAtNs);

    /**
     * The leader takes no more events.
     *
     * @param nextSequence the first that its log does not have, and never will.
     */
    void onSteppedDown(long nextSequence);

    /**
     * The leader is away, or refuses; it is asked again.
     *
     * @param reason what happened, with a remedy where there is one.
     */
    void onLeaderAway(String reason);

    /**
     * The leader refuses for good: asked again it would do the same.
     *
     * @param reason with a remedy.
     */
    void onRefused(String reason);
}
