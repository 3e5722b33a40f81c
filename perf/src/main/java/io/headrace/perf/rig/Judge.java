package io.headrace.perf.rig;

import io.headrace.perf.rig.RatioSummary.Control;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Stateless: turns what the arms found into ratios, each with a verdict that says no more than the control allows. */
public final class Judge {
    private Judge() {
    }

    /**
     * Judges every one of ours beside the baseline and each peer.
     *
     * @param result of a comparison.
     * @return a line for each metric of each pair of arms.
     */
    public static List<RatioSummary> summaries(final ComparisonResult result) {
        final List<RatioSummary> summaries = new ArrayList<>();
        final Comparison comparison = result.comparison();
        for (final Metric metric : comparison.metrics()) {
            final Ratios controlRatios = Ratios.of(
                metric.name(), result.of(Comparison.CONTROL), result.of(comparison.baseline().name()));
            final Control control = new Control(controlRatios.median(), controlRatios.min(), controlRatios.max());
            for (final Arm subject : arms(comparison, true)) {
                for (final Arm other : arms(comparison, false)) {
                    final Ratios ratios =
                        Ratios.of(metric.name(), result.of(subject.name()), result.of(other.name()));
                    if (!everyRunGave(result, metric, subject, other)) {
                        continue;
                    }
                    summaries.add(new RatioSummary(result.scenario(), comparison.name(), subject.name(), other.name(),
                        metric.name(), metric.unit(), ratios.median(), ratios.min(), ratios.max(),
                        ratios.pairs().size(), control, verdict(result, metric, subject, other, ratios, control),
                        result.median(subject.name(), metric.name()).orElse(Double.NaN),
                        result.median(other.name(), metric.name()).orElse(Double.NaN), ratios.pairs()));
                }
            }
        }
        return summaries;
    }

    /** In a quick run only the first pair gives some figures: no ratio is made of those. Failed runs are told of. */
    private static boolean everyRunGave(
        final ComparisonResult result, final Metric metric, final Arm subject, final Arm other) {
        return Stream.of(subject, other).flatMap(arm -> result.of(arm.name()).stream())
            .allMatch(run -> run.failed() || run.metrics().containsKey(metric.name()));
    }

    private static List<Arm> arms(final Comparison comparison, final boolean subjects) {
        return comparison.arms().stream().filter(arm -> (arm.role() == Arm.Role.SUBJECT) == subjects).toList();
    }

    private static String verdict(
        final ComparisonResult result, final Metric metric, final Arm subject, final Arm other, final Ratios ratios,
        final Control control) {
        final Optional<ArmResult> failed = result.failures().stream()
            .filter(f -> f.arm().equals(subject.name()) || f.arm().equals(other.name())).findFirst();
        if (failed.isPresent()) {
            return "failed: " + failed.get().arm() + " in pair " + failed.get().pair() + ": "
                + failed.get().failures().get(0);
        }
        if (ratios.pairs().isEmpty() || Double.isNaN(control.median())) {
            return "no verdict: not every arm gave this figure";
        }
        if (!control.quiet()) {
            return String.format(Locale.ROOT,
                "this machine is too noisy for a verdict: the baseline beside itself came to %.2f (%.2f to %.2f), "
                + "hiccups' p99 %.1f ms, load %.1f on %d cores", control.median(),
                control.min(), control.max(), result.hiccupsUs().get("p99") / 1e3,
                result.load().get(result.load().size() - 1), Runtime.getRuntime().availableProcessors());
        }
        if (ratios.pairs().size() < Settings.MIN_PAIR_COUNT) {
            return "no verdict: fewer than " + Settings.MIN_PAIR_COUNT + " pairs";
        }
        final Optional<Metric.Goal> goal = metric.goal(subject.name(), other.name());
        return goal.map(g -> judgeGoal(metric, ratios, g.limit())).orElseGet(() -> describe(metric, ratios, control));
    }

    private static String judgeGoal(final Metric metric, final Ratios ratios, final double limit) {
        final String goal = String.format(Locale.ROOT, " (%s %.2f)", metric.higherIsBetter() ? "at least" : "at most",
            limit);
        final double worst = metric.higherIsBetter() ? ratios.min() : ratios.max();
        final double best = metric.higherIsBetter() ? ratios.max() : ratios.min();
        if (metric.meets(worst, limit)) {
            return "goal met in every pair" + goal;
        }
        if (!metric.meets(best, limit)) {
            return "goal missed in every pair" + goal;
        }
        return (metric.meets(ratios.median(), limit) ? "goal met at the median, not in every pair"
            : "goal missed at the median, met in some pairs") + goal;
    }

    /** A difference smaller than the control's own spread is none. */
    private static String describe(final Metric metric, final Ratios ratios, final Control control) {
        final double low = Math.min(1, control.min());
        final double high = Math.max(1, control.max());
        if (ratios.max() < low) {
            return metric.higherIsBetter() ? "worse than it in every pair" : "better than it in every pair";
        }
        if (ratios.min() > high) {
            return metric.higherIsBetter() ? "better than it in every pair" : "worse than it in every pair";
        }
        return ratios.median() >= low && ratios.median() <= high
            ? "no difference shown" : "a difference at the median, not in every pair";
    }
}
