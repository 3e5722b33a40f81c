package io.headrace.adapters.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/** The command line: {@code headrace COMMAND}. Runs on the main thread. */
@Command(name = "headrace",
    description = "A low-latency event bus with adapters: takes the changes of operational systems the moment they" +
        " happen, and puts them in front of every system that must react.",
    synopsisSubcommandLabel = "COMMAND",
    versionProvider = Version.class,
    subcommands = {
        DemoCommand.class, RunCommand.class, ValidateCommand.class, PreflightCommand.class, AdaptersCommand.class,
        SchemaCommand.class, StatusCommand.class, TailCommand.class, PromoteCommand.class, LogCommand.class,
        ReplayCommand.class, SubscriptionsCommand.class, ParkCommand.class, VersionCommand.class},
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
        "0:all is well",
        "1:a check or a verification failed, a flow of the service failed, or an event log cannot be used",
        "2:the command line or the configuration is wrong",
        "3:the running service cannot be reached",
        "70:internal error",
        "130, 143:a second SIGINT or SIGTERM forced the end"},
    footerHeading = "%nExamples:%n",
    footer = {
        "  headrace demo --duration 20s",
        "  headrace validate plant.yaml",
        "  headrace preflight plant.yaml",
        "  headrace run plant.yaml",
        "  headrace tail --topics 'erp.public.*' --limit 10",
        "  headrace COMMAND --help"})
public final class HeadraceCommand implements Runnable {
    @Spec
    private CommandSpec spec;
    @Mixin
    private StandardOptions standardOptions;

    @Option(names = {"-V", "--version"}, versionHelp = true, description = "Show the version and exit.")
    private boolean versionRequested;

    @Override
    public void run() {
        throw MissingCommand.of(spec);
    }

    /**
     * Runs one command and ends the process with its exit code.
     *
     * @param args of the command line.
     */
    public static void main(final String[] args) {
        // JSON is UTF-8 whatever the locale says, and so are the units of figures.
        System.setOut(utf8(FileDescriptor.out));
        System.setErr(utf8(FileDescriptor.err));
        System.exit(execute(new PrintWriter(System.out, true), new PrintWriter(System.err, true), args));
    }

    private static PrintStream utf8(final FileDescriptor descriptor) {
        return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
    }

    /**
     * Runs one command.
     *
     * @param out  where its answer goes.
     * @param err  where failures go.
     * @param args of the command line.
     * @return the exit code.
     */
    static int execute(final PrintWriter out, final PrintWriter err, final String... args) {
        return execute(new CommandLine(new HeadraceCommand()).setOut(out).setErr(err), args);
    }

    static int execute(final CommandLine command, final String... args) {
        final FailureReport failureReport = new FailureReport();
        command
            .setUsageHelpAutoWidth(true)
            .setParameterExceptionHandler(failureReport)
            .setExecutionExceptionHandler(failureReport);
        try {
            return command.execute(args);
        } catch (final Error e) {
            // Picocli hands over exceptions only. A library that is missing or does not fit comes as an error.
            return failureReport.handleError(e, command, args);
        }
    }
}
