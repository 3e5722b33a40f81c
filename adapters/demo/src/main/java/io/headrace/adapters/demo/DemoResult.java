package io.headrace.adapters.demo;

import io.headrace.bus.latency.LatencySummary;
import io.headrace.bus.latency.Stage;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * What the demonstration found. Immutable.
 *
 * @param reasons      why the loads and the leader, or the only service, are not verified; empty when they are.
 * @param startedAt    when the servers began to start.
 * @param endedAt      when everything was compared.
 * @param environment  what it ran on, by name.
 * @param snapshotRows rows that were in the ERP before the service started.
 * @param loads        what was asked of the loads, and what they did.
 * @param hiccups      how late a thread of this process came that only slept for a millisecond at a time.
 * @param kills        of the service, in their order; none when it was not to be killed.
 * @param flows        what each flow was given and what arrived.
 * @param tables       the ERP's tables and their copies, row for row.
 * @param replicas     what each replica brought to targets of its own.
 */
public record DemoResult(
    List<String> reasons,
    Instant startedAt,
    Instant endedAt,
    Map<String, String> environment,
    long snapshotRows,
    List<LoadResult> loads,
    LatencySummary hiccups,
    List<KillResult> kills,
    List<FlowResult> flows,
    List<TableResult> tables,
    List<ReplicaResult> replicas) {

    /** {@return whether everything arrived exactly once and as it was sent, everywhere} */
    public boolean verified() {
        return allReasons().isEmpty();
    }

    /** {@return why it is not verified, with the replica's name where it is one's} */
    public List<String> allReasons() {
        return Stream.concat(reasons.stream(), replicas.stream().flatMap(
            replica -> replica.reasons().stream().map(reason -> replica.name() + ": " + reason))).toList();
    }

    /** {@return how often a service was killed, the leader's and the replicas' together} */
    public int killCount() {
        return kills.size() + replicas.stream().mapToInt(replica -> replica.kills().size()).sum();
    }

    /**
     * What a replica brought to targets of its own, compared with the same as the leader's.
     *
     * @param name    of the replica.
     * @param reasons why it is not verified; empty when it is.
     * @param kills   of its process, in their order.
     * @param flows   what each flow was given and what arrived.
     * @param tables  the ERP's tables and the replica's copies, row for row.
     */
    public record ReplicaResult(
        String name, List<String> reasons, List<KillResult> kills, List<FlowResult> flows, List<TableResult> tables) {
        /** {@return whether everything arrived exactly once and as it was sent} */
        public boolean verified() {
            return reasons.isEmpty();
        }
    }

    /**
     * A load.
     *
     * @param name             of the load.
     * @param askedPerSecond   the rate asked for.
     * @param reachedPerSecond the rate reached.
     * @param count            how many were sent, and confirmed by the system that took them.
     * @param rolledBack       how many more were rolled back, which nobody may ever see.
     * @param lateness         how long after its turn each was sent, in nanoseconds.
     */
    public record LoadResult(
        String name, double askedPerSecond, double reachedPerSecond, long count, long rolledBack,
        LatencySummary lateness) {
    }

    /**
     * A kill of the service (SIGKILL), after which it was started again at once.
     *
     * @param atNs       when, from the beginning of the loads on.
     * @param aliveNs    how long its process had been there.
     * @param recoveryNs from the kill until the next process said that it runs and that all sources are up; empty when
     *                   it was killed before that, or did not get there.
     */
    public record KillResult(long atNs, long aliveNs, OptionalLong recoveryNs) {
    }

    /**
     * A flow. What was published is what the loads know to be committed or confirmed; what was delivered is what was
     * found in the target. The two are matched by their identities.
     *
     * @param name        of the flow and of its sink.
     * @param published   changes or messages that the flow's sources took.
     * @param delivered   how often one of them, or anything else, was found in the target.
     * @param lost        published, and not found.
     * @param duplicates  found again after the first time.
     * @param redelivered received again under the same message id, which the receiver therefore dropped before anything
     *                    was counted; only for a target that everything is given to at least once.
     * @param unexpected  found, but never published.
     * @param differing   found, but with another content.
     * @param latency     by stage, in nanoseconds.
     */
    public record FlowResult(
        String name, long published, long delivered, long lost, long duplicates, long redelivered, long unexpected,
        long differing, Map<Stage, LatencySummary> latency) {
        /** {@return whether what arrived is what was sent} */
        boolean exact() {
            return lost == 0 && duplicates == 0 && unexpected == 0 && differing == 0;
        }
    }

    /**
     * A table of the ERP and its copy in the planning database, compared by key and in all columns.
     *
     * @param name        of the table.
     * @param sourceRows  in the ERP.
     * @param targetRows  in the planning database.
     * @param differences how many rows are missing, too many or different.
     * @param examples    the first of them.
     */
    public record TableResult(
        String name, long sourceRows, long targetRows, long differences, List<String> examples) {
    }
}
