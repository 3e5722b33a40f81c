package io.headrace.adapters.jdbc;

import io.headrace.bus.adapter.AdapterContext;
import org.agrona.concurrent.status.AtomicCounter;

import java.util.Arrays;

/**
 * What a sink counts. Owned by a lane's thread, which gathers and publishes what was counted once it is committed;
 * what was rolled back was not.
 */
final class JdbcCounters {
    /** What is counted. */
    enum Count {
        /** Statements' rows that were applied. */
        APPLIED_ROWS("applied-rows"),
        /** Events that no rule is for. */
        UNMAPPED_EVENTS("unmapped-events"),
        /** Truncates that were left out on purpose. */
        IGNORED_TRUNCATES("ignored-truncates"),
        /** Updates and deletes whose row the target lacked. */
        MISSING_ROWS("missing-rows"),
        /** Events that had been applied before, by the lane's position in the target. */
        ALREADY_APPLIED_EVENTS("already-applied-events"),
        /** Changes of tables without a key that had been applied before. */
        UNKEYED_REPEATS("unkeyed-repeats");

        private final String counterName;

        Count(final String counterName) {
            this.counterName = counterName;
        }
    }

    private final AtomicCounter[] counters = new AtomicCounter[Count.values().length];
    private final long[] pending = new long[counters.length];
    private final AtomicCounter commits;
    private final AtomicCounter rollbacks;
    private final AtomicCounter regrouped;
    private final AtomicCounter schemaChanges;

    JdbcCounters(final AdapterContext context) {
        for (final Count count : Count.values()) {
            counters[count.ordinal()] = context.counter(count.counterName);
        }
        commits = context.counter("commits");
        rollbacks = context.counter("rollbacks");
        regrouped = context.counter("regrouped-batches");
        schemaChanges = context.counter("schema-changes");
    }

    void add(final Count count, final long amount) {
        pending[count.ordinal()] += amount;
    }

    void committed() {
        for (int i = 0; i < pending.length; i++) {
            if (pending[i] != 0) {
                counters[i].getAndAdd(pending[i]);
                pending[i] = 0;
            }
        }
        commits.increment();
    }

    void rolledBack() {
        Arrays.fill(pending, 0);
        rollbacks.increment();
    }

    /** A batch failed with its statements grouped, and went through in the order of its events. */
    void regrouped() {
        regrouped.increment();
    }

    void schemaChanged() {
        schemaChanges.increment();
    }
}
