package io.headrace.adapters.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.headrace.adapters.cli.control.ControlClient;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A service of a test with replicas: its process, which may be killed and started again, and the files that its only
 * flow writes. Owned by the test's thread.
 */
final class ReplicaSite implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final String FLOW = "readings";

    private final Path folder;
    private final List<String> before;
    private final List<String> jvmOptions;
    private final String host;
    private final String sink;
    private HeadraceProcess process;
    private URI control;

    /**
     * Makes a site; nothing is started yet.
     *
     * @param folder     its own.
     * @param before     what to put in front of the command.
     * @param jvmOptions further options of its JVM.
     * @param host       of the control endpoint.
     * @param sink       further options of the flow, as YAML.
     */
    ReplicaSite(
        final Path folder, final List<String> before, final List<String> jvmOptions, final String host,
        final String sink) throws IOException {
        this.folder = Files.createDirectories(folder);
        this.before = before;
        this.jvmOptions = jvmOptions;
        this.host = host;
        this.sink = sink;
        Files.createDirectories(folder.resolve(FLOW));
    }

    /** Writes the configuration: the bus's options but for the log, and the sources, both as YAML. */
    void configure(final String bus, final String sources) throws IOException {
        Files.writeString(folder.resolve("service.yaml"), """
            service:
              name: %s
              control: {host: "%s", port: 0}
              shutdown-timeout: 30s
            bus:
              log: {path: "%s"}
            %ssources:
            %ssinks:
              readings:
                type: file
                topics: ["machines.*"]
                %s
                options: {directory: "%s", fsync: batch}
            """.formatted(folder.getFileName(), host, folder.resolve("log"), bus, sources.indent(2), sink,
            folder.resolve(FLOW)));
    }

    void start() throws IOException {
        control = null;
        process = HeadraceProcess.behind(before, jvmOptions, folder,
            "run", "--plain", folder.resolve("service.yaml").toString());
    }

    HeadraceProcess process() {
        return process;
    }

    void kill() throws IOException, InterruptedException {
        process.kill();
    }

    /** SIGTERM, which must end well. */
    int stop() throws IOException, InterruptedException {
        process.signal("TERM");
        return process.awaitExit();
    }

    URI control() {
        if (control == null) {
            control = process.awaitControl();
        }
        return control;
    }

    JsonNode status() throws InterruptedException {
        try {
            return JSON.readTree(new ControlClient(control(), TIMEOUT).status(true));
        } catch (final IOException | ControlClient.RefusedException e) {
            throw new AssertionError(folder.getFileName() + " does not answer\n" + process.out() + process.err(), e);
        }
    }

    /** {@return what it says of itself as a replica} */
    String replicaState() throws InterruptedException {
        return status().path("replication").path("state").asText();
    }

    /** {@return the sequence and the text of each event that the flow has written, in the order of writing} */
    List<String> written() {
        final List<String> events = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder.resolve(FLOW))) {
            for (final Path file : files.sorted().toList()) {
                read(file, events);
            }
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
        return events;
    }

    private static void read(final Path file, final List<String> events) throws IOException {
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.endsWith("}")) {
                    final JsonNode event = JSON.readTree(line);
                    events.add(event.get("sequence").asLong() + " " + event.get("payload").get("bodyText").asText());
                }
            }
        }
    }

    /** {@return how many events the flow has written} */
    int writtenCount() {
        return written().size();
    }

    @Override
    public void close() {
        if (process != null) {
            process.close();
        }
    }
}
