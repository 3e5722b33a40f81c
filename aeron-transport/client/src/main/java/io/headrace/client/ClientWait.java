package io.headrace.client;

/** How the client's thread waits while there is nothing to do. */
public enum ClientWait {
    /** Yields while there is traffic, then sleeps up to a millisecond at a time: a few percent of a core when idle. */
    ECO,
    /** Yields: low latency, for a core that it gives away on request. */
    YIELD,
    /** Spins: the lowest latency, for a core of its own. */
    SPIN
}
