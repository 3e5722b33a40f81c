package io.headrace.bus.service.config;

import org.snakeyaml.engine.v2.nodes.Node;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Loads a configuration file: reads it, checks all of it, and binds it. Safe for any thread; holds no state. Nothing is
 * started and no outside system is touched.
 */
public final class ConfigurationLoader {
    private ConfigurationLoader() {
    }

    /**
     * Loads a configuration file.
     *
     * @param file        in YAML.
     * @param environment for {@code ${NAME}}; usually {@link System#getenv()}.
     * @param registry    the adapters that the file may name.
     * @return the configuration, with what a person should know of it.
     * @throws ConfigurationException when the file cannot be used, with everything that is wrong in it.
     */
    public static LoadedConfiguration load(
        final Path file, final Map<String, String> environment, final AdapterRegistry registry)
        throws ConfigurationException {
        final ProblemCollector problems = new ProblemCollector(file);
        final Optional<String> text = ConfigurationText.read(file, problems);
        return loaded(
            text.flatMap(t -> bind(t, file, environment, registry, problems)), problems);
    }

    /** Loads a configuration from a text that stands for a file. */
    static LoadedConfiguration load(
        final String text, final Path file, final Map<String, String> environment, final AdapterRegistry registry)
        throws ConfigurationException {
        final ProblemCollector problems = new ProblemCollector(file);
        return loaded(bind(text, file, environment, registry, problems), problems);
    }

    private static Optional<ServiceConfiguration> bind(
        final String text, final Path file, final Map<String, String> environment, final AdapterRegistry registry,
        final ProblemCollector problems) {
        final Optional<Node> root = ConfigurationText.compose(text, problems);
        if (root.isEmpty() || MappingEntries.isNull(root.get())) {
            if (problems.errors().isEmpty()) {
                problems.error(new Place("", 1, 1), "the file is empty",
                    "Write the sections service, bus, sources and sinks");
            }
            return Optional.empty();
        }
        final Path folder = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(Path.of(""));
        final OptionBinder binder =
            new OptionBinder(problems, new ValueSubstitution(folder, environment, problems));
        return new ServiceBinder(file, registry, problems, binder).bind(root.get());
    }

    private static LoadedConfiguration loaded(
        final Optional<ServiceConfiguration> configuration, final ProblemCollector problems)
        throws ConfigurationException {
        final List<ConfigurationProblem> errors = problems.errors();
        if (!errors.isEmpty()) {
            throw new ConfigurationException(errors, problems.warnings());
        }
        return new LoadedConfiguration(configuration.orElseThrow(), problems.warnings());
    }
}
