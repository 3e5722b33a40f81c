package io.headrace.bus.adapter;

/**
 * Takes changes from an operational system and publishes them. A source owns its I/O threads; it reports failures
 * through its {@link AdapterContext#health() health} and goes on trying, rather than throwing at the service.
 */
public interface Source extends AutoCloseable {
    /**
     * Starts the source's own threads and returns at once; connecting happens on them. Called once, by the service's
     * starting thread, after every sink is subscribed.
     */
    void start();

    /**
     * Publishes nothing more, but goes on confirming to the origin what is finished, until {@link #close()}. Called
     * once, by the service's stopping thread, before it lets the bus drain. Returns when nothing more will be
     * published. A source whose origin keeps no position need not do anything here.
     */
    default void quiesce() {
    }

    /**
     * Stops taking changes, tells the origin what has been {@link SourceContext#finishedSequence() finished} where
     * it keeps a position, and waits a bounded time for the source's threads. Called once, by the service's stopping
     * thread, also when {@link #start()} was not.
     */
    @Override
    void close();
}
