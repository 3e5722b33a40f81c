package io.headrace.bus.service.config;

import java.util.List;

/**
 * A configuration that can be used.
 *
 * @param configuration the configuration, checked and bound.
 * @param warnings      what a person should know of it all the same, sorted by line.
 */
public record LoadedConfiguration(ServiceConfiguration configuration, List<ConfigurationProblem> warnings) {
    /** Copies the list. */
    public LoadedConfiguration {
        warnings = List.copyOf(warnings);
    }
}
