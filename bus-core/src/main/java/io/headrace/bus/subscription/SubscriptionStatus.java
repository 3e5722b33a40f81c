package io.headrace.bus.subscription;

import io.headrace.bus.adapter.Health;
import io.headrace.bus.delivery.BreakerState;

import java.util.List;

/**
 * How a subscription is, for people to look at.
 *
 * @param name      of the subscription.
 * @param topics    what it selects.
 * @param lanes     how many workers it has.
 * @param whenFull  its policy; {@link WhenFull#BLOCK} for a direct subscription.
 * @param state     {@code live}, {@code evicted} (its sink is busy, and it left the ring), {@code catching up} (it
 *                  reads from the event log) or {@code stopped}.
 * @param health    how it is.
 * @param reason    why, empty when it is well.
 * @param position  the sequence up to which it has finished.
 * @param lagSlots  how many slots its slowest lane is behind the publishers.
 * @param delivered events finished.
 * @param dropped   events dropped or conflated away.
 * @param poison    events left out as poison.
 * @param retries   attempts after a retriable failure.
 * @param evictions how often a lane left the ring for the event log.
 * @param rejoins   how often a lane came back into the ring.
 * @param parked    events that are parked now.
 * @param breaker   how its circuit breaker is.
 */
public record SubscriptionStatus(
    String name,
    List<String> topics,
    int lanes,
    WhenFull whenFull,
    String state,
    Health.State health,
    String reason,
    long position,
    long lagSlots,
    long delivered,
    long dropped,
    long poison,
    long retries,
    long evictions,
    long rejoins,
    long parked,
    BreakerState breaker) {
}
