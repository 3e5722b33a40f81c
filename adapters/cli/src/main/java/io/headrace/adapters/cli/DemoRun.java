package io.headrace.adapters.cli;

import io.headrace.adapters.cli.report.Terminal;
import io.headrace.adapters.demo.Demo;
import io.headrace.adapters.demo.DemoException;
import io.headrace.adapters.demo.DemoOptions;
import io.headrace.adapters.demo.DemoResult;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Runs the demonstration, apart from its command, as only this class may name the demonstration's. Main thread. */
final class DemoRun {
    private final PrintWriter out;
    private final boolean plain;

    DemoRun(final PrintWriter out, final boolean plain) {
        this.out = out;
        this.plain = plain;
    }

    int run(
        final Duration duration, final int transactionsPerSecond, final int readingsPerSecond,
        final int faultsPerSecond, final long seed, final Path report, final Path keep, final Duration killEvery,
        final int replicaCount, final double lossPercent) throws CommandException, InterruptedException {
        final DemoOptions options = options(duration, transactionsPerSecond, readingsPerSecond, faultsPerSecond, seed,
            report, keep, killEvery, replicaCount, lossPercent);
        out.flush();
        final DemoView view = new DemoView(Terminal.ofProcess(System.out, System.getenv()), plain);
        final Demo demo = new Demo(options, view, new DemoLauncher());
        try (StopSignals signals = StopSignals.install()) {
            signals.onFirst(demo::requestStop);
            signals.onFurther(number -> abandon(demo, number));
            final DemoResult result = demo.run();
            view.show(result);
            return result.verified() ? ExitCode.OK : ExitCode.FAILED;
        } catch (final DemoException e) {
            throw new CommandException(ExitCode.FAILED, e.getMessage(), e);
        }
    }

    /** On the signal's thread: the servers are programs of their own, which would outlive this process. */
    private static void abandon(final Demo demo, final int signalNumber) {
        try {
            demo.abandon();
        } finally {
            Runtime.getRuntime().halt(ExitCode.SIGNAL_BASE + signalNumber);
        }
    }

    private static DemoOptions options(
        final Duration duration, final int transactionsPerSecond, final int readingsPerSecond,
        final int faultsPerSecond, final long seed, final Path report, final Path keep, final Duration killEvery,
        final int replicaCount, final double lossPercent) throws CommandException {
        try {
            return new DemoOptions(duration, transactionsPerSecond, readingsPerSecond, faultsPerSecond, seed,
                Optional.ofNullable(report), Optional.ofNullable(keep), Optional.ofNullable(killEvery),
                new DemoOptions.Replicas(replicaCount, lossPercent));
        } catch (final IllegalArgumentException e) {
            throw new CommandException(
                ExitCode.INVALID, e.getMessage() + ". See 'headrace demo --help'.", e);
        }
    }
}
