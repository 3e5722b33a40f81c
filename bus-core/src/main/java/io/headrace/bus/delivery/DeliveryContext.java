package io.headrace.bus.delivery;

import io.headrace.bus.adapter.Health;
import io.headrace.bus.adapter.Sink;

import java.util.Optional;

/** The configuration of a {@link Delivery}. Set up by one thread. */
public final class DeliveryContext {
    private String flowName;
    private Sink sink;
    private RetryOptions retry = RetryOptions.defaults();
    private OnPoison onPoison = OnPoison.STOP;
    private Health health;
    private DeliveryCounters counters;
    private Optional<FlowBreaker> breaker = Optional.empty();
    private Optional<ParkingLot> parkingLot = Optional.empty();
    private int lane;

    /**
     * Names the flow.
     *
     * @param value for messages.
     * @return this.
     */
    public DeliveryContext flowName(final String value) {
        this.flowName = value;
        return this;
    }

    /**
     * Sets where events go.
     *
     * @param value the sink of the lane.
     * @return this.
     */
    public DeliveryContext sink(final Sink value) {
        this.sink = value;
        return this;
    }

    /**
     * Says how failures are handled.
     *
     * @param retries how retriable ones are tried again.
     * @param poison  what is done with an event that can never be delivered; one that parks needs a parking lot.
     * @return this.
     */
    public DeliveryContext failures(final RetryOptions retries, final OnPoison poison) {
        this.retry = retries;
        this.onPoison = poison;
        return this;
    }

    /**
     * Says by what the flow is watched.
     *
     * @param flowHealth   of the flow.
     * @param flowCounters of the flow.
     * @return this.
     */
    public DeliveryContext monitor(final Health flowHealth, final DeliveryCounters flowCounters) {
        this.health = flowHealth;
        this.counters = flowCounters;
        return this;
    }

    /**
     * Sets the circuit breaker; none unless set.
     *
     * @param value the one that all lanes of the flow share.
     * @return this.
     */
    public DeliveryContext breaker(final FlowBreaker value) {
        this.breaker = Optional.of(value);
        return this;
    }

    /**
     * Sets where events are parked; on a bus with an event log also for a flow that parks none, so that it leaves out
     * what it parked under another configuration, and replays it.
     *
     * @param value     the one that all lanes of the flow share.
     * @param laneIndex which lane this is, from 0.
     * @return this.
     */
    public DeliveryContext parking(final ParkingLot value, final int laneIndex) {
        this.parkingLot = Optional.of(value);
        this.lane = laneIndex;
        return this;
    }

    String flowName() {
        return flowName;
    }

    Sink sink() {
        return sink;
    }

    RetryOptions retry() {
        return retry;
    }

    OnPoison onPoison() {
        return onPoison;
    }

    Health health() {
        return health;
    }

    DeliveryCounters counters() {
        return counters;
    }

    FlowBreaker breaker() {
        return breaker.orElseGet(() -> new FlowBreaker(flowName, Optional.empty()));
    }

    Optional<LaneParking> parking() {
        if (onPoison.parks() && parkingLot.isEmpty()) {
            throw new IllegalArgumentException(
                "onPoison=" + onPoison + " of flow " + flowName + " needs a bus with an event log");
        }
        return parkingLot.map(lot -> lot.lane(lane));
    }
}
