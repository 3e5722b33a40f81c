package io.headrace.adapters.cli;

import io.headrace.adapters.cli.eventlog.LogTimes;
import io.headrace.adapters.cli.eventlog.ParkedInLog;
import io.headrace.adapters.cli.report.JsonText;
import io.headrace.adapters.cli.report.Units;
import io.headrace.bus.log.EventLogProvider;
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

/** {@code headrace park show}. Runs on the main thread; reads files only. */
@Command(name = "show", header = "Show one parked event with everything that it holds.",
    footerHeading = "%nExamples:%n", footer = {
        "  headrace park show plant.yaml --flow mirror --sequence 123456",
        "  headrace park show plant.yaml --sequence 123456 --output json"})
final class ParkShowCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;
    @Mixin
    private StandardOptions standardOptions;
    @Mixin
    private OutputOption output;
    @Mixin
    private LogFile file;

    @Option(names = {"-f", "--flow"}, paramLabel = "NAME",
        description = "Whose it is; needed only when several flows have parked the event.")
    private String flowName;

    @Option(names = "--sequence", paramLabel = "N", required = true, description = "Of the event.")
    private long sequence;

    @Override
    public Integer call() throws CommandException {
        final LogFile.Found found = file.find(spec.commandLine().getErr());
        final EventLogProvider provider = EventLogs.provider();
        final List<ParkedEvent> events = ParkedInLog.events(provider, found.folder()).stream()
            .filter(event -> event.sequence() == sequence)
            .filter(event -> flowName == null || flowName.equals(event.subscription())).toList();
        if (events.size() != 1) {
            throw new CommandException(ExitCode.INVALID, events.isEmpty() ?
                "Event " + sequence + " is not parked" + (flowName == null ? "" : " by " + flowName) +
                ". 'headrace park ls' lists what is." :
                "Several flows have parked event " + sequence + ". Give one of them with --flow: " + String.join(", ",
                events.stream().map(ParkedEvent::subscription).toList()) + ".");
        }
        final ParkedEvent event = events.get(0);
        final String content = ParkedInLog.eventJson(provider, found.folder(), event);
        final PrintWriter out = spec.commandLine().getOut();
        if (output.isJson()) {
            out.println(JsonText.line(json -> {
                json.writeStartObject();
                ParkedInLog.write(event, json);
                json.writeFieldName("event");
                json.writeRawValue(content);
                json.writeEndObject();
            }));
        } else {
            print(event, content, out);
        }
        return ExitCode.OK;
    }

    private static void print(final ParkedEvent event, final String content, final PrintWriter out) {
        out.println("flow      " + event.subscription());
        out.println("sequence  " + event.sequence());
        out.println("topic     " + Units.oneLine(event.topic()));
        if (event.keyed()) {
            out.println("key       " + ParkedInLog.keyText(event));
        }
        out.println("parked    " + LogTimes.text(event.parkedAtNs()) + (event.heldBack() ?
            ", held back behind an earlier event of its key" : ", attempts " + event.attempts()));
        out.println("reason    " + event.reason().replaceAll("\\p{Cntrl}", " "));
        out.println(content);
    }
}
