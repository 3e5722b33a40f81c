package io.headrace.perf.report;

import io.headrace.bus.latency.Stage;
import io.headrace.perf.rig.ArmResult;
import io.headrace.perf.rig.Comparison;
import io.headrace.perf.rig.ComparisonResult;
import io.headrace.perf.rig.LadderStep;
import io.headrace.perf.rig.Metric;
import io.headrace.perf.rig.RatioSummary;
import io.headrace.perf.site.FlowResult;
import io.headrace.perf.site.FlowStep;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The rig's main thread: draws what was found, with the conditions on every chart. */
final class Plots {
    private static final int WIDTH = 900;
    private static final int RATIO_WIDTH = 1100;
    private static final String RATIO = "ratio";
    private static final int HEIGHT = 440;
    private static final int ROW_HEIGHT = 34;
    private static final int FRAME_HEIGHT = 130;
    private static final int NINE_WIDTH = 100;
    private static final double MAX_LINEAR_RATIO = 12;
    private static final String NUMBERS = "#,##0.###";
    private static final Color GRID = new Color(225, 228, 232);
    private static final Color OURS = new Color(0, 95, 115);
    private static final Color CONTROL = new Color(160, 160, 160);
    private static final Color[] COLOURS = {
        new Color(187, 62, 3), OURS, new Color(238, 155, 0), new Color(106, 76, 147), new Color(64, 145, 108),
        new Color(193, 18, 31), CONTROL, new Color(20, 33, 61)};

    private final String machine;

    Plots(final String machine) {
        this.machine = machine;
    }

    private <S extends AxesChartStyler> S style(final S styler) {
        styler.setChartBackgroundColor(Color.WHITE).setPlotBackgroundColor(Color.WHITE)
            .setPlotBorderVisible(false).setSeriesColors(COLOURS).setLegendBorderColor(Color.WHITE)
            .setChartTitleFont(new Font(Font.SANS_SERIF, Font.BOLD, 15)).setChartTitleBoxVisible(false)
            .setLegendFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12))
            .setLegendPosition(Styler.LegendPosition.OutsideE);
        styler.setPlotGridLinesColor(GRID).setPlotGridLinesStroke(new BasicStroke(1))
            .setAxisTickLabelsFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12))
            .setAxisTitleFont(new Font(Font.SANS_SERIF, Font.PLAIN, 11)).setLocale(Locale.ROOT);
        return styler;
    }

    private XYChart chart(final String title, final String xTitle, final String yTitle, final int height) {
        final int width = xTitle.startsWith(RATIO) ? RATIO_WIDTH : WIDTH;
        final XYChart chart = new XYChartBuilder().width(width).height(height).title(title)
            .xAxisTitle(xTitle).yAxisTitle(yTitle).build();
        style(chart.getStyler());
        return chart;
    }

    private static String title(final ComparisonResult result, final String what) {
        return result.scenario() + " " + result.comparison().name() + ": " + what;
    }

    private String conditions(final ComparisonResult result, final String axis) {
        return axis + "   [" + result.comparison().conditions() + "; " + machine + "]";
    }

    /** Times over percentiles, each nine as wide as the one before. */
    XYChart percentiles(final ComparisonResult result, final String times, final Map<String, Histogram> histograms) {
        final XYChart chart = chart(title(result, times + ", all runs merged, in microseconds"),
            conditions(result, "percentile"), "microseconds", HEIGHT);
        // The nines are laid out here: beside labels of its own, the library takes an axis for linear.
        chart.getStyler().setYAxisLogarithmic(true).setYAxisDecimalPattern(NUMBERS).setXAxisMin(0.0)
            .setXAxisTickMarkSpacingHint(NINE_WIDTH);
        chart.getStyler().setDefaultSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Line);
        chart.setCustomXAxisTickLabelsFormatter(Plots::percentile);
        histograms.forEach((arm, histogram) -> {
            final List<Double> x = new ArrayList<>();
            final List<Double> y = new ArrayList<>();
            for (final HistogramIterationValue value : histogram.percentiles(5)) {
                final double rest = 1 - value.getPercentileLevelIteratedTo() / 100;
                if (rest * histogram.getTotalCount() >= 1) {
                    x.add(-Math.log10(rest));
                    y.add(Math.max(1e-3, value.getValueIteratedTo() / 1e3));
                }
            }
            if (!x.isEmpty()) {
                final XYSeries series = chart.addSeries(arm, x, y);
                series.setMarker(SeriesMarkers.NONE);
                paint(series, arm);
            }
        });
        return chart;
    }

    private static void paint(final XYSeries series, final String arm) {
        if (Comparison.CONTROL.equals(arm)) {
            series.setLineColor(CONTROL);
            series.setMarkerColor(CONTROL);
        }
    }

    /** Never the same for two values, as the library goes on looking for other ticks until no two labels are. */
    private static String percentile(final double nines) {
        final int digits = Math.max(0, (int)Math.ceil(nines) - 2) + (nines == Math.rint(nines) ? 0 : 2);
        return String.format(Locale.ROOT, "%." + digits + "f %%", 100 - 100 * Math.pow(10, -nines));
    }

    /** What came through over what was offered. */
    XYChart achieved(final ComparisonResult result, final Map<String, List<LadderStep>> ladders) {
        final XYChart chart = chart(title(result, "rate achieved over the rate offered, until one is not held"),
            conditions(result, "offered per second"), "achieved per second", HEIGHT);
        addLadders(chart, ladders, LadderStep::achievedPerSecond);
        return chart;
    }

    /** How long events took over what was offered. */
    XYChart ladder(final ComparisonResult result, final Map<String, List<LadderStep>> ladders) {
        final XYChart chart = chart(title(result, "response time's p50 over the rate offered"),
            conditions(result, "offered per second"), "microseconds", HEIGHT);
        addLadders(chart, ladders, LadderStep::p50Us);
        return chart;
    }

    private static void addLadders(
        final XYChart chart, final Map<String, List<LadderStep>> ladders, final ToDoubleFunction<LadderStep> value) {
        chart.getStyler().setXAxisLogarithmic(true).setYAxisLogarithmic(true).setXAxisDecimalPattern(NUMBERS)
            .setYAxisDecimalPattern(NUMBERS);
        ladders.forEach((arm, steps) -> paint(chart.addSeries(arm,
            steps.stream().mapToDouble(LadderStep::offeredPerSecond).toArray(),
            steps.stream().mapToDouble(step -> Math.max(1e-3, value.applyAsDouble(step))).toArray()), arm));
    }

    /** How long the stages of a flow took over its rate, and what is allowed. */
    XYChart stages(final FlowResult flow, final String percentile) {
        final XYChart chart = chart(flow.flow() + ": p" + percentile + " of its stages over its rate",
            "events of the flow per second   [" + machine + "]", "microseconds", HEIGHT);
        chart.getStyler().setXAxisLogarithmic(true).setYAxisLogarithmic(true).setXAxisDecimalPattern(NUMBERS)
            .setYAxisDecimalPattern(NUMBERS);
        final List<FlowStep> steps = flow.steps().stream().filter(step -> step.stages().containsKey(Stage.TOTAL))
            .sorted(Comparator.comparingDouble(FlowStep::flowRate)).toList();
        final double[] rates = steps.stream().mapToDouble(FlowStep::flowRate).toArray();
        for (final Stage stage : Stage.values()) {
            chart.addSeries(stage.name().toLowerCase(Locale.ROOT), rates, steps.stream()
                .mapToDouble(step -> Math.max(1e-3, step.stages().get(stage).judgedNs() / 1e3)).toArray());
        }
        final double limitUs = flow.objective().limitsNs().get(Stage.TOTAL) / 1e3;
        line(chart, "objective", new double[] {rates[0], rates[rates.length - 1]}, new double[] {limitUs, limitUs},
            CONTROL, 2);
        return chart;
    }

    /** The median of each arm, as a bar. */
    CategoryChart bars(final ComparisonResult result, final Metric metric, final List<String> arms) {
        final CategoryChart chart = new CategoryChartBuilder().width(WIDTH).height(HEIGHT)
            .title(title(result, metric.name() + ", median of the runs"))
            .xAxisTitle(conditions(result, "")).yAxisTitle(metric.unit()).build();
        style(chart.getStyler());
        chart.getStyler().setAvailableSpaceFill(0.6).setYAxisMin(0.0).setLegendVisible(false);
        chart.getStyler().setSeriesColors(new Color[] {OURS, new Color(20, 33, 61)});
        chart.addSeries(metric.name(), arms,
            arms.stream().map(arm -> result.median(arm, metric.name()).orElse(0)).toList());
        return chart;
    }

    /** A line from the smallest to the largest ratio, a dot at the median; the control is grey. */
    XYChart ratios(final String scenario, final List<RatioSummary> summaries) {
        final List<RatioSummary> shown = summaries.stream().filter(s -> s.pairs() > 0).toList();
        final XYChart chart = chart(scenario + ": ratios, smallest, median and largest; grey: control",
            RATIO + "   [" + machine + "]", "", FRAME_HEIGHT + ROW_HEIGHT * shown.size());
        final AxesChartStyler styler = chart.getStyler();
        final double largest = shown.stream().mapToDouble(s -> Math.max(s.ratioMax(), s.control().max())).max()
            .orElse(1);
        styler.setYAxisMin(-0.5).setYAxisMax(shown.size() - 0.5).setYAxisTickMarkSpacingHint(ROW_HEIGHT * 4 / 5)
            .setXAxisDecimalPattern("0.####").setXAxisLogarithmic(largest > MAX_LINEAR_RATIO);
        if (largest <= MAX_LINEAR_RATIO) {
            styler.setXAxisMin(0.0);
        }
        styler.setLegendVisible(false);
        chart.getStyler().setDefaultSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Line);
        chart.setCustomYAxisTickLabelsFormatter(value -> label(shown, value));
        line(chart, "one", new double[] {1, 1}, new double[] {-0.5, shown.size() - 0.5}, Color.BLACK, 1);
        for (int i = 0; i < shown.size(); i++) {
            final RatioSummary summary = shown.get(i);
            final double row = shown.size() - 1.0 - i;
            bar(chart, "control" + i, row - 0.18, summary.control().min(), summary.control().median(),
                summary.control().max(), CONTROL, 2);
            bar(chart, "ratio" + i, row + 0.08, summary.ratioMin(), summary.ratioMedian(), summary.ratioMax(),
                OURS, 5);
        }
        return chart;
    }

    private static void bar(
        final XYChart chart, final String name, final double row, final double min, final double median,
        final double max, final Color colour, final int width) {
        if (!(min > 0)) {
            return;
        }
        line(chart, name, new double[] {min, max}, new double[] {row, row}, colour, width);
        final XYSeries dot = chart.addSeries(name + "median", new double[] {median}, new double[] {row});
        dot.setMarker(SeriesMarkers.CIRCLE);
        dot.setMarkerColor(colour);
    }

    private static void line(
        final XYChart chart, final String name, final double[] x, final double[] y, final Color colour,
        final int width) {
        final XYSeries series = chart.addSeries(name, x, y);
        series.setMarker(SeriesMarkers.NONE);
        series.setLineColor(colour);
        series.setLineStyle(new BasicStroke(width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
    }

    private static String label(final List<RatioSummary> shown, final double value) {
        final int index = shown.size() - 1 - (int)Math.round(value);
        if (Math.abs(value - Math.round(value)) > 1e-6) {
            return String.format(Locale.ROOT, "%.3f", value);
        }
        if (index < 0 || index >= shown.size()) {
            // Blank, and each another blank: see percentile().
            return " ".repeat(1 + Math.abs(index) % 50);
        }
        final RatioSummary summary = shown.get(index);
        return summary.comparison() + " " + summary.metric() + ": " + summary.arm() + " / " + summary.baseline();
    }

    static Map<String, List<LadderStep>> ladders(final ComparisonResult result) {
        final Map<String, List<LadderStep>> ladders = new LinkedHashMap<>();
        for (final ArmResult arm : result.results()) {
            if (!arm.ladder().isEmpty() && !arm.failed()) {
                ladders.putIfAbsent(arm.arm(), arm.ladder());
            }
        }
        return ladders;
    }
}
