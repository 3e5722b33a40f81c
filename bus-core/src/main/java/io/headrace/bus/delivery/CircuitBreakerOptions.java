package io.headrace.bus.delivery;

import io.headrace.bus.adapter.Option;

import java.time.Duration;

/**
 * When a flow leaves its target alone for a while.
 *
 * @param failures in a row, of all its lanes.
 * @param delay    until one delivery is tried.
 */
public record CircuitBreakerOptions(
    @Option(value = "After how many retriable failures in a row, of all lanes together, the flow pauses.",
        defaultValue = "5", min = "1", max = "1000000") int failures,
    @Option(value = "How long the flow pauses before one delivery is tried: when that succeeds it goes on, otherwise it"
        + " pauses again.", defaultValue = "30s", min = "1ms", max = "1d") Duration delay) {
}
