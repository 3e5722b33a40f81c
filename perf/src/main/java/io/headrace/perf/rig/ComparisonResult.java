package io.headrace.perf.rig;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * Immutable: what all arms of a comparison found.
 *
 * @param scenario   that it belongs to.
 * @param comparison that ran.
 * @param results    of every arm in every pair, in the order in which they ran.
 * @param hiccupsUs  of the machine meanwhile: p50, p99 and max.
 * @param load       averages over a minute, before and after.
 */
public record ComparisonResult(
    String scenario, Comparison comparison, List<ArmResult> results, Map<String, Double> hiccupsUs,
    List<Double> load) {

    /** {@return the results that do not count} */
    public List<ArmResult> failures() {
        return results.stream().filter(ArmResult::failed).toList();
    }

    /**
     * The results of one arm, in the order of the pairs.
     *
     * @param arm its name, or that of the control.
     * @return its results.
     */
    public List<ArmResult> of(final String arm) {
        return results.stream().filter(result -> result.arm().equals(arm)).toList();
    }

    /**
     * The median of an arm's values.
     *
     * @param arm    its name.
     * @param metric whose values.
     * @return nothing when no run of it has a value.
     */
    public OptionalDouble median(final String arm, final String metric) {
        final double[] values = of(arm).stream().filter(result -> result.metrics().containsKey(metric))
            .mapToDouble(result -> result.metrics().get(metric)).toArray();
        return values.length == 0 ? OptionalDouble.empty() : OptionalDouble.of(Ratios.median(values));
    }
}
