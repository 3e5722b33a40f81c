package io.headrace.bus.subscription;

import io.headrace.codecs.EventView;

/** The consumer of a direct subscription. */
@FunctionalInterface
public interface EventHandler {
    /**
     * Handles one event in place, on the subscription's thread. While it runs it may hold publishers back, so it must
     * not block. What it throws is counted and logged, and the event counts as handled.
     *
     * @param event valid until this method returns.
     */
    void onEvent(EventView event);
}
