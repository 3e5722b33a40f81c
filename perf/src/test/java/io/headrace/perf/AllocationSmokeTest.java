package io.headrace.perf;

import io.headrace.perf.log.LogReadBenchmark;
import io.headrace.perf.log.PublishToRecordedBenchmark;
import io.headrace.perf.postgres.PgOutputDecodeBenchmark;
import io.headrace.perf.publish.MessageIdWindowBenchmark;
import io.headrace.perf.ring.AllocatingBenchmark;
import io.headrace.perf.ring.BatchReadBenchmark;
import io.headrace.perf.ring.PublishToHandlerBenchmark;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Runs every hot path's benchmark for a moment: none may allocate. It measures no time.
 *
 * <p>Only the benchmark's own thread counts, in its best iteration (see {@link WorkerAllocationProfiler}), so no other
 * thread makes the test fail. Nor does a machine on which the compiler gets no turn: what a loop's iterator allocates
 * until its method is compiled is why Aeron's driver, invoked on the benchmark's thread, comes to 70 bytes for an event
 * at first. So the benchmark's thread waits for the compiler, and the warm-up ends with compiled code.
 */
class AllocationSmokeTest {
    /** Benchmarks of paths on which nothing may be allocated for an event, and their methods where not all are such. */
    private static final List<String> HOT_PATHS = List.of(
        PublishToHandlerBenchmark.class.getSimpleName(),
        PgOutputDecodeBenchmark.class.getSimpleName(),
        MessageIdWindowBenchmark.class.getSimpleName(),
        BatchReadBenchmark.class.getSimpleName(),
        LogReadBenchmark.class.getSimpleName() + ".nextRecord",
        PublishToRecordedBenchmark.class.getSimpleName());

    private static final TimeValue ITERATION = TimeValue.milliseconds(500);
    private static final int WARM_UPS = 2;
    private static final int ITERATIONS = 4;

    /** An object takes 16 bytes at least: one in 160 events is found, and far below one for each. */
    private static final double MAX_BYTES_PER_EVENT = 0.1;

    /** For a path that calls a sink, which costs some hundred bytes for each batch of 1024 events. */
    private static final double MAX_BYTES_PER_DELIVERED_EVENT = 1;

    /**
     * What may be allocated on the benchmark's thread in an iteration, however many events it has: half a kilobyte by
     * the harness, up to 20 kB by what the event log does by the clock. An object for each event exceeds it from 4,500
     * events on; the slowest path has some 100,000 in an iteration, and less only where there is no time for it: there
     * the test rather finds less than raises a false alarm.
     */
    private static final double ITERATION_BYTES = 64 * 1024;

    @Test
    void shouldAllocateNothingOnTheHotPaths() throws RunnerException {
        final long beginNs = System.nanoTime();
        final ChainedOptionsBuilder options = new OptionsBuilder()
            .warmupIterations(WARM_UPS).warmupTime(ITERATION)
            .measurementIterations(ITERATIONS).measurementTime(ITERATION)
            .forks(1).jvmArgsPrepend("-Xbatch")
            .verbosity(VerboseMode.SILENT)
            .addProfiler(WorkerAllocationProfiler.class);
        HOT_PATHS.forEach(options::include);
        options.include(AllocatingBenchmark.class.getSimpleName());
        final List<String> found = new ArrayList<>();
        int count = 0;
        for (final RunResult result : new Runner(options.build()).run()) {
            count++;
            System.out.printf("%s: %.4f B/op, %.0f bytes in an iteration of %.0f events%n", name(result),
                value(result, WorkerAllocationProfiler.BYTES_PER_OPERATION),
                value(result, WorkerAllocationProfiler.BYTES), value(result, WorkerAllocationProfiler.OPERATIONS));
            if (allocates(result)) {
                found.add(name(result));
            }
        }
        System.out.printf("Allocation of %d benchmarks: %.0f s, where two minutes are the most on a quiet machine%n",
            count, (System.nanoTime() - beginNs) / 1e9);
        assertTrue(count > HOT_PATHS.size(), "count=" + count);
        assertEquals(List.of("AllocatingBenchmark.allocateNowAndThen"), found, "what allocates, the fixture first");
    }

    private static boolean allocates(final RunResult result) {
        final double limit =
            name(result).endsWith(".publishAndDeliver") ? MAX_BYTES_PER_DELIVERED_EVENT : MAX_BYTES_PER_EVENT;
        return value(result, WorkerAllocationProfiler.BYTES) - ITERATION_BYTES
            > limit * value(result, WorkerAllocationProfiler.OPERATIONS);
    }

    private static String name(final RunResult result) {
        final String name = result.getParams().getBenchmark();
        return name.substring(name.lastIndexOf('.', name.lastIndexOf('.') - 1) + 1);
    }

    private static double value(final RunResult result, final String name) {
        return result.getSecondaryResults().get(name).getScore();
    }
}
