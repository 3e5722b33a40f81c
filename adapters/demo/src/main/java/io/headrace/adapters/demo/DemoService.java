package io.headrace.adapters.demo;

import io.headrace.adapters.demo.DemoResult.KillResult;
import io.headrace.bus.latency.Stage;
import io.headrace.bus.service.ServiceStatus;
import org.HdrHistogram.Histogram;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The service between the systems at both ends, in this process or in one of its own. Owned by the thread that runs
 * the demonstration; {@link #status()} and {@link #abandon()} are for any.
 */
interface DemoService extends AutoCloseable {
    /** Starts it. */
    void start() throws IOException;

    /** Looks after it; to be called again and again while it is meant to run. */
    default void tend() throws IOException, InterruptedException {
    }

    /** {@return how it was when last looked at} */
    ServiceStatus status();

    /** {@return the latencies of everything since the first start, by flow and stage} */
    Map<String, Map<Stage, Histogram>> latencies() throws InterruptedException;

    /** Begins to kill it, where that is asked for: the loads have begun. */
    default void beginKills() {
    }

    /** No further kill. */
    default void endKills() {
    }

    /** {@return the kills so far} */
    default List<KillResult> kills() {
        return List.of();
    }

    /** {@return lines for a person about what has happened since the last call} */
    default List<String> takeNews() {
        return List.of();
    }

    /** {@return what went wrong with it as a whole, rather than with one of its flows} */
    default List<String> failures() {
        return List.of();
    }

    /**
     * Stops it in order.
     *
     * @param timeout how long the bus may drain.
     * @return whether everything published was finished.
     */
    boolean stop(Duration timeout) throws InterruptedException;

    /** Ends it at once, for a process that is about to end itself. */
    default void abandon() {
    }

    @Override
    void close();
}
