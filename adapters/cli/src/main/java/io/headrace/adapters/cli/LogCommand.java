package io.headrace.adapters.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code headrace log}: holds the commands that look at the files of an event log. Runs on the main thread. */
@Command(name = "log", header = "Look at an event log, check it and mend it.",
    description = "The files are read where they are: a service may be writing them, or stand still.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {LogLsCommand.class, LogVerifyCommand.class, LogRepairCommand.class, LogDumpCommand.class},
    footerHeading = "%nExamples:%n", footer = {
        "  headrace log ls plant.yaml",
        "  headrace log verify plant.yaml",
        "  headrace log dump plant.yaml --from 2026-11-21T06:00:00Z --topic 'erp.public.*' --limit 10",
        "  headrace log COMMAND --help"})
final class LogCommand implements Runnable {
    @Spec
    private CommandSpec spec;
    @Mixin
    private StandardOptions standardOptions;

    @Override
    public void run() {
        throw MissingCommand.of(spec);
    }
}
