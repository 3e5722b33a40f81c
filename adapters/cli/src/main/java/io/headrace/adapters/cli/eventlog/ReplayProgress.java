package io.headrace.adapters.cli.eventlog;

/** Is told how far a replay is. Called by the thread that replays. */
@FunctionalInterface
public interface ReplayProgress {
    /**
     * Some events more are delivered, or counted.
     *
     * @param eventCount how many by now.
     * @param sequence   of the last one.
     * @param timeNs     when that was published, since the Unix epoch.
     */
    void onEvents(long eventCount, long sequence, long timeNs);
}
