package io.headrace.perf;

import io.headrace.perf.postgres.PgOutputDecodeBenchmark;
import io.headrace.perf.ring.IdleBusBenchmark;
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
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertTrue;

/** Runs every hot path's benchmark for a moment: none may allocate. It measures no time. */
class AllocationSmokeTest {
    /** Every benchmark of a path on which nothing may be allocated. */
    private static final List<Class<?>> HOT_PATHS = List.of(
        PublishToHandlerBenchmark.class, PgOutputDecodeBenchmark.class);

    private static final TimeValue ITERATION = TimeValue.seconds(1);

    /** An object takes 16 bytes at least: one for each 160 events is found. */
    private static final double MAX_BYTES_PER_EVENT = 0.1;

    /**
     * What may differ between two iterations in which nothing of ours is allocated: the harness's own lists and
     * strings. One object for each event comes to a hundred times that, even where the machine is busy.
     */
    private static final double HARNESS_BYTES = 64 * 1024;

    @Test
    void shouldAllocateNothingOnTheHotPaths() throws RunnerException {
        final ChainedOptionsBuilder options = new OptionsBuilder()
            .warmupIterations(2).warmupTime(ITERATION)
            .measurementIterations(2).measurementTime(ITERATION)
            .forks(1)
            .verbosity(VerboseMode.SILENT)
            .addProfiler(GCProfiler.class);
        HOT_PATHS.forEach(benchmark -> options.include(benchmark.getSimpleName()));
        options.include(IdleBusBenchmark.class.getSimpleName());
        final Collection<RunResult> results = new Runner(options.build()).run();
        final double idleBytes = results.stream()
            .filter(AllocationSmokeTest::isIdle).mapToDouble(AllocationSmokeTest::bytesInIteration).max().orElseThrow();
        assertTrue(results.stream().filter(result -> !isIdle(result)).count() >= HOT_PATHS.size());
        for (final RunResult result : results) {
            final double events = eventsInIteration(result);
            final double excessBytes = bytesInIteration(result) - idleBytes - HARNESS_BYTES;
            System.out.printf("%s: %.4f B/op, %.0f bytes in an iteration of %.0f events%n",
                result.getParams().getBenchmark(), bytesPerEvent(result), bytesInIteration(result), events);
            assertTrue(excessBytes < MAX_BYTES_PER_EVENT * events, result.getParams().getBenchmark() + " allocates "
                + bytesInIteration(result) + " bytes for " + events + " events, an idle bus " + idleBytes);
        }
    }

    private static boolean isIdle(final RunResult result) {
        return result.getParams().getBenchmark().contains(IdleBusBenchmark.class.getSimpleName());
    }

    private static double bytesPerEvent(final RunResult result) {
        return result.getSecondaryResults().get("gc.alloc.rate.norm").getScore();
    }

    private static double eventsInIteration(final RunResult result) {
        return ITERATION.convertTo(TimeUnit.NANOSECONDS) / result.getPrimaryResult().getScore();
    }

    private static double bytesInIteration(final RunResult result) {
        return bytesPerEvent(result) * eventsInIteration(result);
    }
}
