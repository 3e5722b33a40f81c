package io.headrace.adapters.cli;

import io.headrace.adapters.cli.eventlog.StoppedLog;
import io.headrace.adapters.cli.report.JsonText;
import io.headrace.bus.log.EventLogs;
import io.headrace.bus.log.LogException;
import io.headrace.bus.service.config.ServiceConfiguration;
import io.headrace.bus.service.config.SinkConfiguration;
import io.headrace.bus.subscription.StartPosition;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code headrace subscriptions reset}. Runs on the main thread, which is the log thread meanwhile. */
@Command(name = "reset", header = "Set from where a flow goes on at the next start.",
    description = "The service must stand still. Nothing is given up: the events stay in the log, and the position" +
        " can be set again. A sink that keeps a position in its target leaves out what it has there already; to give" +
        " it events once more, use 'headrace replay'.",
    footerHeading = "%nExamples:%n", footer = {
        "  headrace subscriptions reset plant.yaml --flow mirror --to 2026-11-21T06:00:00Z",
        "  headrace subscriptions reset plant.yaml --flow mirror --to now",
        "  headrace subscriptions reset plant.yaml --flow removed-one --forget"})
final class SubscriptionsResetCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;
    @Mixin
    private StandardOptions standardOptions;
    @Mixin
    private OutputOption output;
    @Mixin
    private LogFile file;

    @Option(names = {"-f", "--flow"}, paramLabel = "NAME", required = true,
        description = "The name of the flow, or of one that the configuration does not have any more.")
    private String flowName;

    @ArgGroup(multiplicity = "1")
    private Target target;

    /** One of these. */
    private static final class Target {
        @Option(names = "--to", paramLabel = "PLACE", converter = StartPositionConverter.class,
            description = "The first event that it gets: start for the oldest one, now for what comes next, a" +
                " sequence, or a time as 2026-11-21T06:00:00Z.")
        private StartPosition place;
        @Option(names = "--forget",
            description = "Forget it: a flow of this name begins where its option 'from' says, and what it had not" +
                " finished no longer keeps segments from being purged.")
        private boolean forget;
    }

    @Override
    public Integer call() throws CommandException {
        final LogFile.Found found = file.find(spec.commandLine().getErr());
        final ServiceConfiguration configuration = found.requireConfiguration();
        final Optional<Long> finishedSequence;
        try (StoppedLog log = new StoppedLog(EventLogs.provider(), found.eventLogContext())) {
            final int laneCount = laneCount(configuration, log);
            finishedSequence =
                target.forget ? Optional.empty() : Optional.of(log.finishedSequenceBefore(target.place));
            log.writePosition(flowName, finishedSequence, laneCount);
        } catch (final LogException e) {
            if (e.category() == LogException.Category.IN_USE) {
                throw new CommandException(ExitCode.FAILED, "The service is running, and moves the position itself." +
                    " Stop it first. (" + e.getMessage() + ")", e);
            }
            throw e;
        } catch (final IllegalArgumentException e) {
            throw new CommandException(ExitCode.INVALID, "The position cannot be set: " + e.getMessage() + ".", e);
        }
        report(finishedSequence);
        return ExitCode.OK;
    }

    private int laneCount(final ServiceConfiguration configuration, final StoppedLog log)
        throws CommandException {
        final Optional<SinkConfiguration<?>> flow =
            configuration.sinks().stream().filter(sink -> sink.name().equals(flowName)).findFirst();
        final Optional<long[]> known = log.state().position(flowName);
        if (flow.isEmpty() && known.isEmpty()) {
            final List<String> names = new ArrayList<>(log.state().subscriptionNames());
            configuration.sinks().stream().map(SinkConfiguration::name).filter(name -> !names.contains(name))
                .forEach(names::add);
            throw new CommandException(ExitCode.INVALID,
                "There is no flow '" + flowName + "', but " + String.join(", ", names) + ".");
        }
        return flow.map(sink -> sink.flow().lanes()).orElseGet(() -> known.get().length);
    }

    private void report(final Optional<Long> finishedSequence) {
        final PrintWriter out = spec.commandLine().getOut();
        if (output.isJson()) {
            out.println(JsonText.pretty(json -> {
                json.writeStartObject();
                json.writeStringField("flow", flowName);
                json.writeBooleanField("forgotten", finishedSequence.isEmpty());
                if (finishedSequence.isPresent()) {
                    json.writeNumberField("finishedSequence", finishedSequence.get());
                }
                json.writeEndObject();
            }));
        } else {
            out.println(finishedSequence.map(sequence -> "The flow " + flowName + " goes on behind sequence " +
                sequence + " at the next start.").orElse("The position of " + flowName + " is forgotten."));
        }
    }
}
