package io.headrace.aeron.link;

import io.headrace.bus.link.Follower;
import io.headrace.bus.log.EpochHistory;
import org.agrona.DirectBuffer;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.zip.CRC32C;

/**
 * Stands for the replica's side of a service in a test, scripted: keeps the check sum of each event by its sequence,
 * takes everything at once, and calls it recorded. Called by the link thread; looked at by the test's.
 */
final class CheckSumFollower implements Follower {
    private final Map<Long, Integer> received = new ConcurrentSkipListMap<>();
    private final List<String> troubles = new ArrayList<>();
    private EpochHistory leaderEpochs = EpochHistory.of(0);
    private volatile long nextSequence;
    private volatile long cutSequence = -1;
    private volatile long acceptedCount;

    static int checkSum(final DirectBuffer buffer, final int offset, final int lengthBytes) {
        final byte[] bytes = new byte[lengthBytes];
        buffer.getBytes(offset, bytes);
        final CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int)crc.getValue();
    }

    Map<Long, Integer> received() {
        return received;
    }

    /** {@return from where on the leader said that it has not what this one has; -1 when it never did} */
    long cutSequence() {
        return cutSequence;
    }

    long acceptedCount() {
        return acceptedCount;
    }

    synchronized List<String> troubles() {
        return List.copyOf(troubles);
    }

    private synchronized void trouble(final String what) {
        troubles.add(what);
    }

    /** Those of the leader that this one has an event of, as a replica writes each with its first event. */
    @Override
    public EpochHistory epochs() {
        EpochHistory own = EpochHistory.of(leaderEpochs.logId());
        for (long epoch = 1; epoch <= leaderEpochs.epoch(); epoch++) {
            if (leaderEpochs.firstSequence(epoch) < nextSequence) {
                own = own.begin(epoch, leaderEpochs.firstSequence(epoch), leaderEpochs.startTimeNs(epoch));
            }
        }
        return own;
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
        return LinkFixture.SLOT_BYTES;
    }

    @Override
    public boolean onAccepted(
        final String leader, final EpochHistory epochs, final long fromSequence, final long cutFromSequence) {
        leaderEpochs = epochs;
        cutSequence = Math.max(cutSequence, cutFromSequence);
        acceptedCount++;
        if (fromSequence > nextSequence) {
            trouble("the feed begins at " + fromSequence + ", behind " + nextSequence);
        }
        return true;
    }

    @Override
    public boolean onEvent(
        final long sequence, final long followingSequence, final DirectBuffer buffer, final int offset,
        final int lengthBytes) {
        if (sequence < nextSequence) {
            trouble("event " + sequence + " came again");
        }
        received.put(sequence, checkSum(buffer, offset, lengthBytes));
        nextSequence = followingSequence;
        return true;
    }

    @Override
    public void onLeaderState(final long recordedSequence, final long epoch, final long sentAtNs) {
        if (nextSequence - 1 > recordedSequence) {
            trouble("it has " + (nextSequence - 1) + ", and the leader has recorded " + recordedSequence);
        }
    }

    @Override
    public void onSteppedDown(final long lastNextSequence) {
        trouble("the leader stepped down at " + lastNextSequence);
    }

    @Override
    public void onLeaderAway(final String reason) {
        // It is killed on purpose.
    }

    @Override
    public void onRefused(final String reason) {
        trouble("refused: " + reason);
    }
}
