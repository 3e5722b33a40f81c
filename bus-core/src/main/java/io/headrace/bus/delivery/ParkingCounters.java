package io.headrace.bus.delivery;

import io.headrace.bus.monitor.Counters;
import org.agrona.concurrent.status.AtomicCounter;

/**
 * What is counted about the parked events of one subscription, over all its lanes.
 *
 * @param parkedEvents  how many are parked now.
 * @param parkedTotal   how many were parked by this process, those held back among them.
 * @param heldBack      how many of these only because an earlier event of their key was parked.
 * @param replayed      how many the sink has taken after all.
 * @param dropped       how many were given up.
 * @param replayFailures how many replays the sink refused again.
 */
record ParkingCounters(
    AtomicCounter parkedEvents,
    AtomicCounter parkedTotal,
    AtomicCounter heldBack,
    AtomicCounter replayed,
    AtomicCounter dropped,
    AtomicCounter replayFailures) {

    static ParkingCounters of(final Counters counters, final String prefix) {
        return new ParkingCounters(
            counters.counter(prefix + ".parked-events"),
            counters.counter(prefix + ".parked-total"),
            counters.counter(prefix + ".parked-held-back"),
            counters.counter(prefix + ".parked-replayed"),
            counters.counter(prefix + ".parked-dropped"),
            counters.counter(prefix + ".parked-replay-failures"));
    }
}
