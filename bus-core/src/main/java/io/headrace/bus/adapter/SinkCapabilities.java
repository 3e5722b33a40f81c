package io.headrace.bus.adapter;

/**
 * What sinks of one type can do.
 *
 * @param maxLanes          how many lanes may deliver side by side, each to a sink of its own; at least 1.
 * @param wholeTransactions whether the sink wants the transactions of a source whole: the marks are delivered to it,
 *                          and a batch ends inside a transaction only when the transaction is larger than a batch
 *                          may be ({@link EventBatch#endsInTransaction()}).
 */
public record SinkCapabilities(int maxLanes, boolean wholeTransactions) {
    /** Any number of lanes that a configuration may ask for. */
    public static final int MAX_LANES = 64;

    /** Checks the bounds. */
    public SinkCapabilities {
        if (maxLanes < 1 || maxLanes > MAX_LANES) {
            throw new IllegalArgumentException("maxLanes=" + maxLanes + " is not between 1 and " + MAX_LANES);
        }
    }
}
