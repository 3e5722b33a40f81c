package io.headrace.adapters.testkit;

/**
 * What a part of a contract needs beyond the rest. An adapter that cannot offer one says so with a reason in
 * {@link AdapterContract#unsupported()}, and the tests that need it are then shown as aborted, with that reason.
 */
public enum Ability {
    /** Both: the test can make the outside system go away and come back. */
    OUTAGE,
    /** Both: preflight looks at something that can be wrong. */
    PREFLIGHT,
    /** Source: the outside system can refuse who connects. */
    CREDENTIALS,
    /** Source: the outside system can send what is no valid input. */
    MALFORMED_INPUT,
    /** Source: what changes while the source is closed is given to the next instance. */
    RESUME,
    /** Source: the origin is told how far it has been taken over, and gives the rest again. */
    CONFIRMATION,
    /** Source: it can stop publishing and go on confirming, so that after a graceful stop nothing comes again. */
    GRACEFUL_STOP,
    /** Sink: the test can make the target hang, so that a delivery waits. */
    HANG,
    /** Sink: there is an event that the target can never take, while it takes others. */
    POISON,
    /** Sink: there is something that only a person can mend. */
    FATAL,
    /** Sink: the target commits transactions. Follows from {@code SinkCapabilities.wholeTransactions}. */
    WHOLE_TRANSACTIONS,
    /** Sink: several lanes. Follows from {@code SinkCapabilities.maxLanes}. */
    LANES
}
