package io.headrace.bus.adapter;

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
}
