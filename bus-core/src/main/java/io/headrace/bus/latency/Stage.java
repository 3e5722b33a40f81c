package io.headrace.bus.latency;

/** A part of an event's way that is timed by itself. */
public enum Stage {
    /** From when it happened, by its source's clock, until it was on the bus: epoch clocks. */
    SOURCE,
    /** From when it was on the bus until it was handed to the consumer: the monotonic clock. */
    TRANSPORT,
    /** From when it was handed over until the consumer was done with it: the monotonic clock. */
    CONSUMPTION,
    /** The sum of the three. */
    TOTAL
}
