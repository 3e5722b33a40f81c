package io.headrace.adapters.cli;

import io.headrace.adapters.cli.control.ControlClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.Callable;

/** {@code headrace promote}. Runs on the main thread. */
@Command(name = "promote", header = "Make a running replica the leader.",
    description = {"The replica asks the leader to take no more events, records everything that the leader has, and" +
        " then begins a new epoch as the leader: nothing is lost. Its sources start; the former leader is fenced, and" +
        " says so.",
        "A leader that does not answer cannot be asked. Then the command fails, unless --force is given: events that" +
        " only the former leader has recorded are not in the new epoch. When it comes back it names them and does not" +
        " lead. Make sure before that the former leader is dead, or cut off from its sources and clients."},
    footerHeading = "%nExamples:%n", footer = {
        "  headrace promote --config replica.yaml",
        "  headrace promote --url http://127.0.0.1:7475 --timeout 60s",
        "  headrace promote --config replica.yaml --force"})
final class PromoteCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;
    @Mixin
    private StandardOptions standardOptions;
    @Mixin
    private OutputOption output;
    @Mixin
    private ServiceAddress address;

    @Option(names = "--force", description = "Become the leader also when the present one does not answer.")
    private boolean force;

    @Option(names = "--timeout", paramLabel = "TIME", converter = DurationConverter.class, defaultValue = "30s",
        description = "How long to wait for the leader, and until what it has is recorded" +
            " (default: ${DEFAULT-VALUE}; at most 10m).")
    private Duration timeout;

    @Override
    public Integer call() throws CommandException, InterruptedException {
        final PrintWriter out = spec.commandLine().getOut();
        final URI uri = address.uri(spec.commandLine().getErr());
        try {
            final ControlClient client = new ControlClient(uri);
            final String answer = client.promote(force, timeout);
            out.println(output.isJson() ? answer.strip() : ControlClient.outcome(answer));
            return ExitCode.OK;
        } catch (final ControlClient.RefusedException e) {
            throw new CommandException(e.isMalformedRequest() ? ExitCode.INVALID : ExitCode.FAILED,
                "The service at " + uri + " refuses: " + e.getMessage(), e);
        } catch (final IOException e) {
            throw ServiceAddress.unreachable(uri, e);
        }
    }
}
