package io.headrace.adapters.cli.control;

import io.headrace.bus.latency.Stage;
import io.headrace.bus.subscription.Subscription;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.HdrHistogram.HistogramLogWriter;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;

/**
 * The latencies of flows in the log format of HdrHistogram, which its tools read: one line for each flow and stage,
 * tagged {@code flow/stage}, in nanoseconds. Safe for any thread; holds no state.
 */
final class LatencyLog {
    /** Times of the log are in seconds. */
    private static final double MS_PER_S = 1000.0;
    private static final String HEADER = "#[Histogram log format version";
    private static final char SEPARATOR = '/';

    private LatencyLog() {
    }

    /** Everything that the subscriptions have recorded since the service's start. */
    static String write(
        final Collection<? extends Subscription> subscriptions, final Instant startedAt, final Duration uptime) {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        final HistogramLogWriter log = new HistogramLogWriter(bytes);
        log.outputLogFormatVersion();
        log.outputComment("[All values in nanoseconds]");
        log.outputStartTime(startedAt.toEpochMilli());
        log.outputLegend();
        final double startS = startedAt.toEpochMilli() / MS_PER_S;
        for (final Subscription subscription : subscriptions) {
            subscription.latency().whole().forEach((stage, histogram) -> {
                histogram.setTag(subscription.name() + SEPARATOR + stage.name().toLowerCase(Locale.ROOT));
                log.outputIntervalHistogram(startS, startS + uptime.toMillis() / MS_PER_S, histogram, 1);
            });
        }
        log.close();
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /** Reads what {@link #write} wrote, by flow and stage. */
    static Map<String, Map<Stage, Histogram>> read(final String text) throws IOException {
        if (!text.startsWith(HEADER)) {
            throw new IOException("this is no log of a service's latencies");
        }
        final Map<String, Map<Stage, Histogram>> flows = new LinkedHashMap<>();
        try (HistogramLogReader log =
            new HistogramLogReader(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)))) {
            // Without a line that is an interval the reader gives nothing.
            for (EncodableHistogram line = next(log); line != null; line = next(log)) {
                final String tag = line.getTag() == null ? "" : line.getTag();
                final int separator = tag.lastIndexOf(SEPARATOR);
                if (separator < 0 || !(line instanceof final Histogram histogram)) {
                    throw new IOException("this is no log of a service's latencies");
                }
                flows.computeIfAbsent(tag.substring(0, separator), name -> new EnumMap<>(Stage.class))
                    .put(Stage.valueOf(tag.substring(separator + 1).toUpperCase(Locale.ROOT)), histogram);
            }
        } catch (final IllegalArgumentException | NoSuchElementException e) {
            throw new IOException("this is no log of a service's latencies", e);
        }
        return flows;
    }

    private static EncodableHistogram next(final HistogramLogReader log) {
        return log.hasNext() ? log.nextIntervalHistogram() : null;
    }
}
