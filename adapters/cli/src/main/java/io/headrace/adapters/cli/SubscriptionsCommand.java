package io.headrace.adapters.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code headrace subscriptions}: holds the commands about the flows' positions. Runs on the main thread. */
@Command(name = "subscriptions", header = "Look at the positions that the event log keeps of the flows, and set them.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {SubscriptionsLsCommand.class, SubscriptionsResetCommand.class},
    footerHeading = "%nExamples:%n", footer = {
        "  headrace subscriptions ls plant.yaml",
        "  headrace subscriptions reset plant.yaml --flow mirror --to 2026-11-21T06:00:00Z",
        "  headrace subscriptions COMMAND --help"})
final class SubscriptionsCommand implements Runnable {
    @Spec
    private CommandSpec spec;
    @Mixin
    private StandardOptions standardOptions;

    @Override
    public void run() {
        throw MissingCommand.of(spec);
    }
}
