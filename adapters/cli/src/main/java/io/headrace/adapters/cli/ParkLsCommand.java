package io.headrace.adapters.cli;

import io.headrace.adapters.cli.eventlog.LogTimes;
import io.headrace.adapters.cli.eventlog.ParkedInLog;
import io.headrace.adapters.cli.report.JsonText;
import io.headrace.adapters.cli.report.TextTable;
import io.headrace.adapters.cli.report.Units;
import io.headrace.bus.log.EventLogs;
import io.headrace.bus.log.ParkedEvent;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;

/** {@code headrace park ls}. Runs on the main thread; reads files only. */
@Command(name = "ls", header = "List the parked events.",
    description = "They are read from the files of the event log; the service may be running or stand still.",
    footerHeading = "%nExamples:%n", footer = {
        "  headrace park ls plant.yaml",
        "  headrace park ls plant.yaml --flow mirror --output json"})
final class ParkLsCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;
    @Mixin
    private StandardOptions standardOptions;
    @Mixin
    private OutputOption output;
    @Mixin
    private LogFile file;

    @Option(names = {"-f", "--flow"}, paramLabel = "NAME", description = "Only those of this flow.")
    private String flowName;

    @Override
    public Integer call() throws CommandException {
        final LogFile.Found found = file.find(spec.commandLine().getErr());
        final List<ParkedEvent> events = ParkedInLog.events(EventLogs.provider(), found.folder()).stream()
            .filter(event -> flowName == null || flowName.equals(event.subscription())).toList();
        final PrintWriter out = spec.commandLine().getOut();
        if (output.isJson()) {
            out.println(JsonText.pretty(json -> {
                json.writeStartArray();
                for (final ParkedEvent event : events) {
                    json.writeStartObject();
                    ParkedInLog.write(event, json);
                    json.writeEndObject();
                }
                json.writeEndArray();
            }));
        } else {
            print(events, out);
        }
        return ExitCode.OK;
    }

    private static void print(final List<ParkedEvent> events, final PrintWriter out) {
        if (events.isEmpty()) {
            out.println("Nothing is parked.");
            return;
        }
        final TextTable table =
            new TextTable("FLOW", ">SEQUENCE", "PARKED", ">ATTEMPTS", "TOPIC", "KEY", "REASON");
        for (final ParkedEvent event : events) {
            table.row(event.subscription(), Long.toString(event.sequence()), LogTimes.text(event.parkedAtNs()),
                event.heldBack() ? "held back" : Integer.toString(event.attempts()), Units.oneLine(event.topic()),
                ParkedInLog.keyText(event), Units.oneLine(event.reason()));
        }
        table.lines().forEach(out::println);
    }
}
