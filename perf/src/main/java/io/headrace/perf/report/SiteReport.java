package io.headrace.perf.report;

import io.headrace.bus.latency.Stage;
import io.headrace.perf.site.FlowResult;
import io.headrace.perf.site.FlowStep;
import io.headrace.perf.site.SiteResult;
import io.headrace.perf.site.SiteUnits;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The main thread: what was found about a site. {@code site.json} holds every step of every flow, and
 * {@code site.html} shows it and loads nothing else.
 */
public final class SiteReport {
    private final String command;
    private final Map<String, Object> environment;
    private final SiteResult result;
    private final StringBuilder html = new StringBuilder();

    private SiteReport(final String command, final Map<String, Object> environment, final SiteResult result) {
        this.command = command;
        this.environment = environment;
        this.result = result;
    }

    /**
     * Writes the report.
     *
     * @param folder      made when it is not there.
     * @param command     that was given.
     * @param environment that was found.
     * @param machine     in a few words, for the charts.
     * @param result      to be shown.
     * @throws IOException when it cannot be written.
     */
    public static void write(
        final Path folder, final String command, final Map<String, Object> environment, final String machine,
        final SiteResult result) throws IOException {
        Files.createDirectories(folder);
        final Map<String, Object> all = new LinkedHashMap<>();
        all.put("command", command);
        all.put("result", result);
        all.put("environment", environment);
        Json.mapper().writeValue(folder.resolve("site.json").toFile(), all);
        Files.writeString(folder.resolve("site.html"),
            new SiteReport(command, environment, result).page(new Plots(machine)));
    }

    private String page(final Plots plots) throws IOException {
        html.append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">")
            .append("<meta name=\"viewport\" content=\"width=device-width\">")
            .append("<title>Headrace site</title><style>").append(HtmlPage.STYLE)
            .append("</style></head><body>\n<h1>What ").append(HtmlPage.escape(result.file()))
            .append(" sustains</h1>\n<p class=\"note\">").append(HtmlPage.escape(command)).append("</p>\n");
        if (!result.ended().isEmpty()) {
            html.append("<p class=\"bad\">The ladder ended early: ").append(HtmlPage.escape(result.ended()))
                .append(".</p>\n");
        }
        summary();
        for (final FlowResult flow : result.flows()) {
            flow(flow, plots);
        }
        conditions();
        html.append("<h2>Where it ran</h2>\n");
        HtmlPage.environment(html, environment);
        return html.append("</body></html>\n").toString();
    }

    private void summary() {
        html.append("<table>");
        row("th", "flow", "sink", "objective", "sustained", "not sustained", "why", "gave way");
        for (final FlowResult flow : result.flows()) {
            row("td", flow.flow(), flow.type(), flow.objectiveText(),
                flow.heldRate() > 0 ? SiteUnits.rate(flow.heldRate()) : "none",
                flow.failedRate() > 0 ? SiteUnits.rate(flow.failedRate()) : "not reached", flow.reason(),
                flow.gaveWay() == null ? "-" : name(flow.gaveWay().stage()) + ": " + flow.gaveWay().why());
        }
        html.append("</table>\n");
    }

    private void row(final String cell, final String... texts) {
        html.append("<tr>");
        for (final String text : texts) {
            html.append('<').append(cell).append('>').append(HtmlPage.escape(text)).append("</").append(cell)
                .append('>');
        }
        html.append("</tr>\n");
    }

    private static String name(final Stage stage) {
        return stage.name().toLowerCase(Locale.ROOT);
    }

    private void flow(final FlowResult flow, final Plots plots) throws IOException {
        html.append("<h2>").append(HtmlPage.escape(flow.flow())).append("</h2>\n");
        final String percentile = HtmlPage.number(result.options().percentile());
        if (flow.steps().stream().anyMatch(step -> step.stages().containsKey(Stage.TOTAL))) {
            HtmlPage.figure(html, new Plot(flow.flow(), flow.flow() + ": stages over the rate",
                plots.stages(flow, percentile)));
        }
        html.append("<table>");
        row("th", "rate", "source", "transport", "consumption", "total", "behind at the end", "sink busy",
            "waited for room", "sent", "dropped", "lost", "evictions");
        for (final FlowStep step : flow.steps()) {
            row("td", SiteUnits.rate(step.flowRate()), stage(step, Stage.SOURCE), stage(step, Stage.TRANSPORT),
                stage(step, Stage.CONSUMPTION), stage(step, Stage.TOTAL),
                step.behindNs() < 0 ? "too long" : SiteUnits.latency(step.behindNs()), part(step.busyPart()),
                part(step.roomWaitPart()), part(step.sentPart()), String.valueOf(step.dropped()),
                String.valueOf(step.lost() + step.misplaced()), String.valueOf(step.evictions()));
        }
        html.append("</table>\n<p class=\"note\">The steps in their order; stages at p").append(percentile)
            .append(". A step that fails is taken twice.</p>\n");
    }

    private static String stage(final FlowStep step, final Stage stage) {
        return step.stages().containsKey(stage) ? SiteUnits.latency(step.stages().get(stage).judgedNs()) : "-";
    }

    private static String part(final double part) {
        return String.format(Locale.ROOT, "%.0f %%", 100 * part);
    }

    private void conditions() {
        html.append("<h2>What was measured</h2>\n<ul>\n");
        for (final Map.Entry<String, List<String>> source : result.topics().entrySet()) {
            item(source.getKey() + " published " + String.join(", ", source.getValue()));
        }
        item(result.options().realSinks() ? "The sinks were the site's own." : "The sinks took nothing (discard).");
        result.notes().forEach(this::item);
        html.append("</ul>\n<h3>The machine's hiccups</h3>\n<table>");
        row("th", "rate of each source", "p50", "p99", "max");
        result.hiccupsUs().forEach(step -> row("td", SiteUnits.rate(step.sourceRate()),
            SiteUnits.latency((long)(step.p50() * 1e3)), SiteUnits.latency((long)(step.p99() * 1e3)),
            SiteUnits.latency((long)(step.max() * 1e3))));
        html.append("</table>\n");
    }

    private void item(final String text) {
        html.append("<li>").append(HtmlPage.escape(text)).append("</li>\n");
    }
}
