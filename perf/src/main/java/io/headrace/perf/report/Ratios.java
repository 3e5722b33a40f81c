package io.headrace.perf.report;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Immutable: the ratios of two arms that were measured in the same rounds.
 *
 * @param name   what is divided by what.
 * @param goal   what it should be; empty for a control.
 * @param median of the rounds.
 * @param min    of the rounds.
 * @param max    of the rounds.
 * @param pairs  each round's, in their order.
 */
public record Ratios(String name, String goal, double median, double min, double max, List<Double> pairs) {
    /**
     * Divides pair by pair.
     *
     * @param name  what is divided by what.
     * @param goal  what it should be; empty for a control.
     * @param above each round's.
     * @param below each round's, in the same order.
     * @return the ratios.
     */
    public static Ratios of(final String name, final String goal, final List<Double> above, final List<Double> below) {
        final double[] pairs = new double[above.size()];
        for (int i = 0; i < pairs.length; i++) {
            pairs[i] = above.get(i) / below.get(i);
        }
        final double[] sorted = pairs.clone();
        Arrays.sort(sorted);
        final int middle = sorted.length / 2;
        final double median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Ratios(name, goal, median, sorted[0], sorted[sorted.length - 1],
            Arrays.stream(pairs).boxed().toList());
    }

    /** {@return the ratios on one line} */
    public String line() {
        return String.format(Locale.ROOT, "%-36s median %7.3f  min %7.3f  max %7.3f  %s", name, median, min, max, goal);
    }
}
