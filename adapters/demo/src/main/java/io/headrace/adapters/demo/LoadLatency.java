package io.headrace.adapters.demo;

import io.headrace.bus.latency.LatencySummary;
import io.headrace.bus.latency.Stage;
import org.HdrHistogram.Histogram;

import java.util.Map;

/**
 * The latencies from some moment on. What comes before is left out: the rows of the snapshot, which come all at once
 * and wait for each other, and events that met code which the JVM had not compiled yet; they would make up the upper
 * percentiles of a short run. Owned by the thread that runs the demonstration.
 */
final class LoadLatency {
    private final Map<String, Map<Stage, Histogram>> before;

    /** What was recorded up to now does not count. */
    LoadLatency(final DemoService service) throws InterruptedException {
        before = service.latencies();
    }

    /** What was recorded since; after the service has stopped, which takes what was recorded last. */
    Map<String, Map<Stage, LatencySummary>> summaries(final DemoService service) throws InterruptedException {
        final FlowHistograms since = new FlowHistograms();
        since.add(service.latencies());
        since.subtract(before);
        return since.summaries();
    }
}
