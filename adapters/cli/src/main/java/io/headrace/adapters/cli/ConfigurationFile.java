package io.headrace.adapters.cli;

import io.headrace.bus.service.config.AdapterRegistry;
import io.headrace.bus.service.config.ConfigurationException;
import io.headrace.bus.service.config.ConfigurationLoader;
import io.headrace.bus.service.config.ConfigurationProblem;
import io.headrace.bus.service.config.LoadedConfiguration;
import io.headrace.bus.service.config.ServiceConfiguration;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;

/** Loads configurations for the commands. Used on the main thread; holds no state. */
final class ConfigurationFile {
    private ConfigurationFile() {
    }

    /**
     * Loads a configuration, with every problem as an exception.
     *
     * @param file to load.
     * @return the configuration and its warnings.
     * @throws ConfigurationException when it cannot be used.
     */
    static LoadedConfiguration check(final Path file) throws ConfigurationException {
        return ConfigurationLoader.load(file, System.getenv(), AdapterRegistry.load());
    }

    /**
     * Loads a configuration for use; its problems and warnings are printed.
     *
     * @param file to load.
     * @param err  where problems and warnings go.
     * @return the configuration.
     * @throws CommandException when it cannot be used.
     */
    static ServiceConfiguration load(final Path file, final PrintWriter err) throws CommandException {
        try {
            final LoadedConfiguration loaded = check(file);
            print(loaded.warnings(), "warning: ", err);
            return loaded.configuration();
        } catch (final ConfigurationException e) {
            print(e.problems(), "", err);
            print(e.warnings(), "warning: ", err);
            throw new CommandException(ExitCode.INVALID,
                summary(e.problems().size(), file) + " Mend " + (e.problems().size() == 1 ? "it" : "them") +
                " and check again with 'headrace validate'.", e);
        }
    }

    static String summary(final int problemCount, final Path file) {
        return problemCount + (problemCount == 1 ? " problem" : " problems") + " in " + file + ".";
    }

    static void print(final List<ConfigurationProblem> problems, final String prefix, final PrintWriter out) {
        for (final ConfigurationProblem problem : problems) {
            out.println(prefix + problem.render());
        }
    }
}
