package io.headrace.perf.postgres;

import io.headrace.adapters.postgres.pgoutput.Catalog;
import io.headrace.adapters.postgres.pgoutput.ChangePublisher;
import io.headrace.adapters.postgres.pgoutput.DecoderSettings;
import io.headrace.adapters.postgres.pgoutput.PgOutputDecoder;
import io.headrace.adapters.postgres.pgoutput.PgType;
import io.headrace.adapters.postgres.pgoutput.PublishCounters;
import io.headrace.bus.Bus;
import io.headrace.bus.BusContext;
import io.headrace.bus.subscription.DirectSubscription;
import io.headrace.bus.subscription.TopicSelector;
import org.agrona.concurrent.SystemEpochNanoClock;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * One thread decodes a message of the stream into the ring and handles the event: the cost of a row from the bytes of
 * {@code pgoutput} to a handler, without network and hand-over between threads, and its allocation.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED")
public class PgOutputDecodeBenchmark {
    private static final int RELATION_OID = 16_384;
    private static final String[] VALUES = {
        "4711", "hexagon bolt M8x40", "1234.567", "0.125", "2026-11-21 12:00:00.123456+00", "t"};

    private final UnsafeBuffer begin = new PgOutputBytes('B').int64(1).int64(0).int32(7).bytes();
    private final UnsafeBuffer commit = new PgOutputBytes('C').int8(0).int64(1).int64(2).int64(0).bytes();
    private final UnsafeBuffer insert =
        new PgOutputBytes('I').int32(RELATION_OID).tuple('N', VALUES).bytes();
    private final UnsafeBuffer update =
        new PgOutputBytes('U').int32(RELATION_OID).tuple('O', VALUES).tuple('N', VALUES).bytes();
    private Bus bus;
    private DirectSubscription subscription;
    private PgOutputDecoder decoder;
    private long commitLsn = 1;
    private long handled;

    /** Makes the bus, and a decoder that has seen the table and stands in a transaction. */
    @Setup
    public void open() {
        bus = new Bus(new BusContext());
        subscription = bus.addDirect("benchmark", TopicSelector.of("erp.*"), event -> handled += event.keyHash());
        final ChangePublisher publisher = new ChangePublisher(
            bus.newPublisher("erp"), "erp", () -> { }, PublishCounters.of(bus.counters()::counter),
            SystemEpochNanoClock.INSTANCE);
        final DecoderSettings settings = new DecoderSettings(
            "erp", List.of(), List.of(), "text/plain", "beat", Path.of(System.getProperty("java.io.tmpdir")), 1 << 20);
        decoder = new PgOutputDecoder(settings, new KeyOnly(), publisher, (lastSequence, endLsn) -> { }, () -> { });
        send(new PgOutputBytes('R').int32(RELATION_OID).text("public").text("stock").int8('f').int16(VALUES.length)
            .column("id", 20, true)
            .column("item", 25, false)
            .column("amount", 1700, false)
            .column("weight", 701, false)
            .column("at", 1184, false)
            .column("active", 16, false).bytes());
        send(begin);
    }

    /** Closes the bus. */
    @TearDown
    public void close() {
        decoder.close();
        bus.close();
    }

    private void send(final UnsafeBuffer message) {
        decoder.onMessage(message, 0, message.capacity(), commitLsn);
    }

    /**
     * An inserted row of six columns.
     *
     * @return something that depends on the handler.
     */
    @Benchmark
    public long insert() {
        send(insert);
        subscription.doWork();
        return handled;
    }

    /**
     * An updated row of six columns, with the whole row before it.
     *
     * @return something that depends on the handler.
     */
    @Benchmark
    public long updateWithBeforeImage() {
        send(update);
        subscription.doWork();
        return handled;
    }

    /**
     * A whole transaction: the row, and a mark before and behind it.
     *
     * @return something that depends on the handler.
     */
    @Benchmark
    public long transactionOfOneInsert() {
        send(commit);
        begin.putLong(1, ++commitLsn, ByteOrder.BIG_ENDIAN);
        send(begin);
        send(insert);
        subscription.doWork();
        return handled;
    }

    /** Knows the key, and needs no server: the table has built-in types only. */
    private static final class KeyOnly implements Catalog {
        @Override
        public PgType type(final int typeOid, final String streamName) {
            throw new IllegalStateException("typeOid=" + typeOid + " is not built in");
        }

        @Override
        public Set<String> primaryKey(final int relationOid) {
            return Set.of("id");
        }
    }
}
