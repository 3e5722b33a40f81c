package io.headrace.bus.adapter;

/** Where an adapter or a subscription says how it is. Safe for use by any thread; the last call wins. */
public interface Health {
    /** How something is, from best to worst. */
    enum State {
        /** Begun, not yet working. */
        STARTING,
        /** Working. */
        UP,
        /** Working, but a person should look at it. */
        DEGRADED,
        /** Not working now, and trying again by itself. */
        DOWN,
        /** Not working, and it will not try again: a person must act. */
        FAILED
    }

    /** Working as it should. */
    void up();

    /**
     * Working, but a person should look at it.
     *
     * @param reason what is wrong and what would mend it, in one sentence.
     */
    void degraded(String reason);

    /**
     * Not working now, and trying again by itself.
     *
     * @param reason what is wrong and what would mend it, in one sentence.
     */
    void down(String reason);

    /**
     * Not working, and it will not try again. Later calls change nothing any more.
     *
     * @param reason what is wrong and what would mend it, in one sentence.
     */
    void failed(String reason);

    /**
     * The last state given.
     *
     * @return the state.
     */
    State state();

    /**
     * The reason given with the last state.
     *
     * @return the reason, empty for {@link State#STARTING} and {@link State#UP}.
     */
    String reason();
}
