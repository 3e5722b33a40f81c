package io.headrace.adapters.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** What is said when a command that only holds others is given alone. Used on the main thread; holds no state. */
final class MissingCommand {
    private MissingCommand() {
    }

    static ParameterException of(final CommandSpec spec) {
        return new ParameterException(spec.commandLine(), "Missing command: give one of " +
            String.join(", ", spec.subcommands().keySet()));
    }
}
