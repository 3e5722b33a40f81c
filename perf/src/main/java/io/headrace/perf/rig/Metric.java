package io.headrace.perf.rig;

import java.util.List;
import java.util.Optional;

/**
 * Immutable: a figure that every arm of a comparison gives.
 *
 * @param name           of the figure.
 * @param unit           of its values.
 * @param higherIsBetter or lower.
 * @param goals          for ratios of it.
 */
public record Metric(String name, String unit, boolean higherIsBetter, List<Goal> goals) {

    /**
     * What a ratio should be: at least the limit where higher is better, at most where lower is.
     *
     * @param subject  above the line.
     * @param baseline below it.
     * @param limit    of the ratio.
     */
    public record Goal(String subject, String baseline, double limit) {
    }

    /**
     * A figure of which more is better.
     *
     * @param name  of the figure.
     * @param unit  of its values.
     * @param goals for ratios of it.
     * @return the metric.
     */
    public static Metric more(final String name, final String unit, final Goal... goals) {
        return new Metric(name, unit, true, List.of(goals));
    }

    /**
     * A figure of which less is better.
     *
     * @param name  of the figure.
     * @param unit  of its values.
     * @param goals for ratios of it.
     * @return the metric.
     */
    public static Metric less(final String name, final String unit, final Goal... goals) {
        return new Metric(name, unit, false, List.of(goals));
    }

    Optional<Goal> goal(final String subject, final String baseline) {
        return goals.stream().filter(g -> g.subject().equals(subject) && g.baseline().equals(baseline)).findFirst();
    }

    boolean meets(final double ratio, final double limit) {
        return higherIsBetter ? ratio >= limit : ratio <= limit;
    }
}
