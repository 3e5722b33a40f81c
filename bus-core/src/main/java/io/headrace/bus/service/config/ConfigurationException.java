package io.headrace.bus.service.config;

import java.util.List;
import java.util.stream.Collectors;

/** A configuration that cannot be used, with everything that is wrong in it. Thrown on the thread that loads it. */
public final class ConfigurationException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<ConfigurationProblem> problems;
    private final transient List<ConfigurationProblem> warnings;

    ConfigurationException(final List<ConfigurationProblem> problems, final List<ConfigurationProblem> warnings) {
        super(problems.stream().map(ConfigurationProblem::render).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
        this.warnings = List.copyOf(warnings);
    }

    /**
     * What keeps the configuration from being used.
     *
     * @return every problem found, sorted by line; at least one.
     */
    public List<ConfigurationProblem> problems() {
        return problems;
    }

    /**
     * What a person should know besides.
     *
     * @return the warnings, sorted by line.
     */
    public List<ConfigurationProblem> warnings() {
        return warnings;
    }
}
