package io.headrace.adapters.cli.eventlog;

/**
 * What a replay did. Immutable.
 *
 * @param outcome       how it ended.
 * @param reason        why it stopped; empty when it reached its end.
 * @param eventCount    events delivered, or in a dry run those that would be.
 * @param leftOutCount  events left out because the sink can never take them.
 * @param retryCount    attempts after a failure that passed.
 * @param firstSequence of the first event, -1 without one.
 * @param firstTimeNs   when that was published, since the Unix epoch; 0 without one.
 * @param lastSequence  of the last event, -1 without one.
 * @param lastTimeNs    when that was published, since the Unix epoch; 0 without one.
 * @param nextSequence  where a further replay goes on; -1 when it is where this one began.
 */
public record ReplayResult(
    Outcome outcome,
    String reason,
    long eventCount,
    long leftOutCount,
    long retryCount,
    long firstSequence,
    long firstTimeNs,
    long lastSequence,
    long lastTimeNs,
    long nextSequence) {
    /** How a replay ended. */
    public enum Outcome {
        /** It reached its end. */
        COMPLETE,
        /** Somebody asked it to stop. */
        INTERRUPTED,
        /** The sink could not go on. */
        FAILED
    }
}
