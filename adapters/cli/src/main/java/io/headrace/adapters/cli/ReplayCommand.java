package io.headrace.adapters.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.headrace.adapters.cli.eventlog.LogTimes;
import io.headrace.adapters.cli.eventlog.LogWalk;
import io.headrace.adapters.cli.eventlog.Replay;
import io.headrace.adapters.cli.eventlog.ReplayResult.Outcome;
import io.headrace.adapters.cli.eventlog.ReplayResult;
import io.headrace.adapters.cli.report.JsonText;
import io.headrace.adapters.cli.report.Terminal;
import io.headrace.adapters.cli.report.Units;
import io.headrace.bus.log.EventLogs;
import io.headrace.bus.service.config.ServiceConfiguration;
import io.headrace.bus.service.config.SinkConfiguration;
import io.headrace.bus.subscription.StartPosition;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

/** {@code headrace replay}. Runs on the main thread; a signal stops it after the batch in hand. */
@Command(name = "replay", header = "Give recorded events again to the sink of a flow.",
    description = "The events of the flow's topics, from the first that is wanted to the last that is recorded now," +
        " go to a sink of their own named NAME-replay, with the flow's options and retries. The service may be" +
        " running, and the flow's position stays as it is. What the target has already it gets a second time: look" +
        " in the guide of its adapter what that means there. SIGINT and SIGTERM stop it, and it says where to go on.",
    footerHeading = "%nExamples:%n", footer = {
        "  headrace replay plant.yaml --flow mirror --from 2026-11-21T06:00:00Z --dry-run",
        "  headrace replay plant.yaml --flow mirror --from 2026-11-21T06:00:00Z",
        "  headrace replay plant.yaml --flow mirror --from 123456 --to 130000"})
final class ReplayCommand implements Callable<Integer> {
    private static final int TERM_LENGTHS_TO_RECORD = 8;

    @Spec
    private CommandSpec spec;
    @Mixin
    private StandardOptions standardOptions;
    @Mixin
    private OutputOption output;
    @Mixin
    private LogFile file;

    @Option(names = {"-f", "--flow"}, paramLabel = "NAME", required = true,
        description = "Whose events are given again: the name of a sink in the configuration.")
    private String flowName;

    @Option(names = "--from", paramLabel = "PLACE", required = true, converter = StartPositionConverter.class,
        description = "The first event: a sequence, a time as 2026-11-21T06:00:00Z, or start for the oldest one.")
    private StartPosition from;

    @Option(names = "--to", paramLabel = "PLACE", defaultValue = "now", converter = StartPositionConverter.class,
        description = "The last event: a sequence, or a time (default: the newest one).")
    private StartPosition to;

    @Option(names = "--dry-run", description = "Only count the events; nothing is connected.")
    private boolean dryRun;

    @Override
    public Integer call() throws CommandException {
        final PrintWriter err = spec.commandLine().getErr();
        final LogFile.Found found = file.find(err);
        final SinkConfiguration<?> flow = flow(found.requireConfiguration());
        final int maxEventBytes = found.eventLogContext().termLengthBytes() / TERM_LENGTHS_TO_RECORD;
        final Terminal terminal = Terminal.ofProcess(System.out, System.getenv());
        final ReplayResult result;
        try (StopSignals signals = StopSignals.install();
            ProgressLine progress = new ProgressLine(err, terminal.errorsShareIt());
            LogWalk walk = new LogWalk(EventLogs.provider(), found.folder(), from, to)) {
            final Replay replay = new Replay(flow, (count, sequence, timeNs) -> progress.show(() ->
                Units.count(count) + " events, at sequence " + sequence + " of " + LogTimes.text(timeNs)));
            signals.onFirst(replay::stop);
            result = replay.run(walk, maxEventBytes, dryRun);
        } catch (final IllegalArgumentException e) {
            throw new CommandException(
                ExitCode.INVALID, "The sink of " + flowName + " cannot be made: " + e.getMessage() + ".", e);
        }
        report(result);
        return result.outcome() == Outcome.COMPLETE && result.leftOutCount() == 0 ? ExitCode.OK : ExitCode.FAILED;
    }

    private SinkConfiguration<?> flow(final ServiceConfiguration configuration) throws CommandException {
        return configuration.sinks().stream().filter(sink -> sink.name().equals(flowName)).findFirst()
            .orElseThrow(() -> new CommandException(ExitCode.INVALID, "There is no flow '" + flowName + "', but " +
                configuration.sinks().stream().map(SinkConfiguration::name).collect(Collectors.joining(", ")) + "."));
    }

    private void report(final ReplayResult result) {
        final PrintWriter out = spec.commandLine().getOut();
        if (output.isJson()) {
            out.println(JsonText.pretty(json -> write(result, json)));
        } else {
            print(result, out);
        }
        if (result.outcome() == Outcome.FAILED) {
            spec.commandLine().getErr().println("headrace: " + result.reason());
        }
    }

    private void print(final ReplayResult result, final PrintWriter out) {
        out.println((dryRun ? "Would replay " : "Replayed ") + Units.count(result.eventCount()) + " events of " +
            flowName + (result.eventCount() == 0 ? "." : ": sequence " + result.firstSequence() + " of " +
            LogTimes.text(result.firstTimeNs()) + " to " + result.lastSequence() + " of " +
            LogTimes.text(result.lastTimeNs()) + "."));
        if (result.leftOutCount() > 0) {
            out.println(Units.count(result.leftOutCount()) + " events were left out, as the sink can never take" +
                " them; the log names them.");
        }
        if (result.outcome() != Outcome.COMPLETE) {
            out.println("It did not reach its end. Go on with --from " +
                (result.nextSequence() < 0 ? from : Long.toString(result.nextSequence())) + ".");
        }
    }

    private void write(final ReplayResult result, final JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("flow", flowName);
        json.writeBooleanField("dryRun", dryRun);
        json.writeStringField("outcome", result.outcome().name().toLowerCase(Locale.ROOT));
        json.writeStringField("reason", result.reason());
        json.writeNumberField("eventCount", result.eventCount());
        json.writeNumberField("leftOutCount", result.leftOutCount());
        json.writeNumberField("retryCount", result.retryCount());
        json.writeNumberField("firstSequence", result.firstSequence());
        json.writeNumberField("firstTimeNs", result.firstTimeNs());
        json.writeNumberField("lastSequence", result.lastSequence());
        json.writeNumberField("lastTimeNs", result.lastTimeNs());
        json.writeNumberField("nextSequence", result.nextSequence());
        json.writeEndObject();
    }
}
