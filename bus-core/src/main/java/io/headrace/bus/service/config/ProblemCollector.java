package io.headrace.bus.service.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Collects everything that is wrong while one configuration is loaded. Owned by the thread that loads it. */
final class ProblemCollector {
    /** Enough for a person; a file of a megabyte could have a hundred thousand. */
    static final int MAX_PROBLEMS = 200;

    private static final Comparator<ConfigurationProblem> BY_PLACE =
        Comparator.comparingInt(ConfigurationProblem::line).thenComparingInt(ConfigurationProblem::column);

    private final Path file;
    private final Set<ConfigurationProblem> errors = new LinkedHashSet<>();
    private final Set<ConfigurationProblem> warnings = new LinkedHashSet<>();
    private final Set<String> secrets = new HashSet<>();
    private int omittedCount;

    ProblemCollector(final Path file) {
        this.file = file;
    }

    void error(final Place place, final String message, final String remedy) {
        add(errors, place, message, remedy);
    }

    void warning(final Place place, final String message, final String remedy) {
        add(warnings, place, message, remedy);
    }

    private void add(
        final Set<ConfigurationProblem> kind, final Place place, final String message, final String remedy) {
        if (kind.size() == MAX_PROBLEMS) {
            omittedCount++;
        } else {
            kind.add(new ConfigurationProblem(file, place.line(), place.column(), place.path(), message, remedy));
        }
    }

    /** Remembers a text that {@link #withoutSecrets} takes out. */
    void secret(final String secret) {
        if (!secret.isBlank()) {
            secrets.add(secret);
        }
    }

    /** A text that an adapter made from its options, which may hold secrets among them. */
    String withoutSecrets(final String text) {
        String cleaned = text;
        // The longest first: one secret may be a part of another.
        for (final String secret : secrets.stream().sorted(Comparator.comparing(String::length).reversed()).toList()) {
            cleaned = cleaned.replace(secret, "***");
        }
        return cleaned;
    }

    List<ConfigurationProblem> errors() {
        final List<ConfigurationProblem> sorted = new ArrayList<>(errors.stream().sorted(BY_PLACE).toList());
        if (!sorted.isEmpty() && omittedCount > 0) {
            sorted.add(new ConfigurationProblem(
                file, 0, 0, "", omittedCount + " more problems are not shown", "Mend the ones above first"));
        }
        return sorted;
    }

    List<ConfigurationProblem> warnings() {
        return warnings.stream().sorted(BY_PLACE).toList();
    }
}
