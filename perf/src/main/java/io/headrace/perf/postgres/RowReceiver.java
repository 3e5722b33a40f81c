package io.headrace.perf.postgres;

/** Gets every row that an arm reads, on the arm's own thread. */
@FunctionalInterface
interface RowReceiver {
    /**
     * A row has arrived.
     *
     * @param receivedNs when it was in the arm's hands, before anything was read from it.
     * @param id         the row's first column.
     */
    void onRow(long receivedNs, long id);
}
