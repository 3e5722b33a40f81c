package io.headrace.bus.delivery;

import io.headrace.bus.log.ControlAppender;
import io.headrace.bus.log.LogReader;
import io.headrace.bus.log.ParkedEvents;

import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Where the subscriptions of one bus park events: what they need of its event log.
 *
 * @param parkedEvents what is parked, as the log tells it.
 * @param appender     brings control messages into the log.
 * @param readers      makes readers of the log.
 * @param epochNs      the time since the Unix epoch.
 */
public record ParkingStore(
    ParkedEvents parkedEvents, ControlAppender appender, Supplier<LogReader> readers, LongSupplier epochNs) {
}
