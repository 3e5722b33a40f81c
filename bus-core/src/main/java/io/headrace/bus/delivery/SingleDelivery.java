package io.headrace.bus.delivery;

import io.headrace.bus.adapter.DeliveryException;
import io.headrace.bus.adapter.EventBatch;

/** Gives a batch of one event to the sink, with the retries of the flow. Owned by the lane's thread. */
@FunctionalInterface
interface SingleDelivery {
    /**
     * Returns when the sink has finished the event.
     *
     * @throws DeliveryException    when it is poison.
     * @throws FlowStoppedException when the flow cannot go on.
     * @throws InterruptedException when the thread was interrupted.
     */
    void deliver(EventBatch single) throws DeliveryException, FlowStoppedException, InterruptedException;
}
