package io.headrace.adapters.demo;

import io.headrace.bus.log.LogException;
import io.headrace.bus.service.config.ConfigurationException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.concurrent.CompletionException;
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
    private volatile DemoService service;
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

    /** One that is not to kill the service. */
    Demo(final DemoOptions options, final DemoListener listener, final Tampering tampering) {
        this(options, listener, null, tampering);
        if (options.killEvery().isPresent()) {
            throw new IllegalArgumentException("killEvery=" + options.killEvery().get() + " needs a launcher");
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
        final DemoService startedService = service;
        if (startedService != null) {
            startedService.abandon();
        }
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
            servers = new DemoServers();
            servers.await();
            requireGoingOn();
            final DemoResult result = runService(startedAt, hiccups);
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

    private DemoResult runService(final Instant startedAt, final HiccupRecorder hiccups)
        throws IOException, SQLException, ConfigurationException, DemoException, InterruptedException {
        final Path file = DemoConfiguration.write(folder, driverFolder, servers, options.killEvery().isPresent());
        listener.onStep(DemoStep.SERVICE, "with " + file);
        try (DemoService made = newService(file)) {
            service = made;
            return new DemoSession(options, listener, tampering, servers, folder, made, stopRequest)
                .run(startedAt, hiccups);
        }
    }

    private DemoService newService(final Path file) throws ConfigurationException {
        if (options.killEvery().isEmpty()) {
            return new EmbeddedService(file);
        }
        return new ChildService(launcher, file, folder.resolve(SERVICE_OUTPUT),
            new KillSchedule(options.killEvery().get(), options.seed()));
    }
}
