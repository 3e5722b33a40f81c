package io.headrace.client;

/** When the publication of an event is answered. */
public enum Confirm {
    /** The event is on the bus. A crash of the service may still lose it. */
    PUBLISHED,
    /** The event is in the service's log. On a bus without a log: as {@link #PUBLISHED}. */
    RECORDED,
    /** The event is in the logs of as many replicas as the service is configured to wait for. */
    REPLICATED
}
