package io.headrace.perf.rig;

import java.util.List;
import java.util.Map;

/**
 * Immutable: what one arm found in one pair.
 *
 * @param scenario    that it belongs to.
 * @param comparison  that it belongs to.
 * @param arm         its name, or that of the control.
 * @param pair        from 1.
 * @param metrics     by name.
 * @param counts      of events: sent, received, lost and so on.
 * @param failures    why it does not count; empty when it does.
 * @param ladder      the rates that were tried, if any.
 * @param histograms  names of the histograms written beside the result.
 * @param tookSeconds with the JVM's start.
 */
public record ArmResult(
    String scenario, String comparison, String arm, int pair, Map<String, Double> metrics, Map<String, Long> counts,
    List<String> failures, List<LadderStep> ladder, List<String> histograms, double tookSeconds) {

    /** {@return whether it does not count} */
    public boolean failed() {
        return !failures.isEmpty();
    }
}
