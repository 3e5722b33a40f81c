package io.headrace.perf.rig;

/**
 * Immutable: what happened at one rate of a ladder.
 *
 * @param offeredPerSecond  by the schedule.
 * @param achievedPerSecond until the last receiver had the last event.
 * @param p50Us             of the response time.
 * @param p99Us             of the response time.
 * @param sustained         whether the rate was held.
 */
public record LadderStep(
    double offeredPerSecond, double achievedPerSecond, double p50Us, double p99Us, boolean sustained) {
}
