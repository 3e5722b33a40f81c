package io.headrace.client.link;

import io.headrace.codecs.sbe.link.BusRole;

/**
 * What a service said when it opened a link. Immutable.
 *
 * @param service       its name.
 * @param address       where it was reached, {@code host:port} or {@code ipc}.
 * @param busRole       what it was then.
 * @param logId         of its log; 0 on a bus without one.
 * @param epoch         of its log.
 * @param nextSequence  the sequence that its next event would have had.
 * @param maxEventBytes the longest event that it takes.
 * @param slotBytes     size of its ring's slots.
 */
public record LinkWelcome(
    String service,
    String address,
    BusRole busRole,
    long logId,
    long epoch,
    long nextSequence,
    int maxEventBytes,
    int slotBytes) {
}
