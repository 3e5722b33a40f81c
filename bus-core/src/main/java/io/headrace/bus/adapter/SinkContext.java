package io.headrace.bus.adapter;

import io.headrace.bus.log.EpochHistory;

/** What the bus gives to a sink. */
public interface SinkContext extends AdapterContext {
    /**
     * Which lane of the subscription the sink is made for.
     *
     * @return the lane, from 0.
     */
    int lane();

    /**
     * How many lanes the subscription has.
     *
     * @return the number of lanes, at least 1.
     */
    int laneCount();

    /**
     * To which of several lanes a key belongs. It holds for all time, as sinks rely on it for what an earlier process
     * with another number of lanes applied.
     *
     * @param keyHash   of the event; 0 without a key.
     * @param laneCount how many lanes there are.
     * @return the lane, from 0.
     */
    static int laneOf(final long keyHash, final int laneCount) {
        return (int)Math.floorMod(keyHash, (long)laneCount);
    }

    /**
     * The epochs of the event log, for a sink that stores its position with the data in its target: it stores
     * {@link EpochHistory#positionText(long)} of the last event applied, and after a restart applies nothing again up
     * to {@link EpochHistory#positionOf(String)} of what it finds. On a bus without a log, what an earlier process
     * stored means nothing.
     *
     * @return the epochs, the same over the whole life of the sink.
     */
    EpochHistory epochs();
}
