package io.headrace.bus.log;

/**
 * What was cut from the end of an event log.
 *
 * @param eventCount    how many events.
 * @param firstSequence of them; -1 when there were none.
 * @param lastSequence  of them; -1 when there were none.
 */
public record LogCut(long eventCount, long firstSequence, long lastSequence) {
}
