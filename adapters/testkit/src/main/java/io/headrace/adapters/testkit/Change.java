package io.headrace.adapters.testkit;

/**
 * What the sink contract follows from the event to the target.
 *
 * @param key    the event's key.
 * @param number tells this change from all others of a test; grows in the order of delivery.
 */
public record Change(String key, long number) {
}
