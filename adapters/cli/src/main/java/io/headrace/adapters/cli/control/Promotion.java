package io.headrace.adapters.cli.control;

import java.time.Duration;

/** Makes the service the leader. Called on the thread of a request, which waits. */
@FunctionalInterface
public interface Promotion {
    /**
     * Makes a replica the leader.
     *
     * @param force   whether also without the leader's consent.
     * @param timeout how long to wait for the leader, and until what it has is recorded here.
     * @return what came of it, in a sentence.
     * @throws RuntimeException     with the reason and a remedy, when the service remains what it was.
     * @throws InterruptedException when the waiting thread is interrupted.
     */
    String promote(boolean force, Duration timeout) throws InterruptedException;
}
