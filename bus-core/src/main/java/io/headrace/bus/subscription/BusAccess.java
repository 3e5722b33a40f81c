package io.headrace.bus.subscription;

import io.headrace.bus.AgentHost;
import io.headrace.bus.delivery.ParkingStore;
import io.headrace.bus.log.LogAccess;
import io.headrace.bus.monitor.BusClock;
import io.headrace.bus.monitor.Counters;
import io.headrace.bus.ring.Ring;
import io.headrace.bus.ring.WaitProfile;

/**
 * What a subscription needs of its bus.
 *
 * @param ring        to read.
 * @param log         to read from when it is behind; null on a bus without one.
 * @param parking     where it parks events; null on a bus without a log.
 * @param waitProfile how its threads wait.
 * @param clock       of the bus.
 * @param counters    of the bus.
 * @param agents      gives its lanes their turns.
 */
public record BusAccess(
    Ring ring,
    LogAccess log,
    ParkingStore parking,
    WaitProfile waitProfile,
    BusClock clock,
    Counters counters,
    AgentHost agents) {
}
