package io.headrace.bus.delivery;

/** How the circuit breaker of a flow is. */
public enum BreakerState {
    /** The flow has none. */
    OFF,
    /** Deliveries go on. */
    CLOSED,
    /** The flow pauses. */
    OPEN,
    /** One delivery is tried; its result opens or closes the breaker. */
    HALF_OPEN
}
