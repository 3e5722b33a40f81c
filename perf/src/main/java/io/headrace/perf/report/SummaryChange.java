package io.headrace.perf.report;

import com.fasterxml.jackson.databind.JsonNode;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** The main thread: two reports side by side, ratio by ratio. Absolute figures of two runs are not compared. */
public final class SummaryChange {
    private static final double QUIET = 0.05;

    private SummaryChange() {
    }

    /**
     * Prints how each ratio has changed.
     *
     * @param before folder of the one report.
     * @param after  folder of the other.
     * @param out    of the program.
     * @return how many ratios both reports have.
     * @throws IOException when a report cannot be read.
     */
    public static int print(final Path before, final Path after, final PrintStream out) throws IOException {
        final Map<String, JsonNode> first = read(before);
        final Map<String, JsonNode> second = read(after);
        out.printf("%-72s %8s %8s %8s  %s%n", "ratio", "first", "second", "change", "");
        int common = 0;
        for (final Map.Entry<String, JsonNode> entry : first.entrySet()) {
            final JsonNode now = second.get(entry.getKey());
            if (now != null) {
                common++;
                final double was = entry.getValue().path("ratioMedian").asDouble(Double.NaN);
                final double is = now.path("ratioMedian").asDouble(Double.NaN);
                out.printf(Locale.ROOT, "%-72s %8.3f %8.3f %+7.1f%%  %s%n", entry.getKey(), was, is,
                    100 * (is / was - 1), judge(entry.getValue(), now));
            }
        }
        first.keySet().stream().filter(key -> !second.containsKey(key))
            .forEach(key -> out.println(key + ": only in the first"));
        second.keySet().stream().filter(key -> !first.containsKey(key))
            .forEach(key -> out.println(key + ": only in the second"));
        return common;
    }

    private static Map<String, JsonNode> read(final Path folder) throws IOException {
        final Map<String, JsonNode> lines = new LinkedHashMap<>();
        for (final JsonNode line : Json.mapper().readTree(folder.resolve("summary.json").toFile())) {
            lines.put(line.path("scenario").asText() + " " + line.path("comparison").asText() + " "
                + line.path("metric").asText() + ": " + line.path("arm").asText() + " / "
                + line.path("baseline").asText(), line);
        }
        return lines;
    }

    /** A change counts when the two runs' pairs do not overlap, and both machines were quiet. */
    private static String judge(final JsonNode first, final JsonNode second) {
        if (noisy(first) || noisy(second)) {
            return "too noisy for a verdict";
        }
        if (second.path("ratioMin").asDouble() > first.path("ratioMax").asDouble()) {
            return "higher in every pair";
        }
        if (second.path("ratioMax").asDouble() < first.path("ratioMin").asDouble()) {
            return "lower in every pair";
        }
        return "no difference shown";
    }

    private static boolean noisy(final JsonNode line) {
        return !(Math.abs(line.path("control").path("median").asDouble(Double.NaN) - 1) <= QUIET);
    }
}
