package io.headrace.perf.rig;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The rig's main thread: runs the arms of a comparison in pairs, each in a fresh JVM, one at a time. The order is
 * turned round from pair to pair (A B B A), so that whatever drifts on the machine falls on all of them; the baseline
 * runs again at the far end of each pair, as the control.
 */
public final class PairRunner {
    private final Settings settings;
    private final Path folder;
    private final Path scratch;
    private final Progress progress;

    /** Hears what happens. */
    @FunctionalInterface
    public interface Progress {
        /**
         * An arm has ended.
         *
         * @param result of it.
         */
        void onResult(ArmResult result);
    }

    /**
     * Makes a runner.
     *
     * @param settings of the run.
     * @param folder   for what the arms find.
     * @param scratch  for what they delete again.
     * @param progress to be told.
     */
    public PairRunner(final Settings settings, final Path folder, final Path scratch, final Progress progress) {
        this.settings = settings;
        this.folder = folder;
        this.scratch = scratch;
        this.progress = progress;
    }

    /**
     * How many JVMs a comparison takes.
     *
     * @param comparison to be run.
     * @return their number.
     */
    public int runCount(final Comparison comparison) {
        return order(comparison).size() * settings.pairCount();
    }

    private static List<String> order(final Comparison comparison) {
        final List<String> order = new ArrayList<>();
        order.add(comparison.baseline().name());
        comparison.arms().stream().map(Arm::name).filter(name -> !name.equals(comparison.baseline().name()))
            .forEach(order::add);
        order.add(Comparison.CONTROL);
        return order;
    }

    /**
     * Runs a comparison.
     *
     * @param scenario   that it belongs to.
     * @param comparison to be run.
     * @return what the arms found.
     * @throws IOException          when a result cannot be written or read.
     * @throws InterruptedException when interrupted.
     */
    public ComparisonResult run(final Scenario scenario, final Comparison comparison)
        throws IOException, InterruptedException {
        final List<ArmResult> results = new ArrayList<>();
        final double loadBefore = load();
        final Map<String, Double> hiccupsUs = new LinkedHashMap<>();
        try (HiccupMeter hiccups = new HiccupMeter()) {
            for (int pair = 1; pair <= settings.pairCount(); pair++) {
                final List<String> order = order(comparison);
                if (pair % 2 == 0) {
                    Collections.reverse(order);
                }
                for (final String arm : order) {
                    final ArmResult result = ArmProcess.run(scenario.id(), comparison, arm, pair, settings,
                        folder(scenario.id(), comparison, arm, pair), scratch);
                    results.add(result);
                    progress.onResult(result);
                }
            }
            hiccups.figures().forEach((name, ns) -> hiccupsUs.put(name, ns / 1e3));
        }
        return new ComparisonResult(scenario.id(), comparison, results, hiccupsUs, List.of(loadBefore, load()));
    }

    /**
     * Where an arm's findings lie.
     *
     * @param scenario   that it belongs to.
     * @param comparison that it belongs to.
     * @param arm        its name.
     * @param pair       from 1.
     * @return the folder.
     */
    public Path folder(final String scenario, final Comparison comparison, final String arm, final int pair) {
        return folder.resolve(scenario).resolve(fileName(comparison.name()))
            .resolve(fileName(arm) + "-" + pair).toAbsolutePath();
    }

    /**
     * A name as part of a file's.
     *
     * @param name of anything.
     * @return letters, digits and hyphens.
     */
    public static String fileName(final String name) {
        return name.replaceAll("[^A-Za-z0-9.]+", "-");
    }

    private static double load() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }
}
