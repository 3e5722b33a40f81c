package io.headrace.perf.publish;

import io.headrace.bus.publish.MessageIdWindow;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

import java.util.concurrent.TimeUnit;

/** The window by which repeated messages are recognised, full, with ids as long as a UUID. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED")
public class MessageIdWindowBenchmark {
    private static final int ID_BYTES = 16;
    /** Odd, so that all ids of the window come, and none soon after its neighbour. */
    private static final int STRIDE = 40_503;

    private final UnsafeBuffer id = new UnsafeBuffer(new byte[ID_BYTES]);
    private final MessageIdWindow window = new MessageIdWindow(MessageIdWindow.DEFAULT_CAPACITY);
    private long next;
    private int repeated;

    /** Fills the window. */
    @Setup
    public void fill() {
        for (int i = 0; i < window.capacity(); i++) {
            addNewId();
        }
    }

    /**
     * An id that was never seen; the oldest one goes.
     *
     * @return whether it was taken for a new one.
     */
    @Benchmark
    public boolean addNewId() {
        id.putLong(Long.BYTES, next++);
        return window.addIfAbsent(id, 0, ID_BYTES);
    }

    /**
     * An id from anywhere in the window.
     *
     * @return whether it was taken for a new one.
     */
    @Benchmark
    public boolean findRepeatedId() {
        repeated = repeated + STRIDE & window.capacity() - 1;
        id.putLong(Long.BYTES, next - 1 - repeated);
        return window.addIfAbsent(id, 0, ID_BYTES);
    }
}
