package io.headrace.adapters.postgres.pgoutput;

/** Hears on the source's thread what may be confirmed to the server, once the bus has finished it. */
@FunctionalInterface
public interface CommitListener {
    /**
     * Everything up to a place in the log is on the bus.
     *
     * @param lastSequence of the last event published; -1 when nothing has been.
     * @param endLsn       the place after the transaction, which may be confirmed once that sequence is finished.
     */
    void onCommitted(long lastSequence, long endLsn);
}
