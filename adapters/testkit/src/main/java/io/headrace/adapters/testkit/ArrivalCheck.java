package io.headrace.adapters.testkit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** Compares what a target shows with what was sent. Owned by one thread. */
final class ArrivalCheck {
    private ArrivalCheck() {
    }

    /**
     * Everything sent must be shown, per key in order, and nothing else.
     *
     * @param kind     of the target.
     * @param sent     in order.
     * @param repeated whether something may have been delivered twice.
     * @param arrived  as the target shows it.
     */
    static void assertShown(
        final TargetKind kind, final List<Change> sent, final boolean repeated, final List<Change> arrived) {
        switch (kind) {
            case KEEPS_LATEST -> {
                assertEquals(latest(sent), latest(arrived), "the latest of each key");
                assertEquals(latest(sent).size(), arrived.size(), "one row for each key in " + arrived);
            }
            case APPENDS_ONCE -> assertEquals(byKey(sent), byKey(arrived), "the changes of each key");
            case APPENDS_AT_LEAST_ONCE -> assertEquals(
                byKey(sent), byKey(repeated ? firstOccurrences(arrived) : arrived), "the changes of each key");
            default -> throw new IllegalArgumentException("kind=" + kind);
        }
    }

    private static Map<String, Long> latest(final List<Change> changes) {
        final Map<String, Long> latest = new LinkedHashMap<>();
        changes.forEach(change -> latest.put(change.key(), change.number()));
        return latest;
    }

    private static Map<String, List<Long>> byKey(final List<Change> changes) {
        final Map<String, List<Long>> byKey = new LinkedHashMap<>();
        changes.forEach(change ->
            byKey.computeIfAbsent(change.key(), key -> new ArrayList<>()).add(change.number()));
        return byKey;
    }

    private static List<Change> firstOccurrences(final List<Change> changes) {
        final Set<Change> first = new LinkedHashSet<>(changes);
        return new ArrayList<>(first);
    }
}
