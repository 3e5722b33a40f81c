package io.headrace.bus.service;

import io.headrace.bus.log.EpochHistory;

/**
 * What a leader said to somebody who wants to follow it. Immutable.
 *
 * @param leader       which of the addresses.
 * @param epochs       of its log.
 * @param fromSequence the first that an event of its feed may have.
 * @param cutSequence  from which on the one who asked has what the leader has not; -1 when there is nothing.
 */
record LeaderAnswer(String leader, EpochHistory epochs, long fromSequence, long cutSequence) {
}
