package io.headrace.perf.rig;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The main thread of an arm's JVM: takes what the arm finds. */
public final class ArmRun {
    private final Settings settings;
    private final int pair;
    private final Path folder;
    private final Path scratch;
    private final Map<String, Double> metrics = new LinkedHashMap<>();
    private final Map<String, Long> counts = new LinkedHashMap<>();
    private final List<String> failures = new ArrayList<>();
    private final List<LadderStep> ladder = new ArrayList<>();
    private final List<String> histograms = new ArrayList<>();

    /**
     * Makes a run.
     *
     * @param settings of it.
     * @param pair     from 1.
     * @param folder   for what is part of the report.
     * @param scratch  for what is not.
     */
    public ArmRun(final Settings settings, final int pair, final Path folder, final Path scratch) {
        this.settings = settings;
        this.pair = pair;
        this.folder = folder;
        this.scratch = scratch;
    }

    /** {@return how the run was asked for} */
    public Settings settings() {
        return settings;
    }

    /** {@return which pair this is, from 1} */
    public int pair() {
        return pair;
    }

    /** {@return where it may write; what it leaves there is part of the report} */
    public Path folder() {
        return folder;
    }

    /**
     * Where it may put what is large and no part of the report: beside the report, so on the same disk.
     *
     * @return a folder that is not there yet; the rig deletes it when the arm's JVM has ended, however that was.
     */
    public Path scratch() {
        return scratch;
    }

    /**
     * A figure.
     *
     * @param name  as its metric is called.
     * @param value in the metric's unit.
     */
    public void metric(final String name, final double value) {
        metrics.put(name, value);
    }

    /**
     * A count of events.
     *
     * @param name  of what was counted.
     * @param value how many.
     */
    public void count(final String name, final long value) {
        counts.put(name, value);
    }

    /**
     * The arm does not count.
     *
     * @param reason why.
     */
    public void fail(final String reason) {
        failures.add(reason);
    }

    /** {@return why it does not count; empty when it does} */
    public List<String> failures() {
        return List.copyOf(failures);
    }

    /**
     * One rate of a ladder.
     *
     * @param step what happened at it.
     */
    public void ladder(final LadderStep step) {
        ladder.add(step);
    }

    /**
     * Takes times of events: writes them beside the result, and their percentiles as metrics.
     *
     * @param name    of the times, such as response.
     * @param history of the measured part, in nanoseconds.
     * @throws IOException when it cannot be written.
     */
    public void times(final String name, final TimeHistory history) throws IOException {
        history.write(folder, PairRunner.fileName(name));
        histograms.add(name);
        metric(name + " p50", history.total().getValueAtPercentile(50) / 1e3);
        metric(name + " p99", history.total().getValueAtPercentile(99) / 1e3);
        metric(name + " p99.9", history.total().getValueAtPercentile(99.9) / 1e3);
        metric(name + " max", history.total().getMaxValue() / 1e3);
    }

    ArmResult result(final String scenario, final String comparison, final String arm, final double tookSeconds) {
        return new ArmResult(scenario, comparison, arm, pair, metrics, counts, failures, ladder, histograms,
            tookSeconds);
    }
}
