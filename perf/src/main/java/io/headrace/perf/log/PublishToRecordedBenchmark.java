package io.headrace.perf.log;

import io.headrace.bus.Bus;
import io.headrace.bus.BusContext;
import io.headrace.bus.log.EventLogContext;
import io.headrace.bus.log.EventLogs;
import org.agrona.concurrent.Agent;
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

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * One thread publishes an event and gives the log its turns until the event is recorded: the cost of the log's way
 * without any hand-over between threads, and its allocation.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED")
public class PublishToRecordedBenchmark {
    private static final long RETAINED_BYTES = 512L << 20;

    private Agent logAgent;
    private Path folder;
    private Bus bus;
    private LoggedBus.Sender sender;
    private long number;

    /**
     * Makes the bus, whose log the benchmark's thread steps; it is the first agent that a bus starts.
     *
     * @throws IOException when there is no room for the log.
     */
    @Setup
    public void open() throws IOException {
        folder = Files.createTempDirectory("headrace-benchmark");
        final EventLogContext log = new EventLogContext().folder(folder.resolve("log"))
            .retention(Optional.empty(), RETAINED_BYTES);
        bus = new Bus(new BusContext()
            .log(() -> EventLogs.provider().open(log))
            .agents((agent, idleStrategy, daemon, interruptAfterMs) -> {
                agent.onStart();
                logAgent = logAgent == null ? agent : logAgent;
                return agent::onClose;
            }));
        sender = new LoggedBus.Sender(bus, "benchmark");
    }

    /**
     * Closes the bus and deletes its log.
     *
     * @throws IOException when it cannot be deleted.
     */
    @TearDown
    public void close() throws IOException {
        bus.close();
        LoggedBus.delete(folder);
    }

    /**
     * Publishes one event.
     *
     * @return its sequence.
     * @throws Exception when the log fails.
     */
    @Benchmark
    public long publishAndRecord() throws Exception {
        final long sequence = sender.send(number++, 0, 0);
        while (bus.finishedSequence() < sequence) {
            logAgent.doWork();
        }
        return sequence;
    }
}
