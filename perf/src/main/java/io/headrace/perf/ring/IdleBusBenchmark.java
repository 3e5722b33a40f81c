package io.headrace.perf.ring;

import io.headrace.bus.Bus;
import io.headrace.bus.BusContext;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

import java.util.concurrent.TimeUnit;

/**
 * A bus on which nothing happens, while the benchmark's thread works on something else: what the harness and the
 * bus's own conductor allocate in an iteration, to be taken off what a hot path seems to allocate.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED")
public class IdleBusBenchmark {
    private static final int TOKENS = 100;

    private Bus bus;

    /** Makes the bus. */
    @Setup
    public void open() {
        bus = new Bus(new BusContext());
    }

    /** Closes the bus. */
    @TearDown
    public void close() {
        bus.close();
    }

    /** Works without touching the bus. */
    @Benchmark
    public void workElsewhere() {
        Blackhole.consumeCPU(TOKENS);
    }
}
