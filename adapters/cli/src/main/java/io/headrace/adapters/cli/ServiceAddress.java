package io.headrace.adapters.cli;

import io.headrace.adapters.cli.control.ControlClient;
import io.headrace.bus.service.config.ServiceOptions.ControlOptions;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;

/** The options that say which running service is meant. Filled by picocli on the main thread. */
final class ServiceAddress {
    private static final URI DEFAULT = ControlClient.uri("127.0.0.1", 7475);

    @ArgGroup
    private Choice choice = new Choice();

    /** One of these, or none. */
    private static final class Choice {
        @Option(names = "--url", paramLabel = "URL",
            description = "The control endpoint of the service (default: http://127.0.0.1:7475).")
        private URI url;
        @Option(names = "--config", paramLabel = "FILE",
            description = "The configuration of the service, from which host and port are taken.")
        private Path file;
    }

    URI uri(final PrintWriter err) throws CommandException {
        if (choice.url != null) {
            final String scheme = choice.url.getScheme();
            if (!"http".equals(scheme) && !"https".equals(scheme) || choice.url.getHost() == null) {
                throw new CommandException(ExitCode.INVALID,
                    "'" + choice.url + "' is no address of a service. Give one as http://127.0.0.1:7475.");
            }
            return choice.url;
        }
        if (choice.file == null) {
            return DEFAULT;
        }
        final ControlOptions control = ConfigurationFile.load(choice.file, err).service().control();
        if (!control.enabled()) {
            throw new CommandException(ExitCode.INVALID, "The control endpoint is switched off in " + choice.file +
                ". Set service.control.enabled to true and restart the service.");
        }
        if (control.port() == 0) {
            throw new CommandException(ExitCode.INVALID, "The service takes any free port (service.control.port is 0" +
                " in " + choice.file + "). Give the address that it printed when it started with --url.");
        }
        return ControlClient.uri(control.host(), control.port());
    }

    static CommandException unreachable(final URI uri, final Exception cause) {
        return new CommandException(ExitCode.UNREACHABLE, "No service can be reached at " + uri + " (" +
            reason(cause) + "). Start it with 'headrace run', or give its address with --url.", cause);
    }

    private static String reason(final Throwable cause) {
        Throwable deepest = cause;
        while (deepest.getMessage() == null && deepest.getCause() != null) {
            deepest = deepest.getCause();
        }
        // The client's own exceptions come without words.
        return deepest.getMessage() == null ? "connection refused" : deepest.getMessage();
    }
}
