package io.headrace.adapters.demo;

import io.headrace.bus.log.LogException;
import io.headrace.bus.service.config.ConfigurationException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

/**
 * The whole path on one machine: starts the systems at both ends, runs the service between them under load, and
 * compares afterwards what arrived with what was sent. Run once, by one thread; {@link #requestStop} and
 * {@link #abandon} are for any other.
 */
public final class Demo {
    static final String SERVICE_OUTPUT = "service.log";
    private static final Path MEMORY_FILE_SYSTEM = Path.of("/dev/shm");

    private final DemoOptions options;
    private final DemoListener listener;
    private final ServiceLauncher launcher;
    private final Tampering tampering;
    private final CountDownLatch stopRequest = new CountDownLatch(1);
    private volatile DemoServers servers;
    private final List<DemoService> services = new CopyOnWriteArrayList<>();
    private volatile Path folder;
    private volatile Path driverFolder;

    /** What a test does to the targets before they are compared, on the demonstration's thread. */
    @FunctionalInterface
    interface Tampering {
        void tamper(DemoServers servers, Path folder) throws IOException, SQLException;
    }

    /**
     * Makes a demonstration; nothing is started yet.
     *
     * @param options  what it is to do.
     * @param listener is told how it goes.
     * @param launcher starts a service that is to be killed.
     */
    public Demo(final DemoOptions options, final DemoListener listener, final ServiceLauncher launcher) {
        this(options, listener, launcher, (startedServers, workFolder) -> { });
    }

    /** One whose service is in this process. */
    Demo(final DemoOptions options, final DemoListener listener, final Tampering tampering) {
        this(options, listener, null, tampering);
        if (options.inProcesses()) {
            throw new IllegalArgumentException("options=" + options + " need a launcher");
        }
    }

    private Demo(
        final DemoOptions options, final DemoListener listener, final ServiceLauncher launcher,
        final Tampering tampering) {
        this.options = options;
        this.listener = listener;
        this.launcher = launcher;
        this.tampering = tampering;
    }

    /** Ends the loads early; what was sent by then is delivered and compared all the same. */
    public void requestStop() {
        stopRequest.countDown();
    }

    /** Stops everything and removes the folders at once, for a process that is about to end. */
    public void abandon() {
        services.forEach(DemoService::abandon);
        final DemoServers started = servers;
        if (started != null) {
            started.close();
        }
        removeFolders();
    }

    /**
     * Carries it out, and writes the report when there is to be one.
     *
     * @return what was found.
     * @throws DemoException        when it could not be carried out.
     * @throws InterruptedException when the thread was interrupted; everything is stopped then.
     */
    public DemoResult run() throws DemoException, InterruptedException {
        final Instant startedAt = Instant.now();
        try (HiccupRecorder hiccups = new HiccupRecorder()) {
            requireGoingOn();
            folder = workFolder();
            driverFolder = Files.isWritable(MEMORY_FILE_SYSTEM)
                ? Files.createTempDirectory(MEMORY_FILE_SYSTEM, "headrace-demo-")
                : Files.createTempDirectory("headrace-demo-driver-");
            listener.onStep(DemoStep.SERVERS, "two PostgreSQL servers (ERP and planning) and an MQTT broker");
            servers = new DemoServers(options.replicas().count());
            servers.await();
            requireGoingOn();
            final DemoResult result = runServices(startedAt, hiccups);
            if (options.report().isPresent()) {
                DemoReport.write(result, options, options.report().get());
            }
            return result;
        } catch (final IOException | SQLException | CompletionException e) {
            throw new DemoException("The demonstration failed: " + e.getMessage(), e);
        } catch (final LogException e) {
            throw new DemoException("The event log failed: " + e.getMessage(), e);
        } catch (final ConfigurationException e) {
            throw new DemoException("The generated configuration is refused: " + e.getMessage(), e);
        } finally {
            listener.onStep(DemoStep.CLEANUP, "");
            abandon();
        }
    }

    private Path workFolder() throws IOException, DemoException {
        if (options.keep().isEmpty()) {
            return Files.createTempDirectory("headrace-demo-");
        }
        final Path kept = Files.createDirectories(options.keep().get().toAbsolutePath());
        try (Stream<Path> present = Files.list(kept)) {
            if (present.findAny().isPresent()) {
                throw new DemoException("The folder " + kept + " is not empty: name an empty or a missing one.");
            }
        }
        return kept;
    }

    private void removeFolders() {
        if (driverFolder != null) {
            DemoServers.remove(driverFolder);
        }
        if (options.keep().isEmpty() && folder != null) {
            DemoServers.remove(folder);
        }
    }

    private void requireGoingOn() throws DemoException {
        if (stopRequest.getCount() == 0) {
            throw new DemoException("It was stopped before the loads began.");
        }
    }

    private DemoResult runServices(final Instant startedAt, final HiccupRecorder hiccups)
        throws IOException, SQLException, ConfigurationException, DemoException, InterruptedException {
        final List<DemoMember> members = new ArrayList<>();
        try {
            final DemoLoads loads = new DemoLoads(servers, options);
            for (final DemoPlace place : DemoPlace.all(folder, driverFolder, servers)) {
                final Path file = DemoConfiguration.write(place, servers, options.inProcesses());
                listener.onStep(DemoStep.SERVICE, (place.role() == DemoPlace.Role.ALONE ? "" : place.name() + " ")
                    + "with " + file);
                final DemoService service = newService(place, file, members.size());
                services.add(service);
                members.add(new DemoMember(place, service, servers, loads, options.seed()));
            }
            return new DemoSession(options, listener, tampering, servers, folder, members, loads, stopRequest)
                .run(startedAt, hiccups);
        } finally {
            services.forEach(DemoService::close);
            members.forEach(DemoMember::close);
        }
    }

    private DemoService newService(final DemoPlace place, final Path file, final int index)
        throws ConfigurationException {
        if (!options.inProcesses()) {
            return new EmbeddedService(file);
        }
        final Optional<KillSchedule> kills = options.killEvery().map(
            interval -> new KillSchedule(interval, options.seed(), index, 1 + options.replicas().count()));
        return new ChildService(launcher, place.name(), file, lossOptions(index),
            place.folder().resolve(SERVICE_OUTPUT), kills);
    }

    /** Aeron's own generator: it drops packets where they are received, data as well as what answers it. */
    private List<String> lossOptions(final int index) {
        final double rate = options.replicas().lossPercent() / 100;
        if (rate == 0) {
            return List.of();
        }
        return List.of(
            "-Daeron.ReceiveChannelEndpoint.supplier=io.aeron.driver.ext.DebugReceiveChannelEndpointSupplier",
            "-Daeron.debug.receive.data.loss.rate=" + rate,
            "-Daeron.debug.receive.data.loss.seed=" + (options.seed() + index),
            "-Daeron.debug.receive.control.loss.rate=" + rate,
            "-Daeron.debug.receive.control.loss.seed=" + (options.seed() + index + 1));
    }
}
