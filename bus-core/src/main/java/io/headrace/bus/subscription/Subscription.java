package io.headrace.bus.subscription;

import io.headrace.bus.latency.FlowLatency;

/** A named reader with a position. Safe for use by any thread. */
public interface Subscription extends AutoCloseable {
    /** {@return the name, unique on its bus} */
    String name();

    /**
     * How far it has come.
     *
     * @return the sequence up to and including which it has finished every event that it selects.
     */
    long position();

    /** {@return whether publishers and sources wait for it, so that it loses nothing} */
    boolean lossless();

    /** {@return whether any part of it has stopped for good} */
    boolean stopped();

    /**
     * Whether nothing up to a sequence is still on its way to it. What has stopped for good holds no publisher back and
     * is not waited for, though its position still counts.
     *
     * @param sequence up to which.
     * @return true when everything of it that still works has finished that far.
     */
    boolean drained(long sequence);

    /** {@return how it is} */
    SubscriptionStatus status();

    /** {@return the latency of what it has finished} */
    FlowLatency latency();

    /**
     * Ends it: its threads finish or give up what they have in hand, and its gates leave the ring. Events not
     * finished by then are not delivered. Closing again does nothing.
     */
    @Override
    void close();
}
