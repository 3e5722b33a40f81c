package io.headrace.bus.link;

/** Follows a leader's recording. Made and closed by the service; the rest is for any thread. */
public interface LeaderLink extends AutoCloseable {
    /**
     * Asks the leader to take no more events; {@link Follower#onSteppedDown(long)} is the answer.
     *
     * @param epoch under which this replica will lead.
     */
    void requestStepDown(long epoch);

    /** Asks no more, neither this leader nor another one that the link finds later. An answer may still come. */
    void withdrawStepDown();

    /** Ends the link. */
    @Override
    void close();
}
