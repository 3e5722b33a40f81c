package io.headrace.client;

import io.headrace.codecs.EventView;

/** Takes the events of a subscription, on the thread that polls it. */
@FunctionalInterface
public interface EventHandler {
    /**
     * One event, in the order of the bus.
     *
     * @param event to be read until this returns; its bytes are overwritten then. When this throws, the exception
     *              leaves the poll, and the same event comes again with the next one.
     */
    void onEvent(EventView event);
}
