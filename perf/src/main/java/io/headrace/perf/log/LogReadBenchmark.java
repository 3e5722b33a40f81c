package io.headrace.perf.log;

import io.headrace.bus.Bus;
import io.headrace.bus.log.LogReader;
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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The event log's reader: one record after the other, and going to a sequence. That is the look-up in the sparse index,
 * which knows a place about every mebibyte, a look at the segments, and the reading of what lies between the index's
 * place and the event: as {@link #seekNearTheIndex()} shows, mostly the last.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED")
public class LogReadBenchmark {
    private static final int EVENTS = 1 << 20;
    /** Odd, so that all sequences come. */
    private static final int STRIDE = 611_953;

    private Path folder;
    private Bus bus;
    private LogReader reader;
    private long beginPosition;
    private int place;

    /**
     * Writes a log of 170 MB, in two segments; the bus stays open, as it does for a flow that reads from the log.
     *
     * @throws IOException when there is no room for it.
     */
    @Setup
    public void write() throws IOException {
        folder = Files.createTempDirectory("headrace-benchmark");
        bus = LoggedBus.open(folder.resolve("log"), false, "eco");
        final LoggedBus.Sender sender = new LoggedBus.Sender(bus, "benchmark");
        for (int i = 0; i < EVENTS; i++) {
            sender.send(i, 0, 0);
        }
        while (bus.finishedSequence() < bus.claimedSequence()) {
            LockSupport.parkNanos(1);
        }
        reader = bus.newLogReader();
        reader.next();
        beginPosition = reader.position();
    }

    /**
     * Closes and deletes the log.
     *
     * @throws IOException when it cannot be deleted.
     */
    @TearDown
    public void close() throws IOException {
        reader.close();
        bus.close();
        LoggedBus.delete(folder);
    }

    /**
     * Reads the next record, with its checksum; behind the last comes the first.
     *
     * @return the record's sequence.
     */
    @Benchmark
    public long nextRecord() {
        if (!reader.next()) {
            reader.seekPosition(beginPosition);
            reader.next();
        }
        return reader.sequence();
    }

    /**
     * Goes to any sequence.
     *
     * @return where its record begins.
     */
    @Benchmark
    public long seekSequence() {
        place = place + STRIDE & EVENTS - 1;
        reader.seekSequence(place);
        return reader.nextPosition();
    }

    /**
     * Goes to the log's first sequence, to which nothing has to be read over.
     *
     * @return where its record begins.
     */
    @Benchmark
    public long seekNearTheIndex() {
        reader.seekSequence(0);
        return reader.nextPosition();
    }
}
