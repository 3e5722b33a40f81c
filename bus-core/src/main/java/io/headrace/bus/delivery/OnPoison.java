package io.headrace.bus.delivery;

/** What a flow does with an event that its sink can never take. */
public enum OnPoison {
    /** Stops the flow, loudly, with its position before the event: nothing is lost. The default. */
    STOP,
    /** Leaves the event out, counts and logs it, and goes on. */
    SKIP
}
