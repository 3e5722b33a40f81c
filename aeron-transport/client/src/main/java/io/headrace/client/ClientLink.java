package io.headrace.client;

/** What the client's thread gives a turn. */
interface ClientLink {
    /** {@return the amount of work done in one turn of the client's thread} */
    int turn();

    /**
     * Ends it, with the client: the client's thread gives no more turns.
     *
     * @return false when the application's thread does not let go of it, so that its memory must stay.
     */
    boolean end();
}
