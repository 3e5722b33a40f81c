package io.headrace.adapters.cli;

import io.headrace.adapters.cli.eventlog.StoppedLog;
import io.headrace.bus.log.EventLogs;
import io.headrace.bus.log.LogException;
import io.headrace.bus.log.ParkedEvent;
import io.headrace.bus.log.ParkedEventsProxy;
import io.headrace.codecs.sbe.Resolution;
import org.agrona.concurrent.SystemEpochNanoClock;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code headrace park drop}. Runs on the main thread; a running service does it, or the log of a stopped one. */
@Command(name = "drop", header = "Give parked events up.",
    description = "Their sink never gets them. What was held back behind them goes to the sink when the service" +
        " runs. The events themselves stay in the log as long as the retention keeps them.",
    footerHeading = "%nExamples:%n", footer = {
        "  headrace park drop plant.yaml --flow mirror --sequence 123456",
        "  headrace park drop plant.yaml --flow mirror --all --yes"})
final class ParkDropCommand implements Callable<Integer> {
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

    @Option(names = {"-y", "--yes"}, description = "Do not ask.")
    private boolean yes;

    @Override
    public Integer call() throws CommandException, InterruptedException {
        final PrintWriter err = spec.commandLine().getErr();
        final LogFile.Found found = file.find(err);
        found.requireConfiguration();
        final List<ParkedEvent> meant = ParkReplayCommand.meant(found, selection);
        if (!yes) {
            Confirmation.require(meant.size() + (meant.size() == 1 ? " event" : " events") + " of " +
                selection.flowName() + " will never be delivered. Go on?", System.in, err);
        }
        return drop(found, meant).report(output.isJson(), spec.commandLine().getOut());
    }

    private ParkOutcome drop(final LogFile.Found found, final List<ParkedEvent> meant)
        throws CommandException, InterruptedException {
        final Optional<URI> uri = service.uri(found.configuration());
        if (uri.isPresent()) {
            try {
                return ParkReplayCommand.ask(uri.get(), true, selection, meant);
            } catch (final IOException e) {
                if (service.given()) {
                    throw ServiceAddress.unreachable(uri.get(), e);
                }
                // It stands still, as it seems: its log says whether that is so.
            }
        }
        try (StoppedLog log = new StoppedLog(EventLogs.provider(), found.eventLogContext())) {
            return dropIn(log);
        } catch (final LogException e) {
            if (e.category() == LogException.Category.IN_USE) {
                throw new CommandException(ExitCode.UNREACHABLE, "The service is running, but cannot be asked." +
                    " Give the address of its control endpoint with --url, or stop it. (" + e.getMessage() + ")", e);
            }
            throw e;
        }
    }

    private ParkOutcome dropIn(final StoppedLog log) throws InterruptedException {
        final ParkedEventsProxy proxy = new ParkedEventsProxy(log);
        long count = 0;
        for (final ParkedEvent event : log.state().parked().events()) {
            if (selection.matches(event)) {
                proxy.resolve(event, Resolution.DROPPED, SystemEpochNanoClock.INSTANCE.nanoTime());
                count++;
            }
        }
        return ParkOutcome.ofDropped(count);
    }
}
