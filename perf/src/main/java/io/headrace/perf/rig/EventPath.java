package io.headrace.perf.rig;

import java.util.List;

/** The sending thread: what carries events from it to the receivers. */
public interface EventPath extends AutoCloseable {
    /** The least payload: the number and the two times. */
    int MIN_PAYLOAD_BYTES = 3 * Long.BYTES;

    /**
     * Sends one event; waits for room as long as it takes.
     *
     * @param number     of the event.
     * @param intendedNs when the schedule wanted it sent.
     * @param sentNs     now.
     */
    void send(long number, long intendedNs, long sentNs);

    @Override
    void close();

    /** Makes a path; each receiver gets every event, on a thread of the path's own. */
    @FunctionalInterface
    interface Factory {
        /**
         * Makes it.
         *
         * @param receivers    of the events.
         * @param payloadBytes of each event.
         * @param waitProfile  how threads wait.
         * @return the path, ready.
         * @throws Exception when it cannot be made.
         */
        EventPath open(List<Receiver> receivers, int payloadBytes, String waitProfile) throws Exception;
    }
}
