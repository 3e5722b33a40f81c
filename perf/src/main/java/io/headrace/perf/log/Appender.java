package io.headrace.perf.log;

import java.nio.file.Path;

/** The thread that measures: a log that takes events of {@link LoggedBus#EVENT_BYTES} and tells when it has them. */
interface Appender extends AutoCloseable {
    /** Makes a log. */
    @FunctionalInterface
    interface Factory {
        /**
         * Makes it.
         *
         * @param folder for its files, which the caller deletes.
         * @param sync   whether recorded means on the disk.
         * @return the log, ready.
         */
        Appender open(Path folder, boolean sync) throws Exception;
    }

    /**
     * Appends one event and waits until it is recorded.
     *
     * @return when that was, by the monotonic clock.
     */
    long append(long number) throws Exception;

    /** Appends events as fast as they go, and waits until all of them are recorded. */
    void appendAll(long count) throws Exception;

    /** Done again and again while nothing is to be appended. */
    void rest();

    @Override
    void close();
}
