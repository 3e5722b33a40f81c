package io.headrace.adapters.demo;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * One life of the service's process, from its start to its end. Owned by the thread that started it; a thread of its
 * own reads what the process prints and appends it to a file. {@link #kill} is for any thread.
 *
 * <p>Its standard input is a pipe that this process holds and never writes to: it ends with this process, however that
 * ends, and then the service ends, too.
 */
final class ServiceLife {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceLife.class);
    private static final int LAST_LINES = 5;
    private static final Duration END_TIMEOUT = Duration.ofSeconds(10);

    private final ServiceLauncher launcher;
    private final String name;
    private final Process process;
    private final Path outputFile;
    private final Thread reader = new Thread(this::read, "headrace-demo-service-output");
    private final Deque<String> lastLines = new ArrayDeque<>();
    private final long startedNs = System.nanoTime();
    private volatile URI control;

    /** Starts the process of a service that is called by a name. */
    ServiceLife(
        final ServiceLauncher launcher, final String name, final Path configuration, final List<String> jvmOptions,
        final Path outputFile) throws IOException {
        this.launcher = launcher;
        this.name = name;
        this.outputFile = outputFile;
        process = new ProcessBuilder(launcher.command(configuration, jvmOptions)).redirectErrorStream(true).start();
        reader.setDaemon(true);
        reader.start();
    }

    private void read() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
            BufferedWriter out = Files.newBufferedWriter(
                outputFile, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                out.write(line);
                out.newLine();
                out.flush();
                remember(line);
                if (control == null) {
                    control = launcher.control(line).orElse(null);
                }
            }
        } catch (final IOException e) {
            // The pipe of a process that was killed may break in the middle of a line.
            LOG.debug("The output of the service's process {} ended", process.pid(), e);
        }
    }

    private synchronized void remember(final String line) {
        lastLines.addLast(line);
        if (lastLines.size() > LAST_LINES) {
            lastLines.removeFirst();
        }
    }

    /** {@return where the service is controlled, once it has said so} */
    Optional<URI> control() {
        return Optional.ofNullable(control);
    }

    boolean alive() {
        return process.isAlive();
    }

    long startedNs() {
        return startedNs;
    }

    /** {@return what is to be said of a process that has ended without being told to} */
    synchronized String epitaph() {
        return name + "'s process ended by itself with exit code " + process.exitValue() + ": "
            + String.join(" | ", List.copyOf(lastLines));
    }

    /** SIGKILL: nothing in the process is told. */
    void kill() {
        // By the handle: the process's own method would also close the pipes, and lose what it still says.
        process.toHandle().destroyForcibly();
    }

    /** Waits for the end of a process that was killed, and of its output. */
    void awaitEnd() throws IOException, InterruptedException {
        if (!process.waitFor(END_TIMEOUT.toNanos(), TimeUnit.NANOSECONDS)) {
            throw new IOException(name + "'s process " + process.pid() + " does not end");
        }
        reader.join(END_TIMEOUT.toMillis());
    }

    /**
     * SIGTERM, and wait for the end; a process that does not end in time is killed.
     *
     * @return the exit code.
     */
    int terminate(final Duration timeout) throws InterruptedException {
        process.toHandle().destroy();
        if (!process.waitFor(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
            kill();
        }
        final int exitCode = process.waitFor();
        reader.join(END_TIMEOUT.toMillis());
        return exitCode;
    }
}
