package io.headrace.perf.rig;

import com.fasterxml.jackson.annotation.JsonIgnore;

import java.util.List;

/**
 * Immutable: one line of {@code summary.json}, what one metric of one of ours came to beside a baseline.
 *
 * @param scenario    such as {@code S1}.
 * @param comparison  within it, such as {@code 1P1C}.
 * @param arm         above the line.
 * @param baseline    below it.
 * @param metric      whose values are divided.
 * @param unit        of the values.
 * @param ratioMedian of the pairs.
 * @param ratioMin    of the pairs.
 * @param ratioMax    of the pairs.
 * @param pairs       how many there are.
 * @param control     the ratio of the comparison's baseline to itself.
 * @param verdict     in words.
 * @param armMedian   of the values of the arm.
 * @param baselineMedian of the values of the baseline.
 * @param ratios      pair by pair.
 */
public record RatioSummary(
    String scenario, String comparison, String arm, String baseline, String metric, String unit, double ratioMedian,
    double ratioMin, double ratioMax, int pairs, Control control, String verdict, double armMedian,
    double baselineMedian, List<Double> ratios) {

    /**
     * The ratio of a baseline to itself.
     *
     * @param median of the pairs.
     * @param min    of the pairs.
     * @param max    of the pairs.
     */
    public record Control(double median, double min, double max) {
        private static final double MAX_DEVIATION = 0.05;

        /** {@return whether the machine was quiet enough for a verdict} */
        @JsonIgnore
        public boolean quiet() {
            return Math.abs(median - 1) <= MAX_DEVIATION;
        }
    }
}
