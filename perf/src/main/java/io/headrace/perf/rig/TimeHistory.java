package io.headrace.perf.rig;

import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.HdrHistogram.HistogramLogWriter;

import java.io.BufferedOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The thread that measures: times of events in nanoseconds, interval by interval and in total. */
public final class TimeHistory {
    static final int DIGITS = 3;
    private static final double NS_PER_US = 1e3;

    private final Histogram total = new Histogram(DIGITS);
    private final List<Histogram> intervals = new ArrayList<>();

    /**
     * Takes an interval's times.
     *
     * @param interval with its start and end; the history keeps it.
     */
    public void add(final Histogram interval) {
        total.add(interval);
        intervals.add(interval);
    }

    /** {@return all times together} */
    public Histogram total() {
        return total;
    }

    /**
     * Writes {@code NAME.hdr}, the total as one line of a histogram log; {@code NAME.hgrm}, its percentiles in
     * microseconds; and {@code NAME.hlog}, interval by interval.
     *
     * @param folder to write to.
     * @param name   of the times.
     * @throws IOException when it cannot be written.
     */
    public void write(final Path folder, final String name) throws IOException {
        writeTotal(total, folder, name);
        try (PrintStream out = open(folder.resolve(name + ".hlog"))) {
            final HistogramLogWriter writer = begin(out, intervals.isEmpty() ? total : intervals.get(0));
            intervals.forEach(writer::outputIntervalHistogram);
        }
    }

    /**
     * Writes a total without a history.
     *
     * @param total  of the times.
     * @param folder to write to.
     * @param name   of the times.
     * @throws IOException when it cannot be written.
     */
    public static void writeTotal(final Histogram total, final Path folder, final String name) throws IOException {
        try (PrintStream out = open(folder.resolve(name + ".hdr"))) {
            begin(out, total).outputIntervalHistogram(total);
        }
        try (PrintStream out = open(folder.resolve(name + ".hgrm"))) {
            total.outputPercentileDistribution(out, NS_PER_US);
        }
    }

    private static HistogramLogWriter begin(final PrintStream out, final Histogram first) {
        final HistogramLogWriter writer = new HistogramLogWriter(out);
        writer.outputLogFormatVersion();
        writer.outputBaseTime(first.getStartTimeStamp());
        writer.setBaseTime(first.getStartTimeStamp());
        writer.outputStartTime(first.getStartTimeStamp());
        writer.outputLegend();
        return writer;
    }

    private static PrintStream open(final Path file) throws IOException {
        return new PrintStream(new BufferedOutputStream(Files.newOutputStream(file)), false, StandardCharsets.UTF_8);
    }

    /**
     * Reads a total back.
     *
     * @param file ending in {@code .hdr}.
     * @return the times.
     * @throws IOException when it cannot be read.
     */
    public static Histogram readTotal(final Path file) throws IOException {
        try (HistogramLogReader reader = new HistogramLogReader(file.toFile())) {
            if (reader.nextIntervalHistogram() instanceof final Histogram histogram) {
                return histogram;
            }
            throw new IOException("file=" + file + " holds no histogram");
        } catch (final FileNotFoundException e) {
            throw new IOException("file=" + file + " is missing", e);
        }
    }
}
