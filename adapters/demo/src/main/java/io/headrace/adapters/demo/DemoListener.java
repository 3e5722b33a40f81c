package io.headrace.adapters.demo;

import io.headrace.bus.service.ServiceStatus;

import java.util.function.Supplier;

/** Is told how the demonstration goes. Called by the thread that runs it, which waits meanwhile. */
public interface DemoListener {
    /**
     * A step begins, or there is news of it.
     *
     * @param step   the step.
     * @param detail one line for a person.
     */
    void onStep(DemoStep step, String detail);

    /**
     * The loads begin.
     *
     * @param status tells how the service is; safe for any thread until the loads have ended, and after.
     */
    void onLoadStarted(Supplier<ServiceStatus> status);

    /** The loads have ended. Also called when they failed, but only after {@link #onLoadStarted}. */
    void onLoadEnded();
}
