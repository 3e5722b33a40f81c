package io.headrace.bus.delivery;

import io.headrace.bus.monitor.Counters;
import org.agrona.concurrent.status.AtomicCounter;

/**
 * What is counted about the deliveries of one subscription, over all its lanes.
 *
 * @param deliveredEvents finished events.
 * @param batches         finished batches.
 * @param retries         attempts after a retriable failure.
 * @param poisonEvents    events left out as poison.
 */
public record DeliveryCounters(
    AtomicCounter deliveredEvents, AtomicCounter batches, AtomicCounter retries, AtomicCounter poisonEvents) {

    /**
     * Makes the counters {@code PREFIX.delivered-events} and so on.
     *
     * @param counters where they are kept.
     * @param prefix   of their names.
     * @return the counters.
     */
    public static DeliveryCounters of(final Counters counters, final String prefix) {
        return new DeliveryCounters(
            counters.counter(prefix + ".delivered-events"),
            counters.counter(prefix + ".delivered-batches"),
            counters.counter(prefix + ".retries"),
            counters.counter(prefix + ".poison-events"));
    }
}
