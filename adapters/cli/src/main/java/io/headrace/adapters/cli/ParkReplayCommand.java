package io.headrace.adapters.cli;

import io.headrace.adapters.cli.control.ControlClient;
import io.headrace.adapters.cli.control.ParkedQuery;
import io.headrace.adapters.cli.eventlog.ParkedInLog;
import io.headrace.bus.log.EventLogs;
import io.headrace.bus.log.ParkedEvent;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.concurrent.Callable;

/** {@code headrace park replay}. Runs on the main thread; the running service does it. */
@Command(name = "replay", header = "Give parked events to their sink again.",
    description = "The service must be running. What the sink takes is parked no more, and what was held back behind" +
        " it follows; what it refuses again stays parked, with the new reason. The exit code is 1 when something" +
        " stays parked.",
    footerHeading = "%nExamples:%n", footer = {
        "  headrace park replay plant.yaml --flow mirror --sequence 123456",
        "  headrace park replay plant.yaml --flow mirror --key order-7",
        "  headrace park replay plant.yaml --flow mirror --all"})
final class ParkReplayCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;
    @Mixin
    private StandardOptions standardOptions;
    @Mixin
    private OutputOption output;
    @Mixin
    private LogFile file;
    @Mixin
    private ParkSelection selection;
    @Mixin
    private RunningService service;

    @Override
    public Integer call() throws CommandException, InterruptedException {
        final LogFile.Found found = file.find(spec.commandLine().getErr());
        final URI uri = service.require(found.requireConfiguration());
        final List<ParkedEvent> meant = meant(found, selection);
        try {
            return ask(uri, false, selection, meant).report(output.isJson(), spec.commandLine().getOut());
        } catch (final IOException e) {
            throw ServiceAddress.unreachable(uri, e);
        }
    }

    static List<ParkedEvent> meant(final LogFile.Found found, final ParkSelection selection) throws CommandException {
        final List<ParkedEvent> meant = ParkedInLog.events(EventLogs.provider(), found.folder()).stream()
            .filter(selection::matches).toList();
        if (meant.isEmpty()) {
            throw new CommandException(ExitCode.FAILED, "The flow " + selection.flowName() +
                " has parked no such event. 'headrace park ls' lists what is parked.");
        }
        return meant;
    }

    static ParkOutcome ask(
        final URI uri, final boolean drop, final ParkSelection selection, final List<ParkedEvent> meant)
        throws CommandException, IOException, InterruptedException {
        ParkOutcome outcome = ParkOutcome.none();
        try {
            for (final ParkedQuery query : selection.queries(meant)) {
                outcome = outcome.plus(ParkOutcome.parse(
                    new ControlClient(uri).resolveParked(drop, selection.flowName(), query)));
            }
        } catch (final ControlClient.RefusedException e) {
            throw new CommandException(e.isMalformedRequest() ? ExitCode.INVALID : ExitCode.FAILED,
                "The service at " + uri + " refuses: " + e.getMessage(), e);
        }
        return outcome;
    }
}
