package io.headrace.bus.log;

/** A subscription whose position is kept in the event log. Its methods are for any thread. */
public interface DurablePosition {
    /** {@return the subscription's name} */
    String name();

    /**
     * Reads how far each lane has finished.
     *
     * @return a new array, in the order of the lanes.
     */
    long[] finishedSequences();
}
