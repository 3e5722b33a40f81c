package io.headrace.perf.postgres;

import io.headrace.perf.report.Arguments;
import io.headrace.perf.report.Report;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Whether the heap stays flat while one large transaction passes through: a source, a bus and a handler that counts, in
 * a JVM of their own with 256 MB, once for each way of streaming. Prints the most that was left after a collection in
 * each tenth of the transaction. The exit code is 1 when that grows.
 *
 * <p>Arguments: {@code --rows 1000000 --report FILE}.
 */
public final class MillionRowTransaction {
    private static final int TENTHS = 10;
    /** Far less than one reference for each row would take. */
    private static final long MAX_GROWTH_BYTES = 3 << 20;

    private MillionRowTransaction() {
    }

    /**
     * Runs both transactions.
     *
     * @param args as described above.
     * @throws Exception when the server or the other JVM fails.
     */
    public static void main(final String[] args) throws Exception {
        final Arguments arguments = new Arguments(args, "rows", "report");
        final int rows = arguments.number("rows", 1_000_000);
        final Report report = new Report("Is the heap flat while a large transaction passes through?", args);
        boolean flat = true;
        final Map<String, Object> results = new LinkedHashMap<>();
        try (MeasuredServer server = new MeasuredServer(false)) {
            report.put("server", server.query("SELECT version()"));
            for (final String streaming : List.of("off", "on")) {
                final List<Sample> samples = child(server.port(), streaming, rows);
                for (final String phase : List.of("spill", "publish")) {
                    final List<Sample> own = samples.stream().filter(s -> s.phase().equals(phase)).toList();
                    if (!own.isEmpty()) {
                        flat &= judge("streaming " + streaming + ", " + phase, own, results);
                    }
                }
            }
        }
        report.put("maxHeapBytesAfterCollectionByTenth", results).put("flat", flat);
        report.finish(List.of(), arguments.text("report", ""));
        System.exit(flat ? 0 : 1);
    }

    private static boolean judge(final String name, final List<Sample> samples, final Map<String, Object> results) {
        final long[] maxima = new long[TENTHS];
        final long end = samples.get(samples.size() - 1).progress();
        for (final Sample sample : samples) {
            final int tenth = (int)Math.min(TENTHS - 1, sample.progress() * TENTHS / Math.max(1, end));
            maxima[tenth] = Math.max(maxima[tenth], sample.usedBytes());
        }
        long early = 0;
        long late = 0;
        final StringBuilder line = new StringBuilder();
        final List<Long> values = new ArrayList<>();
        for (int i = 0; i < TENTHS; i++) {
            values.add(maxima[i]);
            line.append(maxima[i] == 0 ? "     -" : String.format(Locale.ROOT, " %5.1f", maxima[i] / 1e6));
            if (i < TENTHS / 2) {
                early = Math.max(early, maxima[i]);
            } else {
                late = Math.max(late, maxima[i]);
            }
        }
        results.put(name, values);
        final boolean flat = late - early <= MAX_GROWTH_BYTES;
        System.out.printf(Locale.ROOT, "%-24s MB after collection, by tenth:%s  (%d collections) %s%n",
            name, line, samples.size(), flat ? "flat" : "GROWS");
        return flat;
    }

    private static List<Sample> child(final int port, final String streaming, final int rows)
        throws IOException, InterruptedException {
        final List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElse("java"));
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter(argument -> !argument.startsWith("-Xm")).forEach(command::add);
        command.addAll(List.of("-Xmx256m", "-cp", System.getProperty("java.class.path"),
            MillionRowChild.class.getName(), Integer.toString(port), streaming, Integer.toString(rows)));
        final Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        final List<Sample> samples = new ArrayList<>();
        try (BufferedReader out = process.inputReader()) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                final String[] parts = line.split(" ");
                samples.add(new Sample(parts[0], Long.parseLong(parts[1]), Long.parseLong(parts[2])));
            }
        }
        if (process.waitFor() != 0) {
            throw new IllegalStateException("the other JVM failed with exit code " + process.exitValue());
        }
        return samples;
    }

    /** What was left on the heap after a collection, at a place in the transaction. */
    private record Sample(String phase, long progress, long usedBytes) {
    }
}
