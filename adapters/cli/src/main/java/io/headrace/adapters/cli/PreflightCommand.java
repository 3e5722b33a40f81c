package io.headrace.adapters.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.headrace.adapters.cli.report.JsonText;
import io.headrace.adapters.cli.report.TextTable;
import io.headrace.adapters.cli.report.Units;
import io.headrace.bus.adapter.PreflightFinding;
import io.headrace.bus.service.config.ServiceConfiguration;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

/** {@code headrace preflight}. Runs on the main thread; looks at the outside systems and changes nothing there. */
@Command(name = "preflight", header = "Look at the systems that a configuration names.",
    description = "Nothing is changed there. What would keep the service from working is shown with the exact" +
        " statement or setting that mends it; the exit code is 1 when a check failed.",
    footerHeading = "%nExamples:%n", footer = {
        "  headrace preflight plant.yaml",
        "  headrace preflight plant.yaml --output json"})
final class PreflightCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;
    @Mixin
    private StandardOptions standardOptions;
    @Mixin
    private OutputOption output;

    @Parameters(paramLabel = "FILE", description = "The configuration, in YAML.")
    private Path file;

    /** What was found for one adapter. */
    private record AdapterFindings(String kind, String name, String type, List<PreflightFinding> findings) {
    }

    @Override
    public Integer call() throws CommandException {
        final ServiceConfiguration configuration = ConfigurationFile.load(file, spec.commandLine().getErr());
        final List<AdapterFindings> all = new ArrayList<>();
        configuration.sources().forEach(source -> all.add(
            new AdapterFindings("source", source.name(), source.type(), look(source.name(), source::preflight))));
        configuration.sinks().forEach(sink -> all.add(
            new AdapterFindings("sink", sink.name(), sink.type(), look(sink.name(), sink::preflight))));
        final PrintWriter out = spec.commandLine().getOut();
        if (output.isJson()) {
            out.println(JsonText.pretty(json -> write(all, json)));
        } else {
            all.forEach(adapter -> print(adapter, out));
        }
        final long failedCount = all.stream().flatMap(adapter -> adapter.findings().stream())
            .filter(finding -> finding.status() == PreflightFinding.Status.FAILED).count();
        if (failedCount > 0) {
            spec.commandLine().getErr().println("headrace: " + failedCount + (failedCount == 1 ? " check" : " checks") +
                " failed. Mend what is shown and look again.");
            return ExitCode.FAILED;
        }
        return ExitCode.OK;
    }

    /** An adapter that breaks the rule that a preflight does not throw must not hide what the others found. */
    private static List<PreflightFinding> look(final String name, final Supplier<List<PreflightFinding>> preflight) {
        try {
            return preflight.get();
        } catch (final RuntimeException e) {
            // No field: making every command, as picocli does for each, must not start the logging.
            LoggerFactory.getLogger(PreflightCommand.class).error("The preflight of {} broke off", name, e);
            return List.of(PreflightFinding.failed(
                "preflight", "it broke off: " + e, "Report this as a fault of the adapter; the log has the details."));
        }
    }

    private static void print(final AdapterFindings adapter, final PrintWriter out) {
        out.println(adapter.kind() + " " + adapter.name() + " (" + adapter.type() + ")");
        if (adapter.findings().isEmpty()) {
            out.println("  nothing to check");
            return;
        }
        final TextTable table = new TextTable("STATUS", "CHECK", "FOUND");
        adapter.findings().forEach(finding -> table.row(finding.status().name(), Units.oneLine(finding.check()),
            Units.oneLine(finding.found())));
        final List<String> lines = table.lines();
        out.println("  " + lines.get(0));
        for (int i = 1; i < lines.size(); i++) {
            out.println("  " + lines.get(i));
            final String remedy = adapter.findings().get(i - 1).remedy();
            if (!remedy.isEmpty()) {
                // On lines of its own, so that it can be copied whole.
                remedy.lines().forEach(line -> out.println("      " + Units.oneLine(line)));
            }
        }
    }

    private static void write(final List<AdapterFindings> all, final JsonGenerator json) throws IOException {
        json.writeStartArray();
        for (final AdapterFindings adapter : all) {
            for (final PreflightFinding finding : adapter.findings()) {
                json.writeStartObject();
                json.writeStringField("kind", adapter.kind());
                json.writeStringField("name", adapter.name());
                json.writeStringField("type", adapter.type());
                json.writeStringField("check", finding.check());
                json.writeStringField("status", finding.status().name().toLowerCase(Locale.ROOT));
                json.writeStringField("found", finding.found());
                json.writeStringField("remedy", finding.remedy());
                json.writeEndObject();
            }
        }
        json.writeEndArray();
    }
}
