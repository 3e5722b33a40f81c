package io.headrace.perf.rig;

import java.util.List;

/**
 * Immutable: arms that do the same, and what is asked of them.
 *
 * @param name       of the comparison within its scenario.
 * @param conditions under which all arms run, for plots.
 * @param arms       with exactly one baseline.
 * @param metrics    of which ratios are taken.
 */
public record Comparison(String name, String conditions, List<Arm> arms, List<Metric> metrics) {
    /** How the second run of the baseline is called. */
    public static final String CONTROL = "control";

    /** Checks the arms. */
    public Comparison {
        final long baselines = arms.stream().filter(arm -> arm.role() == Arm.Role.BASELINE).count();
        if (baselines != 1) {
            throw new IllegalArgumentException("comparison=" + name + " has " + baselines + " baselines");
        }
    }

    Arm baseline() {
        return arms.stream().filter(arm -> arm.role() == Arm.Role.BASELINE).findFirst().orElseThrow();
    }

    /**
     * Looks an arm up; the control is the baseline.
     *
     * @param armName of the arm.
     * @return the arm.
     */
    public Arm arm(final String armName) {
        return CONTROL.equals(armName) ? baseline() :
            arms.stream().filter(arm -> arm.name().equals(armName)).findFirst().orElseThrow(
                () -> new IllegalArgumentException("arm=" + armName + " is not in comparison=" + name));
    }
}
