package io.headrace.adapters.testkit;

import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;
import org.junit.platform.testkit.engine.Events;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** Runs a contract against an adapter with a fault, and tells what failed. */
final class PlantedFaults {
    static final Duration SHORT_PATIENCE = Duration.ofSeconds(2);

    private PlantedFaults() {
    }

    static Events run(final Class<?> suite) {
        return EngineTestKit.engine("junit-jupiter").selectors(DiscoverySelectors.selectClass(suite))
            .execute().testEvents();
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
