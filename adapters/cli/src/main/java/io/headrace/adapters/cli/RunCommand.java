package io.headrace.adapters.cli;

import io.headrace.adapters.cli.report.Terminal;
import io.headrace.bus.service.config.ServiceConfiguration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.nio.file.Path;
import java.util.concurrent.Callable;

/** {@code headrace run}. Runs on the main thread, until a signal comes. */
@Command(name = "run", header = "Run a service.",
    description = "SIGINT (Ctrl-C) or SIGTERM stops it in order: sources stop, what is on the bus is" +
        " delivered, sinks close. A second signal stops it at once. In a terminal a table shows rates and latencies;" +
        " elsewhere plain lines do, every service.report-interval. Log lines go to stderr; HEADRACE_LOG_LEVEL sets" +
        " their level.",
    footerHeading = "%nExamples:%n", footer = {
        "  headrace run plant.yaml",
        "  headrace run plant.yaml --plain >> report.log",
        "  HEADRACE_LOG_LEVEL=DEBUG headrace run plant.yaml --quiet"})
final class RunCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;
    @Mixin
    private StandardOptions standardOptions;

    @Parameters(paramLabel = "FILE", description = "The configuration, in YAML.")
    private Path file;

    @Option(names = "--plain", description = "Print plain lines also in a terminal.")
    private boolean plain;

    @Option(names = {"-q", "--quiet"}, description = "Print nothing but failures and the log.")
    private boolean quiet;

    @Option(names = "--stop-at-eof",
        description = "Stop, as on SIGTERM, when the standard input ends: so a service never outlives the program" +
            " that holds the other end, however that ends.")
    private boolean stopAtEof;

    @Override
    public Integer call() throws CommandException, InterruptedException {
        final ServiceConfiguration configuration = ConfigurationFile.load(file, spec.commandLine().getErr());
        final Terminal terminal = Terminal.ofProcess(System.out, System.getenv());
        return new ServiceRun(configuration, terminal, spec.commandLine().getErr(), plain, quiet, stopAtEof).run();
    }
}
