package io.headrace.bus.adapter;

/**
 * What sinks of one type can do.
 *
 * @param maxLanes          how many lanes may deliver side by side, each to a sink of its own; at least 1.
 * @param wholeTransactions whether the sink wants the transactions of a source whole: the marks are delivered to it,
 *                          and a batch ends inside a transaction only when the transaction is larger than a batch
 *                          may be ({@link EventBatch#endsInTransaction()}).
 * @param redelivery        what an event does to the target that is delivered again after a crash, on a bus with an
 *                          event log.
 */
public record SinkCapabilities(int maxLanes, boolean wholeTransactions, Redelivery redelivery) {
    /** Any number of lanes that a configuration may ask for. */
    public static final int MAX_LANES = 64;

    /** What becomes of an event that is delivered again after a crash. */
    public enum Redelivery {
        /** Nothing: the sink keeps its position with the data, and leaves out what it has applied. */
        DISCARDED,
        /** It is applied again, which comes to the same once everything is delivered up to where it was before. */
        IDEMPOTENT,
        /** It may be seen twice in the target. */
        REPEATED
    }

    /**
     * What a sink can do that claims nothing for events that are delivered again.
     *
     * @param maxLanes          how many lanes may deliver side by side.
     * @param wholeTransactions whether the sink wants the transactions of a source whole.
     */
    public SinkCapabilities(final int maxLanes, final boolean wholeTransactions) {
        this(maxLanes, wholeTransactions, Redelivery.REPEATED);
    }

    /** Checks the bounds. */
    public SinkCapabilities {
        if (maxLanes < 1 || maxLanes > MAX_LANES) {
            throw new IllegalArgumentException("maxLanes=" + maxLanes + " is not between 1 and " + MAX_LANES);
        }
    }
}
