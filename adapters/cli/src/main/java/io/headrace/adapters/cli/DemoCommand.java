package io.headrace.adapters.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;

/**
 * {@code headrace demo}. Runs on the main thread.
 *
 * <p>The demonstration's own classes are on the class path for this command alone, while picocli looks at the fields
 * and methods of every command: so none of them may name one. {@link DemoRun} does.
 */
@Command(name = "demo", header = "Show the whole path on this machine, and prove it.",
    description = "Starts two PostgreSQL servers, an ERP and a planning system, and an MQTT broker with simulated" +
        " machines, all in temporary folders; runs loads against them and a service between them; then compares" +
        " what was sent with what arrived, row for row and message for message. The exit code is 1 when anything was" +
        " lost, doubled or changed on its way, also when the service is killed again and again meanwhile, and at" +
        " replicas that follow it over a network that loses packets.",
    footerHeading = "%nExamples:%n", footer = {
        "  headrace demo",
        "  headrace demo --duration 20s --report report.json",
        "  headrace demo --duration 60s --kill-every 5s",
        "  headrace demo --duration 40s --replicas 2 --loss 5 --kill-every 8s",
        "  headrace demo --rate 1000 --readings-rate 5000 --keep /tmp/headrace-demo"})
final class DemoCommand implements Callable<Integer> {
    static final String LOG_LEVEL = "HEADRACE_LOG_LEVEL";

    @Spec
    private CommandSpec spec;
    @Mixin
    private StandardOptions standardOptions;

    @Option(names = "--duration", paramLabel = "TIME", converter = DurationConverter.class, defaultValue = "30s",
        description = "How long the loads run (default: ${DEFAULT-VALUE}).")
    private Duration duration;

    @Option(names = "--rate", paramLabel = "N", defaultValue = "200",
        description = "Transactions of the ERP in a second (default: ${DEFAULT-VALUE}).")
    private int transactionsPerSecond;

    @Option(names = "--readings-rate", paramLabel = "N", defaultValue = "500",
        description = "Readings of all machines together in a second (default: ${DEFAULT-VALUE}).")
    private int readingsPerSecond;

    @Option(names = "--faults-rate", paramLabel = "N", defaultValue = "5",
        description = "Faults of all machines together in a second (default: ${DEFAULT-VALUE}).")
    private int faultsPerSecond;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1",
        description = "Of everything that is drawn at random (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--kill-every", paramLabel = "TIME", converter = DurationConverter.class,
        description = "Run the service in a process of its own, kill that about this often while the loads go on," +
            " up to a quarter sooner or later by the seed, and start it again at once (default: no kill).")
    private Duration killEvery;

    @Option(names = "--replicas", paramLabel = "N", defaultValue = "0",
        description = "How many replicas follow the service, each a process with targets of its own, which are" +
            " compared, too; --kill-every kills them as well (default: ${DEFAULT-VALUE}).")
    private int replicaCount;

    @Option(names = "--loss", paramLabel = "PERCENT", defaultValue = "0",
        description = "How many of 100 packets between the service and its replicas are dropped at random, by Aeron's" +
            " own generator (default: ${DEFAULT-VALUE}).")
    private double lossPercent;

    @Option(names = "--report", paramLabel = "FILE", description = "Write what was found to this file, as JSON.")
    private Path report;

    @Option(names = "--keep", paramLabel = "DIR",
        description = "Keep the configuration and the written files in this folder, which is empty or missing.")
    private Path keep;

    @Option(names = "--plain", description = "Print plain lines also in a terminal.")
    private boolean plain;

    @Override
    public Integer call() throws CommandException, InterruptedException {
        if (System.getenv(LOG_LEVEL) == null) {
            // Before the first logger is made: the steps tell what happens, the log only what goes wrong.
            System.setProperty(LOG_LEVEL, "WARN");
        }
        return new DemoRun(spec.commandLine().getOut(), plain).run(
            duration, transactionsPerSecond, readingsPerSecond, faultsPerSecond, seed, report, keep,
            killEvery, replicaCount, lossPercent);
    }
}
