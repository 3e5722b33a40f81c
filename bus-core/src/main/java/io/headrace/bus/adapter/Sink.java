package io.headrace.bus.adapter;

/**
 * Hands events to an operational system. Every method is called on the one thread of the lane that the sink was made
 * for, so a sink needs no synchronisation; it may block in I/O, as it holds no memory of the ring meanwhile.
 */
public interface Sink extends AutoCloseable {
    /**
     * Delivers a batch. When it returns, every event of the batch is finished: it is where a restart must not lose it.
     *
     * @param batch the events in order; valid until this method returns. It may be delivered again after a failure or
     *              a crash, so that applying an event twice must come to the same as once, or be recognised.
     * @throws DeliveryException    with its {@link FailureClass} when some or all of it could not be delivered.
     * @throws InterruptedException when the service stops and the sink's waiting was interrupted; treated as not
     *                              delivered.
     */
    void deliver(EventBatch batch) throws DeliveryException, InterruptedException;

    /**
     * Called about every 100 ms while there is nothing to deliver, for work that depends on time, as rotating a file.
     *
     * @throws DeliveryException when that work failed; it is counted and shown, and tried again with the next call.
     */
    default void idle() throws DeliveryException {
    }

    /** Releases what the sink holds. Called once, as the last call, also when nothing was ever delivered. */
    @Override
    void close();
}
