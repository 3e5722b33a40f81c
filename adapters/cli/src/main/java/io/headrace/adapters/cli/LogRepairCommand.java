package io.headrace.adapters.cli;

import io.headrace.adapters.cli.report.JsonText;
import io.headrace.bus.log.EventLogs;
import io.headrace.bus.log.LogVerification.Damage;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

/** {@code headrace log repair}. Runs on the main thread; the only command that gives recorded bytes up. */
@Command(name = "repair", header = "Give up one damaged place of an event log.",
    description = "The log then goes on behind the place. The bytes that were there are kept in a file beside the" +
        " segments. The service must stand still. 'headrace log verify' shows the places and the sequences to give.",
    footerHeading = "%nExamples:%n", footer = {
        "  headrace log repair plant.yaml --from 123456",
        "  headrace log repair /var/lib/headrace/plant-1 --from 123456 --yes"})
final class LogRepairCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;
    @Mixin
    private StandardOptions standardOptions;
    @Mixin
    private OutputOption output;
    @Mixin
    private LogFile file;

    @Option(names = "--from", paramLabel = "SEQUENCE", required = true,
        description = "The first event that is kept behind the damaged place, as 'headrace log verify' shows it.")
    private long fromSequence;

    @Option(names = {"-y", "--yes"}, description = "Do not ask.")
    private boolean yes;

    @Override
    public Integer call() throws CommandException {
        final PrintWriter err = spec.commandLine().getErr();
        final LogFile.Found found = file.find(err);
        final Damage damage = damageBefore(LogVerifyCommand.verify(found, err).damages(), found);
        if (!yes) {
            err.println("This place will be given up: " + LogVerifyCommand.describe(damage));
            Confirmation.require("Events that stood there are then lost to every flow that had not finished them." +
                " Go on?", System.in, err);
        }
        final Damage given = EventLogs.provider().repair(found.folder(), fromSequence);
        final PrintWriter out = spec.commandLine().getOut();
        if (output.isJson()) {
            out.println(JsonText.pretty(json -> LogVerifyCommand.write(given, json)));
        } else {
            out.println("Given up: " + LogVerifyCommand.describe(given));
            out.println("Check the rest with 'headrace log verify " + found.file() + "'.");
        }
        return ExitCode.OK;
    }

    private Damage damageBefore(final List<Damage> damages, final LogFile.Found found) throws CommandException {
        for (final Damage damage : damages) {
            if (damage.nextGoodSequence() == fromSequence) {
                return damage;
            }
        }
        if (damages.isEmpty()) {
            throw new CommandException(ExitCode.FAILED,
                "There is nothing to repair: the event log in " + found.folder() + " is whole.");
        }
        throw new CommandException(ExitCode.INVALID, "No damaged place ends before sequence " + fromSequence +
            ". Give --from " + damages.stream().map(damage -> Long.toString(damage.nextGoodSequence()))
            .collect(Collectors.joining(" or ")) + ".");
    }
}
