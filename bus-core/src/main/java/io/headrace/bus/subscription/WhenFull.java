package io.headrace.bus.subscription;

/** What happens to a buffered subscription whose sink is busy while the ring runs full. */
public enum WhenFull {
    /** Publishers wait (or are told so): nothing is lost. The default on a bus without an event log. */
    BLOCK,
    /** What is published until the sink is free again is dropped for this subscription, and counted. */
    DROP_NEWEST,
    /** Of what is published until the sink is free again only the latest event of each key is kept; the rest counts. */
    CONFLATE,
    /**
     * The subscription leaves the ring, reads on from the event log, and comes back when it has caught up: nobody
     * waits and nothing is lost. The default on a bus with an event log, which it needs.
     */
    EVICT
}
