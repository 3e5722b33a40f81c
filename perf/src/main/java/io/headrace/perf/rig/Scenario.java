package io.headrace.perf.rig;

import java.util.List;

/** Immutable: a question, and the comparisons that answer it. */
public interface Scenario {
    /** {@return its short name, such as S1} */
    String id();

    /** {@return what is asked} */
    String question();

    /**
     * What is compared.
     *
     * @param settings of the run.
     * @return at least one comparison.
     */
    List<Comparison> comparisons(Settings settings);

    /** {@return whether it exists to try the rig, and is left out of the list} */
    default boolean fixture() {
        return false;
    }
}
