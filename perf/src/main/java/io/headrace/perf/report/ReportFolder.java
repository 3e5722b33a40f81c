package io.headrace.perf.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.headrace.perf.rig.Arm;
import io.headrace.perf.rig.ArmResult;
import io.headrace.perf.rig.Comparison;
import io.headrace.perf.rig.ComparisonResult;
import io.headrace.perf.rig.Judge;
import io.headrace.perf.rig.Metric;
import io.headrace.perf.rig.PairRunner;
import io.headrace.perf.rig.RatioSummary;
import io.headrace.perf.rig.TimeHistory;
import org.HdrHistogram.Histogram;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The rig's main thread: a run's report. {@code summary.json} holds the ratios, {@code environment.json} where they
 * were taken, {@code results.json} what each arm found, {@code runs/} the histograms of each arm in each pair and of
 * all of them merged, {@code plots/} the pictures, and {@code index.html} all of it for people.
 */
public final class ReportFolder {
    private static final ObjectMapper JSON = Json.mapper();

    private final Path folder;

    /**
     * Makes room for a report; what an earlier one left in the folder goes.
     *
     * @param folder of the report.
     * @throws IOException when it cannot be made.
     */
    public ReportFolder(final Path folder) throws IOException {
        this.folder = folder;
        delete(runs());
        delete(plots());
        Files.createDirectories(runs());
        Files.createDirectories(plots());
    }

    private static void delete(final Path earlier) throws IOException {
        if (Files.exists(earlier)) {
            try (Stream<Path> files = Files.walk(earlier)) {
                for (final Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    /** {@return where the arms put what they find} */
    public Path runs() {
        return folder.resolve("runs");
    }

    /** {@return where the arms put what is large and no part of the report: beside it} */
    public Path scratch() {
        final Path whole = folder.toAbsolutePath().normalize();
        return whole.resolveSibling(whole.getFileName() + "-scratch");
    }

    private Path plots() {
        return folder.resolve("plots");
    }

    /**
     * Writes everything.
     *
     * @param head       of the page: what was run, and how.
     * @param results    of all comparisons.
     * @param runner     that knows where the histograms are.
     * @return the ratios.
     * @throws IOException when it cannot be written.
     */
    public List<RatioSummary> write(
        final ReportHead head, final List<ComparisonResult> results, final PairRunner runner) throws IOException {
        final List<RatioSummary> summaries = results.stream().flatMap(result -> Judge.summaries(result).stream())
            .filter(summary -> summary.pairs() > 0 || summary.verdict().startsWith("failed")).toList();
        JSON.writeValue(folder.resolve("summary.json").toFile(), summaries);
        JSON.writeValue(folder.resolve("environment.json").toFile(), head.environment());
        JSON.writeValue(folder.resolve("results.json").toFile(), results.stream().map(ReportFolder::plain).toList());
        final Plots plots = new Plots(head.machine());
        final List<Plot> drawn = new ArrayList<>();
        for (final ComparisonResult result : results) {
            drawn.addAll(draw(plots, result, runner));
        }
        results.stream().map(ComparisonResult::scenario).distinct().forEach(scenario -> {
            final List<RatioSummary> own = summaries.stream().filter(s -> s.scenario().equals(scenario)).toList();
            if (own.stream().anyMatch(s -> s.pairs() > 0)) {
                drawn.add(new Plot(scenario + "-ratios", scenario + ": ratios", plots.ratios(scenario, own)));
            }
        });
        for (final Plot plot : drawn) {
            plot.writePng(plots());
        }
        Files.writeString(folder.resolve("index.html"), new HtmlPage(head, results, summaries, drawn).text());
        return summaries;
    }

    private static Map<String, Object> plain(final ComparisonResult result) {
        final Map<String, Object> values = new LinkedHashMap<>();
        values.put("scenario", result.scenario());
        values.put("comparison", result.comparison().name());
        values.put("conditions", result.comparison().conditions());
        values.put("hiccupsUs", result.hiccupsUs());
        values.put("load", result.load());
        values.put("runs", result.results());
        return values;
    }

    private List<Plot> draw(final Plots plots, final ComparisonResult result, final PairRunner runner)
        throws IOException {
        final List<Plot> drawn = new ArrayList<>();
        final String name = PairRunner.fileName(result.scenario() + "-" + result.comparison().name());
        final List<String> allTimes =
            result.results().stream().flatMap(r -> r.histograms().stream()).distinct().toList();
        for (final String times : allTimes) {
            final Map<String, Histogram> merged = merge(result, times, runner);
            if (!merged.isEmpty()) {
                drawn.add(new Plot(name + "-" + PairRunner.fileName(times), caption(result, times + " by percentile"),
                    plots.percentiles(result, times, merged)));
            }
        }
        if (!Plots.ladders(result).isEmpty()) {
            drawn.add(new Plot(name + "-rates", caption(result, "throughput"),
                plots.achieved(result, Plots.ladders(result))));
            drawn.add(new Plot(name + "-ladder", caption(result, "response time over the rate"),
                plots.ladder(result, Plots.ladders(result))));
        }
        for (final Metric metric : result.comparison().metrics()) {
            final List<String> arms = Stream.concat(
                result.comparison().arms().stream().map(Arm::name), Stream.of(Comparison.CONTROL))
                .filter(arm -> result.median(arm, metric.name()).isPresent()).toList();
            final boolean drawnBefore =
                metric.name().equals("saturation") || allTimes.stream().anyMatch(metric.name()::startsWith);
            if (!arms.isEmpty() && !drawnBefore) {
                drawn.add(new Plot(name + "-" + PairRunner.fileName(metric.name()), caption(result, metric.name()),
                    plots.bars(result, metric, arms)));
            }
        }
        return drawn;
    }

    private static String caption(final ComparisonResult result, final String what) {
        return result.scenario() + " " + result.comparison().name() + ": " + what;
    }

    /** Merges each arm's times over the pairs, and writes that beside them; the pairs' own files show their spread. */
    private Map<String, Histogram> merge(
        final ComparisonResult result, final String times, final PairRunner runner) throws IOException {
        final Map<String, Histogram> merged = new LinkedHashMap<>();
        for (final ArmResult arm : result.results()) {
            if (arm.histograms().contains(times) && !arm.failed()) {
                final Path file = runner.folder(result.scenario(), result.comparison(), arm.arm(), arm.pair())
                    .resolve(PairRunner.fileName(times) + ".hdr");
                merged.computeIfAbsent(arm.arm(), a -> new Histogram(3)).add(TimeHistory.readTotal(file));
            }
        }
        for (final Map.Entry<String, Histogram> arm : merged.entrySet()) {
            final Path parent = runner.folder(result.scenario(), result.comparison(), arm.getKey(), 1).getParent();
            TimeHistory.writeTotal(
                arm.getValue(), parent, PairRunner.fileName(arm.getKey() + "-merged-" + times));
        }
        return merged;
    }
}
