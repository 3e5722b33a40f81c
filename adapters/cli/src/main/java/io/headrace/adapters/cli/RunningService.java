package io.headrace.adapters.cli;

import io.headrace.adapters.cli.control.ControlClient;
import io.headrace.bus.service.config.ServiceConfiguration;
import io.headrace.bus.service.config.ServiceOptions.ControlOptions;
import picocli.CommandLine.Option;

import java.net.URI;
import java.util.Optional;

/** The option that says where the service of a configuration is asked. Filled by picocli on the main thread. */
final class RunningService {
    @Option(names = "--url", paramLabel = "URL",
        description = "The control endpoint of the service (default: as configured).")
    private URI url;

    /** Whether the address was given, and not only configured. */
    boolean given() {
        return url != null;
    }

    /** Where the service is asked; empty when nobody says it. */
    Optional<URI> uri(final Optional<ServiceConfiguration> configuration) {
        if (url != null) {
            return Optional.of(url);
        }
        return configuration.map(service -> service.service().control())
            .filter(control -> control.enabled() && control.port() != 0)
            .map(control -> ControlClient.uri(control.host(), control.port()));
    }

    /** Where the service is asked; a command that cannot do without it fails. */
    URI require(final ServiceConfiguration configuration) throws CommandException {
        final ControlOptions control = configuration.service().control();
        return uri(Optional.of(configuration)).orElseThrow(() -> new CommandException(ExitCode.INVALID,
            control.enabled() ? "The service takes any free port (service.control.port is 0). Give the address that" +
            " it printed when it started with --url." : "The control endpoint is switched off. Set" +
            " service.control.enabled to true and restart the service."));
    }
}
