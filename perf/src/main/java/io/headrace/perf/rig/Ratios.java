package io.headrace.perf.rig;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Immutable: the ratios of two arms that ran in the same pairs.
 *
 * @param median of the pairs.
 * @param min    of the pairs.
 * @param max    of the pairs.
 * @param pairs  each pair's, in their order.
 */
record Ratios(double median, double min, double max, List<Double> pairs) {
    /** Divides pair by pair; a pair in which an arm failed is left out. */
    static Ratios of(final String metric, final List<ArmResult> above, final List<ArmResult> below) {
        final List<Double> ratios = new ArrayList<>();
        for (final ArmResult one : above) {
            below.stream().filter(other -> other.pair() == one.pair()).filter(other ->
                counts(one, metric) && counts(other, metric) && other.metrics().get(metric) != 0)
                .forEach(other -> ratios.add(one.metrics().get(metric) / other.metrics().get(metric)));
        }
        final double[] values = ratios.stream().mapToDouble(Double::doubleValue).toArray();
        final double none = Double.NaN;
        return values.length == 0 ? new Ratios(none, none, none, List.of()) : new Ratios(median(values),
            Arrays.stream(values).min().orElse(none), Arrays.stream(values).max().orElse(none), ratios);
    }

    private static boolean counts(final ArmResult result, final String metric) {
        return !result.failed() && result.metrics().containsKey(metric);
    }

    static double median(final double[] values) {
        final double[] sorted = values.clone();
        Arrays.sort(sorted);
        final int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
