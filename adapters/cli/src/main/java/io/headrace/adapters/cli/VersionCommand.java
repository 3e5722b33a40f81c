package io.headrace.adapters.cli;

import io.headrace.adapters.cli.report.JsonText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.util.concurrent.Callable;

/** {@code headrace version}. Runs on the main thread. */
@Command(name = "version", header = "Show the version of Headrace and of what it runs on.",
    footerHeading = "%nExamples:%n", footer = {
        "  headrace version",
        "  headrace version --output json"})
final class VersionCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;
    @Mixin
    private StandardOptions standardOptions;
    @Mixin
    private OutputOption output;

    @Override
    public Integer call() {
        final PrintWriter out = spec.commandLine().getOut();
        if (output.isJson()) {
            out.println(JsonText.pretty(json -> {
                json.writeStartObject();
                json.writeStringField("version", Version.headrace());
                json.writeStringField("java", Version.java());
                json.writeStringField("os", Version.operatingSystem());
                json.writeEndObject();
            }));
        } else {
            out.println("headrace " + Version.headrace());
            out.println("Java " + Version.java());
            out.println(Version.operatingSystem());
        }
        return ExitCode.OK;
    }
}
