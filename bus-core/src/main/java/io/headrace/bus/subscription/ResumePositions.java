package io.headrace.bus.subscription;

import io.headrace.codecs.EventView;

import java.util.Arrays;

/**
 * How far the lanes of a subscription had finished when the bus was started, also when it had another number of lanes
 * then. Immutable.
 */
final class ResumePositions {
    private final long[] finishedSequences;
    private final long lowest;
    private final long highest;

    ResumePositions(final long[] finishedSequences) {
        this.finishedSequences = finishedSequences.clone();
        lowest = Arrays.stream(finishedSequences).min().orElseThrow();
        highest = Arrays.stream(finishedSequences).max().orElseThrow();
    }

    /** Up to where one of the lanes of now has finished for certain. */
    long finishedSequence(final int lane, final int laneCount) {
        return laneCount == finishedSequences.length ? finishedSequences[lane] : lowest;
    }

    /** Whether there is nothing more to know about events from here on. */
    boolean isPassedBy(final long sequence) {
        return sequence > highest;
    }

    /** Whether the lane that the event belonged to then had finished it. */
    boolean isFinished(final EventView event) {
        return event.sequence() <= finishedSequences[Lane.laneOf(event.keyHash(), finishedSequences.length)];
    }
}
