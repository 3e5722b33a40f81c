package io.headrace.adapters.postgres;

/** How the source waits for the next message. */
public enum Idle {
    /** Looks for 0.2 milliseconds after a message, giving way to other threads, then sleeps until there is input. */
    ECO,
    /** Looks for two milliseconds after a message, giving way to other threads, then sleeps. */
    YIELD,
    /** Looks all the time; it takes a core. */
    SPIN
}
