package io.headrace.adapters.cli;

import io.headrace.bus.log.EventLogContext;
import io.headrace.bus.service.config.LogOptions;
import io.headrace.bus.service.config.ServiceConfiguration;
import picocli.CommandLine.Parameters;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The argument that says which event log is meant. Filled by picocli on the main thread. */
final class LogFile {
    @Parameters(paramLabel = "FILE",
        description = "The configuration of the service, in YAML, or the folder of its event log.")
    private Path file;

    /**
     * An event log, found. Immutable.
     *
     * @param file          as it was named.
     * @param folder        of the log.
     * @param configuration of the service, when it was named by that.
     */
    record Found(Path file, Path folder, Optional<ServiceConfiguration> configuration) {
        /** {@return the configuration, which a command needs that asks the service or writes to the log} */
        ServiceConfiguration requireConfiguration() throws CommandException {
            return configuration.orElseThrow(() -> new CommandException(ExitCode.INVALID,
                file + " is a folder. Name the configuration of the service here."));
        }

        /** {@return the log's settings} */
        EventLogContext eventLogContext() throws CommandException {
            return requireConfiguration().bus().log().orElseThrow().eventLogContext();
        }
    }

    Found find(final PrintWriter err) throws CommandException {
        if (Files.isDirectory(file)) {
            return new Found(file, file, Optional.empty());
        }
        final ServiceConfiguration configuration = ConfigurationFile.load(file, err);
        final LogOptions log = configuration.bus().log().orElseThrow(() -> new CommandException(ExitCode.INVALID,
            "The bus has no event log in " + file + ". Add bus.log with a path, and start the service again."));
        return new Found(file, log.eventLogContext().folder(), Optional.of(configuration));
    }
}
