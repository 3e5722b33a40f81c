package io.headrace.perf.site;

/** Whether a flow sustained a rate, and why not: the first that holds, from below. */
public enum Verdict {
    /** Everything came through, in time. */
    SUSTAINED,
    /** It took longer than the flow's objective allows. */
    OBJECTIVE_MISSED,
    /** A source fell behind its schedule, or the flow had not everything soon enough after its end. */
    RATE_NOT_HELD,
    /** The flow's policy dropped or conflated events away, or they were set aside. */
    EVENTS_DROPPED,
    /** Events were lost, doubled or swapped. */
    EVENTS_LOST,
    /** The flow stopped for good, or its sink delivered nothing and says that it cannot. */
    STOPPED
}
