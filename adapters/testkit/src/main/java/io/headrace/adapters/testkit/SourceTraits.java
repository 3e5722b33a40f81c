package io.headrace.adapters.testkit;

/**
 * What a source promises, and is held to.
 *
 * @param lossless   whether it waits for a bus that is full; if not, it drops and counts.
 * @param ordered    whether changes are published in the order in which the outside system made them.
 * @param positions  whether its events have source positions, which grow.
 * @param keys       whether its events have keys.
 * @param duplicates when a change may be published again.
 */
public record SourceTraits(
    boolean lossless, boolean ordered, boolean positions, boolean keys, Duplicates duplicates) {
    /** When a change may be published again; each includes those before it. */
    public enum Duplicates {
        /** Never. */
        NEVER,
        /** After the source was closed and a new one was started, what was not confirmed upstream before. */
        AFTER_RESTART,
        /** Also after the connection was lost. */
        AFTER_RECONNECT
    }
}
