package io.headrace.adapters.testkit;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import static org.junit.jupiter.api.Assertions.assertEquals;

/**
 * What must fail, and what may fail besides as it depends on how a lane happens to cut its batches.
 */
record Expectation(Set<String> must, Set<String> may) {
    static Expectation exactly(final String... testNames) {
        return new Expectation(Set.of(testNames), Set.of());
    }

    Expectation maybe(final String... testNames) {
        return new Expectation(must, Set.of(testNames));
    }

    /** Of tests that failed, those that should not have. */
    Set<String> surprising(final Set<String> failed) {
        final Set<String> surprising = new TreeSet<>(failed);
        surprising.removeAll(must);
        surprising.removeAll(may);
        return surprising;
    }

    void check(final Map<String, String> failures) {
        final Set<String> surprising = surprising(failures.keySet());
        final Set<String> missing = new TreeSet<>(must);
        missing.removeAll(failures.keySet());
        assertEquals(Set.of(), missing, "tests that should have failed; failures: " + failures);
        assertEquals(Set.of(), surprising, "tests that should not have failed; failures: " + failures);
    }
}
