package io.headrace.adapters.testkit;

import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;
import org.junit.platform.testkit.engine.Events;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Runs a contract against an adapter with a fault, and tells what failed. Each clause that a fault breaks waits until
 * its patience is at an end, so that is short; on a busy machine it may be too short for a clause that is kept, which
 * is therefore tried again with the patience that every adapter's author has.
 */
final class PlantedFaults {
    private static final Duration SHORT_PATIENCE = Duration.ofSeconds(1);

    /** Null for the contract's own. The suite runs on the thread that asks for it. */
    private static final ThreadLocal<Duration> PATIENCE = ThreadLocal.withInitial(() -> SHORT_PATIENCE);

    private PlantedFaults() {
    }

    /** How long a suite waits that is run by this. */
    static Duration patience(final Duration contractPatience) {
        final Duration patience = PATIENCE.get();
        return patience == null ? contractPatience : patience;
    }

    static Events run(final Class<?> suite) {
        return run(DiscoverySelectors.selectClass(suite));
    }

    private static Events run(final DiscoverySelector selector) {
        return EngineTestKit.engine("junit-jupiter").selectors(selector).execute().testEvents();
    }

    /** Runs a suite of at least so many tests, and compares what failed with what should have. */
    static void check(final Class<?> suite, final int minTestCount, final Expectation expectation) {
        final Events events = run(suite);
        assertTrue(events.started().count() >= minTestCount, "started=" + events.started().count());
        final Map<String, String> failures = failures(events);
        for (final String test : expectation.surprising(failures.keySet())) {
            if (passesWithPatience(suite, test)) {
                failures.remove(test);
            }
        }
        expectation.check(failures);
    }

    private static boolean passesWithPatience(final Class<?> suite, final String test) {
        PATIENCE.set(null);
        try {
            final Events events = run(DiscoverySelectors.selectMethod(suite, test));
            return events.succeeded().count() == 1;
        } finally {
            PATIENCE.remove();
        }
    }

    static Map<String, String> failures(final Events events) {
        final Map<String, String> failures = new TreeMap<>();
        events.failed().stream().forEach(event -> failures.put(nameOf(event), messageOf(event)));
        return failures;
    }

    static String messageOf(final Event event) {
        return event.getRequiredPayload(TestExecutionResult.class).getThrowable().map(Throwable::getMessage).orElse("");
    }

    static String nameOf(final Event event) {
        return event.getTestDescriptor().getDisplayName().replace("()", "");
    }
}
