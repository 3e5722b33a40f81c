package io.headrace.bus.delivery;

/** What a flow does with an event that its sink can never take. */
public enum OnPoison {
    /** Stops the flow, loudly, with its position before the event: nothing is lost. The default. */
    STOP,
    /** Leaves the event out, counts and logs it, and goes on. */
    SKIP,
    /** Parks the event in the event log, and goes on: a person looks at it, and replays or drops it. */
    PARK_EVENT,
    /**
     * As {@link #PARK_EVENT}, and holds the later events of its key back until it is replayed or dropped, so that the
     * key's events come to the sink in their order. A key counts within its topic; an event without a key holds nothing
     * back.
     */
    PARK_KEY;

    /** {@return whether it needs an event log to park in} */
    public boolean parks() {
        return this == PARK_EVENT || this == PARK_KEY;
    }
}
