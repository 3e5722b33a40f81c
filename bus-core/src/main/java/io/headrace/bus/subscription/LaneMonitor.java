package io.headrace.bus.subscription;

import io.headrace.bus.adapter.Health;
import io.headrace.bus.latency.StageRecorder;
import io.headrace.bus.monitor.BusClock;
import org.agrona.concurrent.status.AtomicCounter;

/**
 * With what a lane is watched.
 *
 * @param clock            of the bus.
 * @param health           of the subscription.
 * @param recorder         of the lane.
 * @param droppedEvents    of the subscription, events dropped or conflated away.
 * @param evictions        of the subscription, how often a lane left the ring for the log.
 * @param undecodableEvents of the subscription, what was published but is no event.
 * @param sinkIdleFailures of the subscription, failed calls of {@link io.headrace.bus.adapter.Sink#idle()}.
 */
record LaneMonitor(
    BusClock clock,
    Health health,
    StageRecorder recorder,
    AtomicCounter droppedEvents,
    AtomicCounter evictions,
    AtomicCounter undecodableEvents,
    AtomicCounter sinkIdleFailures) {
}
