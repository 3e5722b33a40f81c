package io.headrace.bus.link;

/**
 * How one link is. Immutable.
 *
 * @param name         of the other process, as it named itself.
 * @param kind         what it does: {@code publisher}, {@code subscriber} or {@code replica}.
 * @param from         its address, or {@code ipc}.
 * @param state        {@code live}, {@code catching up}, or what it waits for.
 * @param position     the last sequence sent to it, or recorded by it where it is a replica; -1 for none.
 * @param lag          how many sequences of what is recorded it does not have.
 * @param eventCount   how many events went over it.
 * @param refusedCount how many messages were refused.
 */
public record LinkStatus(
    String name, String kind, String from, String state, long position, long lag, long eventCount,
    long refusedCount) {
}
