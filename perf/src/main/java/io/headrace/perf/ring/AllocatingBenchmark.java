package io.headrace.perf.ring;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

import java.util.concurrent.TimeUnit;

/** A fixture of the allocation's smoke test, which has to find it: one small object in 64 turns. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class AllocatingBenchmark {
    private static final int TURNS = 64;

    private int turn;
    private Object last = new Object();

    /**
     * Allocates now and then.
     *
     * @return what was allocated last.
     */
    @Benchmark
    public Object allocateNowAndThen() {
        if (++turn % TURNS == 0) {
            last = new Object();
        }
        return last;
    }
}
