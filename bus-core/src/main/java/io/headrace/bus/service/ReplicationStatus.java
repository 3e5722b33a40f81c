package io.headrace.bus.service;

import io.headrace.bus.adapter.Health;
import io.headrace.bus.link.BusRole;
import io.headrace.bus.link.LinkStatus;

import java.util.List;
import java.util.Optional;

/**
 * How a service stands to the other processes that share its bus. Immutable.
 *
 * @param role           of its bus.
 * @param state          in words: {@code leading}, {@code following}, {@code catching up 38 %},
 *                       {@code leader away 12 s}, {@code waiting for a leader}, {@code cutting}, {@code fenced}.
 * @param health         how that is.
 * @param reason         why, empty when it is well.
 * @param leader         whom it follows; empty for a leader, and before one was found.
 * @param leaderSequence up to where the leader's log was when it was last heard of; -1 for unknown.
 * @param lagSlots       how far the own log is behind that.
 * @param address        where it listens for links; empty when it does not.
 * @param links          those that are open.
 */
public record ReplicationStatus(
    BusRole role,
    String state,
    Health.State health,
    String reason,
    Optional<String> leader,
    long leaderSequence,
    long lagSlots,
    Optional<String> address,
    List<LinkStatus> links) {
    /** Of a service that leads, and that nobody can link to. */
    public static final ReplicationStatus ALONE = new ReplicationStatus(
        BusRole.LEADER, "leading", Health.State.UP, "", Optional.empty(), -1, 0, Optional.empty(), List.of());

    /** Copies the list. */
    public ReplicationStatus {
        links = List.copyOf(links);
    }
}
