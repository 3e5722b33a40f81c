package io.headrace.adapters.cli;

import io.headrace.adapters.cli.report.JsonText;
import io.headrace.bus.service.config.AdapterRegistry;
import io.headrace.bus.service.config.ConfigurationSchema;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import java.util.concurrent.Callable;

/** {@code headrace schema}. Runs on the main thread. */
@Command(name = "schema", header = "Print the JSON Schema of the configuration.",
    description = "With it an editor completes and checks a configuration while it is written.",
    footerHeading = "%nExamples:%n", footer = {
        "  headrace schema > headrace.schema.json",
        "  # and as the first line of a configuration:",
        "  # yaml-language-server: $schema=headrace.schema.json"})
final class SchemaCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;
    @Mixin
    private StandardOptions standardOptions;

    @Override
    public Integer call() {
        spec.commandLine().getOut().println(
            JsonText.pretty(json -> JsonText.tree(ConfigurationSchema.toTree(AdapterRegistry.load()), json)));
        return ExitCode.OK;
    }
}
