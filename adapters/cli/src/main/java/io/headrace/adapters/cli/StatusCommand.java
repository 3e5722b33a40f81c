package io.headrace.adapters.cli;

import io.headrace.adapters.cli.control.ControlClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.net.URI;
import java.util.concurrent.Callable;

/** {@code headrace status}. Runs on the main thread. */
@Command(name = "status", header = "Show a running service once.",
    description = "Its sources, its flows, and the latencies since it was started.",
    footerHeading = "%nExamples:%n", footer = {
        "  headrace status",
        "  headrace status --config plant.yaml --output json",
        "  headrace status --url http://127.0.0.1:7475"})
final class StatusCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;
    @Mixin
    private StandardOptions standardOptions;
    @Mixin
    private OutputOption output;
    @Mixin
    private ServiceAddress address;

    @Override
    public Integer call() throws CommandException, InterruptedException {
        final URI uri = address.uri(spec.commandLine().getErr());
        try {
            spec.commandLine().getOut().println(new ControlClient(uri).status(output.isJson()).strip());
            return ExitCode.OK;
        } catch (final ControlClient.RefusedException e) {
            throw new CommandException(ExitCode.FAILED, "The service at " + uri + " refuses: " + e.getMessage(), e);
        } catch (final IOException e) {
            throw ServiceAddress.unreachable(uri, e);
        }
    }
}
