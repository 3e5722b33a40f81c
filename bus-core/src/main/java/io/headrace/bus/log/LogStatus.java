package io.headrace.bus.log;

import io.headrace.bus.adapter.Health;

/**
 * How the event log of a running bus is, for people to look at.
 *
 * @param log              the log.
 * @param health           how it is.
 * @param reason           why, empty when it is well.
 * @param recordedSequence up to where events are recorded, in slots.
 * @param lagSlots         how many slots it is behind the publishers.
 */
public record LogStatus(
    LogDescription log, Health.State health, String reason, long recordedSequence, long lagSlots) {
}
