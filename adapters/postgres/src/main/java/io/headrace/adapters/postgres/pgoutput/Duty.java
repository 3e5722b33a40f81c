package io.headrace.adapters.postgres.pgoutput;

/** What the source's thread must go on doing while it is busy with something that takes long. */
@FunctionalInterface
public interface Duty {
    /**
     * Tells the server that the source is alive, when it is time to. Cheap when it is not.
     *
     * @throws SourceStoppedException when the source is being closed.
     */
    void perform();
}
