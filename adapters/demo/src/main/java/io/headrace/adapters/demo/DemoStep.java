package io.headrace.adapters.demo;

/** What the demonstration is doing, in this order. Constants only: for any thread. */
public enum DemoStep {
    /** The two PostgreSQL servers and the broker start, and the ERP is filled. */
    SERVERS("Starting servers"),
    /** The service starts from its generated configuration. */
    SERVICE("Starting the service"),
    /** The rows that were there before come first. */
    SNAPSHOT("Snapshot"),
    /** The loads run. */
    LOAD("Running"),
    /** The loads have ended; what is under way arrives. */
    DRAIN("Draining"),
    /** What arrived is compared with what was sent. */
    COMPARE("Comparing"),
    /** Everything is stopped and removed. */
    CLEANUP("Stopping servers");

    private final String title;

    DemoStep(final String title) {
        this.title = title;
    }

    /** {@return what to call it} */
    public String title() {
        return title;
    }
}
