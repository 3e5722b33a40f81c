package io.headrace.perf;

import io.headrace.perf.postgres.PgOutputDecodeBenchmark;
import io.headrace.perf.ring.PublishToHandlerBenchmark;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

import java.util.Collection;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Runs every hot path's benchmark for a moment: none may allocate. It measures no time. */
class AllocationSmokeTest {
    /** Every benchmark of a path on which nothing may be allocated. */
    private static final List<Class<?>> HOT_PATHS = List.of(
        PublishToHandlerBenchmark.class, PgOutputDecodeBenchmark.class);

    /**
     * An object takes 16 bytes at least. JMH's own harness leaves some kilobytes in each iteration, which on a machine
     * that is busy with other things, and gets few events done, come to a byte or two for each.
     */
    private static final double MAX_BYTES_PER_EVENT = 4;

    @Test
    void shouldAllocateNothingOnTheHotPaths() throws RunnerException {
        final ChainedOptionsBuilder options = new OptionsBuilder()
            .warmupIterations(2).warmupTime(TimeValue.seconds(1))
            .measurementIterations(2).measurementTime(TimeValue.seconds(1))
            .forks(1)
            .verbosity(VerboseMode.SILENT)
            .addProfiler(GCProfiler.class);
        HOT_PATHS.forEach(benchmark -> options.include(benchmark.getSimpleName()));
        final Collection<RunResult> results = new Runner(options.build()).run();
        assertFalse(results.isEmpty());
        for (final RunResult result : results) {
            final double bytesPerEvent = result.getSecondaryResults().get("gc.alloc.rate.norm").getScore();
            System.out.printf("%s: %.4f B/op%n", result.getParams().getBenchmark(), bytesPerEvent);
            assertTrue(bytesPerEvent < MAX_BYTES_PER_EVENT,
                result.getParams().getBenchmark() + " allocates " + bytesPerEvent + " bytes for each event");
        }
    }
}
