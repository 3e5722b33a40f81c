package io.headrace.adapters.postgres.pgoutput;

import org.agrona.concurrent.status.AtomicCounter;

import java.util.function.Function;

/**
 * The source's thread counts, any thread reads: what was taken from the stream and published.
 *
 * @param transactions     published, or known to have been published before.
 * @param rows             row changes published, without the snapshot's.
 * @param documents        logical messages published.
 * @param skipped          events that were read again after a reconnect and had been published before.
 * @param malformed        messages that could not be decoded; each ends the source.
 * @param lastCommitTimeMs when the last published transaction was committed, since the Unix epoch, by the server.
 * @param roomWaits        how often the bus had no room for an event.
 * @param spilledBytes     written to spill files, for transactions that arrived before their commit.
 * @param snapshotRows     rows of the initial snapshot published.
 */
public record PublishCounters(
    AtomicCounter transactions,
    AtomicCounter rows,
    AtomicCounter documents,
    AtomicCounter skipped,
    AtomicCounter malformed,
    AtomicCounter lastCommitTimeMs,
    AtomicCounter roomWaits,
    AtomicCounter spilledBytes,
    AtomicCounter snapshotRows) {

    /**
     * Makes the counters.
     *
     * @param factory of counters by name.
     * @return the counters.
     */
    public static PublishCounters of(final Function<String, AtomicCounter> factory) {
        return new PublishCounters(
            factory.apply("transactions"),
            factory.apply("rows"),
            factory.apply("documents"),
            factory.apply("skipped-events"),
            factory.apply("malformed-messages"),
            factory.apply("last-commit-time-ms"),
            factory.apply("room-waits"),
            factory.apply("spilled-bytes"),
            factory.apply("snapshot-rows"));
    }
}
