package io.headrace.perf.postgres;

import io.headrace.perf.report.Arguments;
import io.headrace.perf.rig.HiccupMeter;
import io.headrace.perf.report.Ratios;
import io.headrace.perf.report.Report;
import org.HdrHistogram.Histogram;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How long a committed row takes to reach a handler: a closed loop of single-row inserts against one server, the arms
 * one at a time, in turn and turned round from round to round, the bare reader twice in each round as the control.
 *
 * <p>Arguments: {@code --rounds 5 --inserts 2000 --fsync off --default-inserts 40 --debezium on --report FILE}. Every
 * arm's rounds begin with 500 inserts that do not count, and a first round of all the quick arms does not count at all.
 */
public final class ClosedLoop {
    private static final int WARM_UP_INSERTS = 500;
    private static final int DEFAULTS_WARM_UP_INSERTS = 3;
    private static final String CONTROL = "bare-again";

    private final MeasuredServer server;
    private final boolean debezium;
    private final List<Map<String, Object>> runs = new ArrayList<>();
    private final Map<String, List<Double>> medians = new LinkedHashMap<>();
    private int runCount;

    private ClosedLoop(final MeasuredServer server, final boolean debezium) {
        this.server = server;
        this.debezium = debezium;
    }

    /**
     * Runs the comparison.
     *
     * @param args as described above.
     * @throws Exception when an arm fails.
     */
    public static void main(final String[] args) throws Exception {
        final Arguments arguments =
            new Arguments(args, "rounds", "inserts", "fsync", "default-inserts", "debezium", "report");
        final boolean fsync = "on".equals(arguments.text("fsync", "off"));
        final Report report = new Report(
            "How long does a single-row insert take, from execute to the handler, beside the bare driver and Debezium?",
            args);
        try (MeasuredServer server = new MeasuredServer(fsync)) {
            report.put("server", server.query("SELECT version()"))
                .put("settings", "synchronous_commit=on, fsync=" + (fsync ? "on" : "off"));
            final ClosedLoop loop = new ClosedLoop(server, "on".equals(arguments.text("debezium", "on")));
            loop.rounds(arguments.number("rounds", 5), arguments.number("inserts", 2000));
            if (loop.debezium) {
                loop.run(0, Arm.DEBEZIUM_DEFAULTS, Arm.DEBEZIUM_DEFAULTS.label(), DEFAULTS_WARM_UP_INSERTS,
                    arguments.number("default-inserts", 40));
            }
            report.put("runs", loop.runs).finish(loop.ratios(), arguments.text("report", ""));
        }
        System.exit(0);
    }

    private void rounds(final int roundCount, final int insertCount) throws Exception {
        for (final Arm arm : List.of(Arm.BARE, Arm.BARE_YIELD, Arm.HEADRACE_ECO, Arm.HEADRACE_YIELD)) {
            measure(arm, WARM_UP_INSERTS, insertCount);
        }
        for (int round = 1; round <= roundCount; round++) {
            final List<Map.Entry<String, Arm>> order = new ArrayList<>(List.of(
                Map.entry(CONTROL, Arm.BARE),
                Map.entry(Arm.HEADRACE_ECO.label(), Arm.HEADRACE_ECO),
                Map.entry(Arm.BARE.label(), Arm.BARE),
                Map.entry(Arm.HEADRACE_YIELD.label(), Arm.HEADRACE_YIELD),
                Map.entry(Arm.BARE_YIELD.label(), Arm.BARE_YIELD)));
            if (debezium) {
                order.add(Map.entry(Arm.DEBEZIUM_1MS.label(), Arm.DEBEZIUM_1MS));
            }
            if (round % 2 == 0) {
                Collections.reverse(order);
            }
            for (final Map.Entry<String, Arm> entry : order) {
                run(round, entry.getValue(), entry.getKey(), WARM_UP_INSERTS, insertCount);
            }
        }
    }

    private void run(
        final int round, final Arm arm, final String label, final int warmUpCount, final int insertCount)
        throws Exception {
        final Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("round", round);
        figures.put("arm", label);
        figures.putAll(measure(arm, warmUpCount, insertCount));
        runs.add(figures);
        final Map<?, ?> latency = (Map<?, ?>)figures.get("latencyNs");
        medians.computeIfAbsent(label, l -> new ArrayList<>()).add(((Long)latency.get("p50")).doubleValue());
        System.out.printf(Locale.ROOT, "round %d  %-18s p50 %9.1f µs  p99 %9.1f µs  max %9.1f µs  hiccups p99 %s µs%n",
            round, label, micros(latency.get("p50")), micros(latency.get("p99")), micros(latency.get("max")),
            micros(((Map<?, ?>)figures.get("hiccupsNs")).get("p99")));
    }

    private static double micros(final Object nanos) {
        return ((Long)nanos) / 1e3;
    }

    private Map<String, Object> measure(final Arm arm, final int warmUpCount, final int insertCount) throws Exception {
        final String name = "loop_" + ++runCount;
        server.createTable(name);
        final Map<String, Object> figures = new LinkedHashMap<>();
        try (InsertLoop loop = new InsertLoop(server, name)) {
            try (AutoCloseable reader = arm.start(server, name, loop)) {
                loop.awaitArm();
                loop.run(warmUpCount);
                try (HiccupMeter hiccups = new HiccupMeter()) {
                    final Histogram latency = loop.run(insertCount);
                    figures.put("latencyNs", figures(latency));
                    figures.put("hiccupsNs", hiccups.figures());
                }
                figures.put("reader", reader.getClass().getSimpleName());
            }
        }
        server.dropTable(name);
        return figures;
    }

    private static Map<String, Long> figures(final Histogram histogram) {
        final Map<String, Long> figures = new LinkedHashMap<>();
        figures.put("count", histogram.getTotalCount());
        figures.put("p50", histogram.getValueAtPercentile(50));
        figures.put("p90", histogram.getValueAtPercentile(90));
        figures.put("p99", histogram.getValueAtPercentile(99));
        figures.put("p999", histogram.getValueAtPercentile(99.9));
        figures.put("max", histogram.getMaxValue());
        return figures;
    }

    private List<Ratios> ratios() {
        final List<Ratios> ratios = new ArrayList<>(List.of(
            ratio(CONTROL, Arm.BARE, "control (A/A), 1 expected"),
            ratio(Arm.HEADRACE_ECO.label(), Arm.BARE, "at most 1.3: both block in the kernel"),
            ratio(Arm.HEADRACE_YIELD.label(), Arm.BARE, "at most 1.3"),
            ratio(Arm.HEADRACE_YIELD.label(), Arm.BARE_YIELD, "at most 1.3: both yield")));
        if (debezium) {
            ratios.add(ratio(Arm.HEADRACE_ECO.label(), Arm.DEBEZIUM_1MS, "at most 0.2"));
            ratios.add(ratio(Arm.HEADRACE_YIELD.label(), Arm.DEBEZIUM_1MS, "at most 0.2"));
        }
        return ratios;
    }

    private Ratios ratio(final String above, final Arm below, final String goal) {
        return Ratios.of(above + "/" + below.label() + " p50", goal, medians.get(above), medians.get(below.label()));
    }
}
