package io.headrace.bus.subscription;

/** What a subscription waits for before it hands an event to its sink. */
public enum AfterStage {
    /** That the event is on the bus: the fastest, but a crash can lose what the sink has seen already. */
    PUBLISHED,
    /** That the event log has it, as its sync level defines it: after a restart the subscription goes on behind it. */
    RECORDED,
    /** That enough replicas have recorded it too: it survives the loss of the host. */
    REPLICATED
}
