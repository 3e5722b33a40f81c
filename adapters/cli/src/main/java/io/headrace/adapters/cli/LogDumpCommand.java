package io.headrace.adapters.cli;

import io.headrace.adapters.cli.eventlog.LogDump;
import io.headrace.adapters.cli.eventlog.LogWalk;
import io.headrace.bus.log.EventLogs;
import io.headrace.bus.subscription.StartPosition;
import io.headrace.bus.subscription.TopicSelector;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;

/** {@code headrace log dump}. Runs on the main thread; reads files only. */
@Command(name = "dump", header = "Print the events of an event log.",
    description = "From the first that is wanted to the last that is recorded now. As text each event is one line" +
        " with its sequence, time, topic, kind, key and size; as JSON each is one object on a line, in the form of" +
        " 'headrace tail'.",
    footerHeading = "%nExamples:%n", footer = {
        "  headrace log dump plant.yaml --limit 10",
        "  headrace log dump plant.yaml --from 2026-11-21T06:00:00Z --to 2026-11-21T06:05:00Z --output json",
        "  headrace log dump plant.yaml --from 123456 --to 123460 --topic 'erp.public.*,line.fault'",
        "  headrace log dump plant.yaml --control --output json"})
final class LogDumpCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;
    @Mixin
    private StandardOptions standardOptions;
    @Mixin
    private OutputOption output;
    @Mixin
    private LogFile file;

    @Option(names = "--from", paramLabel = "PLACE", defaultValue = "start", converter = StartPositionConverter.class,
        description = "The first event: a sequence, or a time as 2026-11-21T06:00:00Z (default: the oldest one).")
    private StartPosition from;

    @Option(names = "--to", paramLabel = "PLACE", defaultValue = "now", converter = StartPositionConverter.class,
        description = "The last event: a sequence, or a time (default: the newest one).")
    private StartPosition to;

    @Option(names = {"-t", "--topic"}, paramLabel = "TOPIC", split = ",", defaultValue = "*",
        description = "Names, or prefixes with a trailing '*' (default: all events).")
    private List<String> topics;

    @Option(names = {"-n", "--limit"}, paramLabel = "COUNT", description = "End after this many events.")
    private Long limit;

    @Option(names = "--control", description = "Show the control records between the events, too.")
    private boolean control;

    @Override
    public Integer call() throws CommandException {
        if (limit != null && limit < 1) {
            throw new ParameterException(spec.commandLine(), "The limit must be at least 1, not " + limit + ".");
        }
        final TopicSelector selector = selector();
        final LogFile.Found found = file.find(spec.commandLine().getErr());
        final PrintWriter out = spec.commandLine().getOut();
        try (LogWalk walk = new LogWalk(EventLogs.provider(), found.folder(), from, to)) {
            new LogDump(out, output.isJson(), control).print(walk, selector, limit == null ? Long.MAX_VALUE : limit);
        }
        return ExitCode.OK;
    }

    private TopicSelector selector() {
        try {
            return TopicSelector.of(topics);
        } catch (final IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "The topics cannot be selected: " + e.getMessage() +
                ". Give names, or prefixes with one '*' at their end, separated by commas.", e);
        }
    }
}
