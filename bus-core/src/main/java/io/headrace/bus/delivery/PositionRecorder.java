package io.headrace.bus.delivery;

/**
 * Records how far a subscription has finished, now and not at the next turn. An event must not be resolved in the log
 * before the position is past it: after a crash it would be delivered as if it had never been parked.
 */
@FunctionalInterface
public interface PositionRecorder {
    /**
     * Returns when the positions of the subscription's lanes, as they are now, are recorded.
     *
     * @throws InterruptedException when the thread was interrupted meanwhile.
     */
    void recordPosition() throws InterruptedException;
}
