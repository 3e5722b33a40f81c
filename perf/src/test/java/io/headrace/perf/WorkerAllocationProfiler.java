package io.headrace.perf;

import com.sun.management.ThreadMXBean;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ScalarResult;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * A JMH profiler, in the JVM of a benchmark: what the threads that run the benchmark allocate. JMH's own counts all
 * threads, so that the harness's, a bus's conductor's and whatever else happens in an iteration is in its figure. The
 * hot paths are stepped by the benchmark's thread, and it is enough to ask for that one.
 *
 * <p>The figures are those of the iteration that has the least: what is allocated for each event is in all of them,
 * while the start of the code, and its compilation again after an assumption that did not hold, are in some.
 */
public final class WorkerAllocationProfiler implements InternalProfiler {
    /** Bytes in an iteration. */
    static final String BYTES = "worker.bytes";
    /** Operations in an iteration. */
    static final String OPERATIONS = "worker.operations";
    /** Bytes for each operation. */
    static final String BYTES_PER_OPERATION = "worker.bytes.norm";

    private static final String WORKER = "-jmh-worker-";

    private final ThreadMXBean threads = (ThreadMXBean)ManagementFactory.getThreadMXBean();
    private final Map<Long, Long> before = new HashMap<>();

    @Override
    public String getDescription() {
        return "Allocation by the threads that run the benchmark";
    }

    @Override
    public void beforeIteration(final BenchmarkParams benchmark, final IterationParams iteration) {
        before.clear();
        workers().forEach(id -> before.put(id, threads.getThreadAllocatedBytes(id)));
    }

    @Override
    public Collection<? extends Result<?>> afterIteration(
        final BenchmarkParams benchmark, final IterationParams iteration, final IterationResult result) {
        // A worker that began with this iteration had allocated nothing before.
        final long bytes = workers()
            .map(id -> threads.getThreadAllocatedBytes(id) - before.getOrDefault(id, 0L)).sum();
        final long operations = Math.max(1, result.getMetadata().getAllOps());
        return List.of(
            new ScalarResult(BYTES, bytes, "B", AggregationPolicy.MIN),
            new ScalarResult(OPERATIONS, operations, "#", AggregationPolicy.MIN),
            new ScalarResult(BYTES_PER_OPERATION, bytes / (double)operations, "B/op", AggregationPolicy.MIN));
    }

    private LongStream workers() {
        return LongStream.of(threads.getAllThreadIds()).filter(id -> {
            final ThreadInfo thread = threads.getThreadInfo(id);
            return thread != null && thread.getThreadName().contains(WORKER);
        });
    }
}
