package io.headrace.adapters.cli;

import io.headrace.adapters.cli.control.ControlServer;
import io.headrace.adapters.cli.report.LiveReport;
import io.headrace.adapters.cli.report.Terminal;
import io.headrace.bus.adapter.Health;
import io.headrace.bus.service.HeadraceService;
import io.headrace.bus.service.ServiceStatus.FlowStatus;
import io.headrace.bus.service.config.ServiceConfiguration;
import io.headrace.bus.service.config.ServiceOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One life of a service, from its start to its exit code. Owned by the main thread, which waits for a signal; a second
 * signal is handled on a thread of the JVM.
 */
final class ServiceRun {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceRun.class);
    private static final int LOOK_INTERVAL_MS = 500;
    private static final int STOP_NOW_TIMEOUT_MS = 1000;

    private final ServiceConfiguration configuration;
    private final Terminal terminal;
    private final PrintWriter err;
    private final boolean plain;
    private final boolean quiet;
    private final boolean stopAtEof;

    ServiceRun(
        final ServiceConfiguration configuration, final Terminal terminal, final PrintWriter err,
        final boolean plain, final boolean quiet, final boolean stopAtEof) {
        this.configuration = configuration;
        this.terminal = terminal;
        this.err = err;
        this.plain = plain;
        this.quiet = quiet;
        this.stopAtEof = stopAtEof;
    }

    /** Runs the service until a signal, or until none of its flows works any more. */
    int run() throws CommandException, InterruptedException {
        try (StopSignals signals = StopSignals.install()) {
            if (stopAtEof) {
                signals.requestAtEnd(System.in);
            }
            try (HeadraceService service = newService(); Listening control = listen(service)) {
                signals.onFurther(number -> stopAtOnce(service, number));
                start(service);
                if (!quiet) {
                    terminal.out().println(Banner.of(configuration, control.server().map(ControlServer::uri)));
                }
                return runAndStop(service, signals);
            }
        }
    }

    private HeadraceService newService() throws CommandException {
        try {
            return new HeadraceService(configuration);
        } catch (final IllegalArgumentException e) {
            throw new CommandException(ExitCode.INVALID,
                "The configuration " + configuration.file() + " cannot work: " + e.getMessage() + ".", e);
        } catch (final IllegalStateException e) {
            // As when another service leads its bus.
            throw new CommandException(ExitCode.FAILED, "The service does not start: " + e.getMessage() + ".", e);
        }
    }

    private static void start(final HeadraceService service) throws CommandException {
        try {
            service.start();
        } catch (final RuntimeException e) {
            throw new CommandException(ExitCode.FAILED, "The service could not start: " + e.getMessage() + ".", e);
        }
    }

    private int runAndStop(final HeadraceService service, final StopSignals signals) throws InterruptedException {
        final ServiceOptions options = configuration.service();
        final boolean stoppedWell;
        final boolean failedBefore;
        try (LiveReport report = newReport(service)) {
            if (!quiet) {
                report.start();
            }
            awaitEnd(service, signals);
            failedBefore = !failedFlows(service).isEmpty();
            stoppedWell = service.stop(options.shutdownTimeout());
        }
        failedFlows(service).forEach(flow -> err.println(
            "headrace: The flow " + flow.subscription().name() + " failed: " + flow.subscription().reason()));
        if (!stoppedWell && !failedBefore) {
            err.println("headrace: Not everything was delivered within service.shutdown-timeout (" +
                options.shutdownTimeout().toMillis() + " ms). Sources that keep a position give the rest again" +
                " after the next start; a longer time-out lets more be delivered.");
        }
        return stoppedWell && !failedBefore ? ExitCode.OK : ExitCode.FAILED;
    }

    private LiveReport newReport(final HeadraceService service) {
        return new LiveReport(service::status, terminal, plain, configuration.service().reportInterval());
    }

    private void awaitEnd(final HeadraceService service, final StopSignals signals) throws InterruptedException {
        while (!signals.await(LOOK_INTERVAL_MS)) {
            final int failedCount = failedFlows(service).size();
            if (failedCount > 0 && failedCount == configuration.sinks().size()) {
                LOG.error("No flow works any more; the service ends");
                return;
            }
        }
    }

    /** Of the flows that the configuration names: a tail that fails is no failure of the service. */
    private List<FlowStatus> failedFlows(final HeadraceService service) {
        final Set<String> configured =
            configuration.sinks().stream().map(sink -> sink.name()).collect(Collectors.toSet());
        return service.status().flows().stream()
            .filter(flow -> configured.contains(flow.subscription().name()))
            .filter(flow -> flow.subscription().health() == Health.State.FAILED)
            .toList();
    }

    /** On the signal's thread: what is not closed within a second is left as it stands. */
    private void stopAtOnce(final HeadraceService service, final int signalNumber) {
        final Thread stopping = new Thread(() -> closeBus(service), "headrace-stop-now");
        stopping.setDaemon(true);
        stopping.start();
        try {
            stopping.join(STOP_NOW_TIMEOUT_MS);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        err.println("headrace: Stopped at once by a second signal, without draining.");
        err.flush();
        // Not exit: the main thread may be in the middle of a stop that does not end.
        Runtime.getRuntime().halt(ExitCode.SIGNAL_BASE + signalNumber);
    }

    private static void closeBus(final HeadraceService service) {
        try {
            service.bus().close();
        } catch (final IllegalStateException e) {
            LOG.info("There is no bus to close: {}", e.getMessage());
        }
    }

    private Listening listen(final HeadraceService service) throws CommandException {
        final ServiceOptions.ControlOptions control = configuration.service().control();
        if (!control.enabled()) {
            return new Listening(Optional.empty());
        }
        try {
            return new Listening(Optional.of(new ControlServer(
                control, service::status, service::bus, service::promote)));
        } catch (final IOException e) {
            throw new CommandException(ExitCode.FAILED, "The control endpoint cannot listen on " + control.host() +
                " port " + control.port() + " (" + e.getMessage() + "). Is the service running already? Otherwise" +
                " give another service.control.port, or 0 for any free one.", e);
        }
    }

    /** The control endpoint, where there is one. */
    private record Listening(Optional<ControlServer> server) implements AutoCloseable {
        @Override
        public void close() {
            server.ifPresent(ControlServer::close);
        }
    }
}
