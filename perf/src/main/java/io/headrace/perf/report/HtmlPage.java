package io.headrace.perf.report;

import io.headrace.perf.rig.Arm;
import io.headrace.perf.rig.ArmResult;
import io.headrace.perf.rig.Comparison;
import io.headrace.perf.rig.ComparisonResult;
import io.headrace.perf.rig.Metric;
import io.headrace.perf.rig.RatioSummary;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** The rig's main thread: writes the report's page, which needs nothing but itself. */
final class HtmlPage {
    static final String STYLE = """
        body{font:15px/1.5 system-ui,sans-serif;color:#14213d;max-width:1120px;margin:2rem auto;padding:0 1rem}
        h1{font-size:1.6rem;margin-bottom:.2rem}
        h2{font-size:1.25rem;margin-top:2.5rem;border-bottom:2px solid #005f73}
        h3{font-size:1.05rem;margin-top:1.6rem}
        table{border-collapse:collapse;font-size:13px;margin:.6rem 0}
        th,td{padding:.25rem .6rem;border-bottom:1px solid #e1e4e8;text-align:left;vertical-align:top}
        td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
        .bad{color:#c1121f;font-weight:600}.noisy{color:#8a6d00}.good{color:#2d6a4f;font-weight:600}
        figure{margin:1rem 0}img{max-width:100%;border:1px solid #e1e4e8}
        details{margin:.6rem 0}summary{cursor:pointer}
        .note{color:#57606a;font-size:13px}
        """;

    private final StringBuilder html = new StringBuilder();
    private final ReportHead head;
    private final List<ComparisonResult> results;
    private final List<RatioSummary> summaries;
    private final List<Plot> plots;

    HtmlPage(
        final ReportHead head, final List<ComparisonResult> results, final List<RatioSummary> summaries,
        final List<Plot> plots) {
        this.head = head;
        this.results = results;
        this.summaries = summaries;
        this.plots = plots;
    }

    String text() throws IOException {
        html.append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">")
            .append("<meta name=\"viewport\" content=\"width=device-width\">")
            .append("<title>Headrace measurements</title><style>").append(STYLE)
            .append("</style></head><body>\n<h1>Headrace measurements</h1>\n<p class=\"note\">")
            .append(escape(head.command())).append("<br>").append(escape(head.machine())).append("</p>\n");
        failures();
        for (final Map.Entry<String, String> question : head.questions().entrySet()) {
            scenario(question.getKey(), question.getValue());
        }
        html.append("<h2>Where it ran</h2>\n");
        floors();
        environment(html, head.environment());
        return html.append("</body></html>\n").toString();
    }

    private void failures() {
        final List<ArmResult> failed = results.stream().flatMap(result -> result.failures().stream()).toList();
        if (failed.isEmpty()) {
            html.append("<p class=\"good\">Every event of every run arrived once and in order, at its rate.</p>\n");
            return;
        }
        html.append("<p class=\"bad\">").append(failed.size()).append(" runs failed and do not count:</p>\n<ul>\n");
        failed.forEach(f -> html.append("<li>").append(escape(f.scenario() + " " + f.comparison() + ", " + f.arm()
            + ", pair " + f.pair() + ": " + String.join("; ", f.failures()))).append("</li>\n"));
        html.append("</ul>\n");
    }

    private void scenario(final String id, final String question) throws IOException {
        html.append("<h2>").append(escape(id)).append("</h2>\n<p>").append(escape(question)).append("</p>\n");
        ratios(summaries.stream().filter(summary -> summary.scenario().equals(id)).toList());
        for (final Plot plot : plots) {
            if (plot.name().equals(id + "-ratios")) {
                figure(plot);
            }
        }
        for (final ComparisonResult result : results) {
            if (result.scenario().equals(id)) {
                comparison(result);
            }
        }
    }

    private void ratios(final List<RatioSummary> own) {
        html.append("<table><tr><th>comparison</th><th>figure</th><th>ratio</th><th class=\"n\">median</th>")
            .append("<th class=\"n\">min to max</th><th class=\"n\">pairs</th><th class=\"n\">control</th>")
            .append("<th>verdict</th></tr>\n");
        for (final RatioSummary summary : own) {
            html.append("<tr><td>").append(escape(summary.comparison())).append("</td><td>")
                .append(escape(summary.metric())).append("</td><td>")
                .append(escape(summary.arm() + " / " + summary.baseline())).append("</td><td class=\"n\">")
                .append(number(summary.ratioMedian())).append("</td><td class=\"n\">")
                .append(number(summary.ratioMin())).append(" to ").append(number(summary.ratioMax()))
                .append("</td><td class=\"n\">").append(summary.pairs()).append("</td><td class=\"n\">")
                .append(number(summary.control().median())).append("</td><td class=\"")
                .append(cssClass(summary.verdict())).append("\">").append(escape(summary.verdict()))
                .append("</td></tr>\n");
        }
        html.append("</table>\n");
    }

    private static String cssClass(final String verdict) {
        return verdict.startsWith("failed") || verdict.startsWith("goal missed") ? "bad"
            : verdict.startsWith("goal met") ? "good" : verdict.contains("noisy") ? "noisy" : "";
    }

    private void comparison(final ComparisonResult result) throws IOException {
        html.append("<h3>").append(escape(result.scenario() + " " + result.comparison().name()))
            .append("</h3>\n<p class=\"note\">").append(escape(result.comparison().conditions()))
            .append(String.format(Locale.ROOT, "; hiccups p50 %.2f ms, p99 %.1f ms, max %.1f ms; load %.1f before, "
                + "%.1f after", result.hiccupsUs().get("p50") / 1e3, result.hiccupsUs().get("p99") / 1e3,
                result.hiccupsUs().get("max") / 1e3, result.load().get(0), result.load().get(1)))
            .append("</p>\n");
        values(result);
        final String prefix = escape(result.scenario() + " " + result.comparison().name() + ": ");
        for (final Plot plot : plots) {
            if (escape(plot.caption()).startsWith(prefix)) {
                figure(plot);
            }
        }
    }

    /** The runs' medians with their spread, arm by arm. */
    private void values(final ComparisonResult result) {
        html.append("<table><tr><th>arm</th>");
        for (final Metric metric : result.comparison().metrics()) {
            html.append("<th class=\"n\">").append(escape(metric.name() + ", " + metric.unit())).append("</th>");
        }
        html.append("</tr>\n");
        Stream.concat(result.comparison().arms().stream().map(Arm::name), Stream.of(Comparison.CONTROL))
            .forEach(arm -> {
                html.append("<tr><td>").append(escape(arm)).append("</td>");
                for (final Metric metric : result.comparison().metrics()) {
                    final double[] runs = result.of(arm).stream().filter(r -> r.metrics().containsKey(metric.name()))
                        .mapToDouble(r -> r.metrics().get(metric.name())).sorted().toArray();
                    html.append("<td class=\"n\">").append(runs.length == 0 ? "" : number(
                        result.median(arm, metric.name()).orElseThrow()) + " (" + number(runs[0]) + " to "
                        + number(runs[runs.length - 1]) + ")").append("</td>");
                }
                html.append("</tr>\n");
            });
        html.append("</table>\n<p class=\"note\">Median of the runs, smallest and largest.</p>\n");
    }

    private void figure(final Plot plot) throws IOException {
        figure(html, plot);
    }

    static void figure(final StringBuilder html, final Plot plot) throws IOException {
        html.append("<figure><img alt=\"").append(escape(plot.caption())).append("\" src=\"").append(plot.dataUri())
            .append("\"></figure>\n");
    }

    private void floors() {
        html.append("<h3>Floors</h3>\n<table><tr><th></th><th class=\"n\">p50, µs</th>")
            .append("<th class=\"n\">p99, µs</th><th class=\"n\">max, µs</th></tr>\n");
        head.floors().forEach((name, figures) -> {
            html.append("<tr><td>").append(escape(name)).append("</td>");
            figures.values().forEach(value -> html.append("<td class=\"n\">").append(number(value)).append("</td>"));
            html.append("</tr>\n");
        });
        html.append("</table>\n");
    }

    static void environment(final StringBuilder html, final Map<String, Object> environment) {
        html.append("<h3>Environment</h3>\n<table>\n");
        environment.forEach((name, value) -> html.append("<tr><td>").append(escape(name)).append("</td><td>")
            .append(escape(String.valueOf(value))).append("</td></tr>\n"));
        html.append("</table>\n");
    }

    static String number(final double value) {
        if (Double.isNaN(value)) {
            return "-";
        }
        final double size = Math.abs(value);
        return String.format(Locale.ROOT, size >= 100 ? "%,.0f" : size >= 10 ? "%.1f" : "%.2f", value);
    }

    static String escape(final String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }
}
