package io.headrace.perf.log;

import io.headrace.perf.log.RecordArm.Arm;
import io.headrace.perf.report.Arguments;
import io.headrace.perf.rig.HiccupMeter;
import io.headrace.perf.report.Ratios;
import io.headrace.perf.report.Report;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What the event log costs: the bus with its log beside the archive alone and beside the bus without one. Each arm in
 * a fresh JVM, one pair after the other, turned round from pair to pair, with the baselines run twice as the control.
 *
 * <p>Arguments: {@code --pairs 5 --sync none|data --events 4000000 --folder DIR --report FILE}.
 */
public final class RecordComparison {
    private static final int MANY_PUBLISHERS = 32;

    private final String sync;
    private final long events;
    private final Path folder;
    private final Map<String, List<Double>> values = new LinkedHashMap<>();

    private RecordComparison(final String sync, final long events, final Path folder) {
        this.sync = sync;
        this.events = events;
        this.folder = folder;
    }

    /**
     * Runs the comparison.
     *
     * @param args as described above.
     * @throws Exception when an arm fails.
     */
    public static void main(final String[] args) throws Exception {
        final Arguments arguments = new Arguments(args, "pairs", "sync", "events", "folder", "report");
        final String sync = arguments.text("sync", "none");
        final Path folder = arguments.text("folder", "").isEmpty() ?
            Files.createTempDirectory("headrace-record") : Path.of(arguments.text("folder", ""));
        final RecordComparison comparison =
            new RecordComparison(sync, arguments.number("events", 4_000_000), folder.resolve("log"));
        final Report report = new Report("What does the event log cost, with sync: " + sync + "?", args);
        try (HiccupMeter hiccups = new HiccupMeter()) {
            for (int pair = 0; pair < arguments.number("pairs", 5); pair++) {
                comparison.runPair(pair);
            }
            report.put("hiccupsNs", hiccups.figures()).put("values", comparison.values);
        }
        report.finish(comparison.ratios(), arguments.text("report", ""));
    }

    private void runPair(final int pair) throws Exception {
        final List<ArmRun> arms = new ArrayList<>();
        final int publishers = "data".equals(sync) ? MANY_PUBLISHERS : 1;
        arms.add(() -> run(Arm.BUS_THROUGHPUT, publishers, "perSecond", "bus throughput"));
        arms.add(() -> run(Arm.BARE_THROUGHPUT, 1, "perSecond", "bare throughput"));
        arms.add(() -> run(Arm.BUS_RECORDED, 1, "p50", "bus recorded p50"));
        arms.add(() -> run(Arm.BARE_RECORDED, 1, "p50", "bare recorded p50"));
        arms.add(() -> run(Arm.HANDLER_WITH_LOG, 1, "p50", "handler with log p50"));
        arms.add(() -> run(Arm.HANDLER_WITHOUT_LOG, 1, "p50", "handler without log p50"));
        if (pair % 2 == 1) {
            Collections.reverse(arms);
        }
        for (final ArmRun arm : arms) {
            arm.run();
        }
        run(Arm.BARE_THROUGHPUT, 1, "perSecond", "control throughput");
        run(Arm.BARE_RECORDED, 1, "p50", "control recorded p50");
        run(Arm.HANDLER_WITHOUT_LOG, 1, "p50", "control handler p50");
    }

    /** A step that may fail. */
    @FunctionalInterface
    private interface ArmRun {
        void run() throws Exception;
    }

    private void run(final Arm arm, final int publishers, final String figure, final String name) throws Exception {
        final Map<String, Double> figures = Child.run(List.of(), RecordArm.class,
            arm.name(), sync, Long.toString(events), Integer.toString(publishers), folder.toString());
        values.computeIfAbsent(name, n -> new ArrayList<>()).add(figures.get(figure));
        System.out.printf(Locale.ROOT, "%-26s %s%n", name, figures);
    }

    private List<Ratios> ratios() {
        final boolean synced = "data".equals(sync);
        return List.of(
            ratio("bus throughput", "bare throughput", synced ? "goal: at least 1" : "goal: at least 0.8"),
            ratio("control throughput", "bare throughput", ""),
            ratio("bus recorded p50", "bare recorded p50", synced ? "goal: at most 1.3" : ""),
            ratio("control recorded p50", "bare recorded p50", ""),
            ratio("handler with log p50", "handler without log p50", synced ? "" : "goal: at most 1.2"),
            ratio("control handler p50", "handler without log p50", ""));
    }

    private Ratios ratio(final String above, final String below, final String goal) {
        return Ratios.of(above + " / " + below, goal, values.get(above), values.get(below));
    }
}
