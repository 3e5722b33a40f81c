package io.headrace.adapters.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.headrace.adapters.cli.report.JsonText;
import io.headrace.bus.service.config.ConfigurationException;
import io.headrace.bus.service.config.ConfigurationProblem;
import io.headrace.bus.service.config.LoadedConfiguration;
import io.headrace.bus.service.config.ServiceConfiguration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;

/** {@code headrace validate}. Runs on the main thread; touches no outside system. */
@Command(name = "validate", header = "Check a configuration without starting anything.",
    description = "All problems are shown together, each with its" +
        " line and what would be right; the exit code is then 2.",
    footerHeading = "%nExamples:%n", footer = {
        "  headrace validate plant.yaml",
        "  headrace validate plant.yaml --output json"})
final class ValidateCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;
    @Mixin
    private StandardOptions standardOptions;
    @Mixin
    private OutputOption output;

    @Parameters(paramLabel = "FILE", description = "The configuration, in YAML.")
    private Path file;

    @Override
    public Integer call() {
        try {
            final LoadedConfiguration loaded = ConfigurationFile.check(file);
            print(List.of(), loaded.warnings());
            if (!output.isJson()) {
                final ServiceConfiguration configuration = loaded.configuration();
                spec.commandLine().getOut().println(file + " is valid: sources " + configuration.sources().size() +
                    ", sinks " + configuration.sinks().size() + ".");
            }
            return ExitCode.OK;
        } catch (final ConfigurationException e) {
            print(e.problems(), e.warnings());
            if (!output.isJson()) {
                spec.commandLine().getErr().println(
                    "headrace: " + ConfigurationFile.summary(e.problems().size(), file));
            }
            return ExitCode.INVALID;
        }
    }

    private void print(final List<ConfigurationProblem> problems, final List<ConfigurationProblem> warnings) {
        final PrintWriter out = spec.commandLine().getOut();
        if (output.isJson()) {
            out.println(JsonText.pretty(json -> {
                json.writeStartArray();
                for (final ConfigurationProblem problem : problems) {
                    write(problem, "error", json);
                }
                for (final ConfigurationProblem warning : warnings) {
                    write(warning, "warning", json);
                }
                json.writeEndArray();
            }));
        } else {
            ConfigurationFile.print(problems, "", out);
            ConfigurationFile.print(warnings, "warning: ", out);
        }
    }

    private static void write(
        final ConfigurationProblem problem, final String severity, final JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("file", problem.file().toString());
        json.writeNumberField("line", problem.line());
        json.writeNumberField("column", problem.column());
        json.writeStringField("path", problem.path());
        json.writeStringField("severity", severity);
        json.writeStringField("message", problem.message());
        json.writeStringField("remedy", problem.remedy());
        json.writeEndObject();
    }
}
