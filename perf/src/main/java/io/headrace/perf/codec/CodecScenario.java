package io.headrace.perf.codec;

import io.headrace.perf.rig.Arm;
import io.headrace.perf.rig.ArmRun;
import io.headrace.perf.rig.Comparison;
import io.headrace.perf.rig.Metric;
import io.headrace.perf.rig.Scenario;
import io.headrace.perf.rig.Settings;

import java.io.IOException;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** S12: what it costs to make an event of a row and to read it again. */
public final class CodecScenario implements Scenario {
    private static final int ROWS = 512;

    @Override
    public String id() {
        return "S12";
    }

    @Override
    public String question() {
        return "What do a row to an event and an event to all its values cost, in nanoseconds and bytes, beside "
            + "protobuf, Avro and Jackson?";
    }

    @Override
    public List<Comparison> comparisons(final Settings settings) {
        return List.of(new Comparison("row of 6 columns", "one thread, 12 values, texts read as strings",
            List.of(
                Arm.baseline("protobuf", run -> measure(run, ProtobufCodec::new)),
                Arm.subject("headrace", run -> measure(run, HeadraceCodec::new)),
                Arm.peer("avro", run -> measure(run, AvroCodec::new)),
                Arm.peer("jackson", run -> measure(run, JacksonCodec::new))),
            List.of(Metric.less("encode", "ns"), Metric.less("decode", "ns"), Metric.less("length", "bytes"))));
    }

    /** Both ways in turn, so that the compiler sees the same mixture from beginning to end. */
    private static void measure(final ArmRun run, final IntFunction<RowCodec> factory) throws IOException {
        final RowCodec codec = factory.apply(ROWS);
        final Row[] rows = IntStream.range(0, ROWS).mapToObj(Row::of).toArray(Row[]::new);
        pass(codec, rows, run.settings().seconds(0.4, 5));
        final long[] sums = pass(codec, rows, run.settings().seconds(0.4, 10));
        run.metric("encode", sums[0] / (double)sums[3]);
        run.metric("decode", sums[1] / (double)sums[3]);
        run.metric("length", sums[2] / (double)sums[3]);
        run.count("events", sums[3]);
        if (sums[4] != 0) {
            run.fail(sums[4] + " of " + sums[3] + " rows were not read as they were written");
        }
    }

    /** Nanoseconds for encoding, for decoding, bytes, events, and how many of those were wrong. */
    private static long[] pass(final RowCodec codec, final Row[] rows, final double seconds) throws IOException {
        final long endNs = System.nanoTime() + (long)(seconds * 1e9);
        final long[] digests = new long[rows.length];
        for (int i = 0; i < rows.length; i++) {
            digests[i] = rows[i].digest();
        }
        long encodeNs = 0;
        long decodeNs = 0;
        long bytes = 0;
        long events = 0;
        long wrong = 0;
        while (System.nanoTime() < endNs) {
            final long startNs = System.nanoTime();
            for (int i = 0; i < rows.length; i++) {
                bytes += codec.encode(i, rows[i]);
            }
            final long encodedNs = System.nanoTime();
            for (int i = 0; i < rows.length; i++) {
                wrong += codec.decode(i) == digests[i] ? 0 : 1;
            }
            decodeNs += System.nanoTime() - encodedNs;
            encodeNs += encodedNs - startNs;
            events += rows.length;
        }
        return new long[] {encodeNs, decodeNs, bytes, events, wrong};
    }
}
