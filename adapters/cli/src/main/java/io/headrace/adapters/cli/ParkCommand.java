package io.headrace.adapters.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code headrace park}: holds the commands about events that were set aside. Runs on the main thread. */
@Command(name = "park", header = "Look at the events that flows have set aside, replay and drop them.",
    description = "A flow with on-poison: park-event or park-key sets an event aside that its sink can never take," +
        " and goes on.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {ParkLsCommand.class, ParkShowCommand.class, ParkReplayCommand.class, ParkDropCommand.class},
    footerHeading = "%nExamples:%n", footer = {
        "  headrace park ls plant.yaml",
        "  headrace park show plant.yaml --flow mirror --sequence 123456",
        "  headrace park replay plant.yaml --flow mirror --all",
        "  headrace park COMMAND --help"})
final class ParkCommand implements Runnable {
    @Spec
    private CommandSpec spec;
    @Mixin
    private StandardOptions standardOptions;

    @Override
    public void run() {
        throw MissingCommand.of(spec);
    }
}
