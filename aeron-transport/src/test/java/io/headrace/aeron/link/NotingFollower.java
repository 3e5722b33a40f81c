package io.headrace.aeron.link;

import io.headrace.bus.link.Follower;
import io.headrace.bus.log.EpochHistory;
import io.headrace.codecs.DecodeError;
import io.headrace.codecs.EventView;
import org.agrona.DirectBuffer;

import java.nio.ByteOrder;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A replica without a bus: notes what it is given, and records it at once. A test double of the port. */
final class NotingFollower implements Follower {
    final List<Long> numbers = new CopyOnWriteArrayList<>();
    final List<Long> cuts = new CopyOnWriteArrayList<>();
    final List<String> awayReasons = new CopyOnWriteArrayList<>();
    volatile EpochHistory epochs;
    volatile EpochHistory leaderEpochs;
    volatile long nextSequence;
    volatile boolean takesEvents = true;
    volatile boolean accepts = true;
    volatile boolean fails;
    volatile int slotBytes = LinkFixture.SLOT_BYTES;
    volatile int acceptedCount;
    volatile long leaderSequence = -1;
    volatile long steppedDownSequence = -1;
    volatile String refusal;
    volatile String gap;
    private final EventView view = new EventView();

    NotingFollower(final EpochHistory epochs, final long nextSequence) {
        this.epochs = epochs;
        this.nextSequence = nextSequence;
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
        final String leader, final EpochHistory newEpochs, final long fromSequence, final long cutSequence) {
        leaderEpochs = newEpochs;
        cuts.add(cutSequence);
        if (accepts && cutSequence < 0) {
            epochs = newEpochs;
            nextSequence = Math.max(nextSequence, fromSequence);
        }
        acceptedCount++;
        return accepts && cutSequence < 0;
    }

    @Override
    public boolean onEvent(
        final long sequence,
        final long followingSequence,
        final DirectBuffer buffer,
        final int offset,
        final int lengthBytes) {
        if (fails) {
            throw new IllegalArgumentException("meant to fail");
        }
        if (!takesEvents) {
            return false;
        }
        if (sequence < nextSequence || view.wrap(buffer, offset, lengthBytes) != DecodeError.NONE) {
            gap = sequence + " came when " + nextSequence + " was next";
        }
        numbers.add(buffer.getLong(view.payloadOffset(), ByteOrder.LITTLE_ENDIAN));
        nextSequence = followingSequence;
        return true;
    }

    @Override
    public void onLeaderState(final long recordedSequence, final long epoch, final long sentAtNs) {
        leaderSequence = recordedSequence;
    }

    @Override
    public void onSteppedDown(final long endSequence) {
        steppedDownSequence = endSequence;
    }

    @Override
    public void onLeaderAway(final String reason) {
        awayReasons.add(reason);
    }

    @Override
    public void onRefused(final String reason) {
        refusal = reason;
    }
}
