package io.headrace.adapters.cli;

import io.headrace.adapters.cli.control.ControlClient;
import io.headrace.adapters.cli.control.ControlClient.RefusedException;
import io.headrace.adapters.cli.report.StatusReader;
import io.headrace.adapters.demo.ServiceLauncher;
import io.headrace.bus.latency.Stage;
import io.headrace.bus.service.ServiceStatus;
import org.HdrHistogram.Histogram;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Runs {@code headrace run} in a JVM like this one. Owned by the thread that runs the demonstration. */
final class DemoLauncher implements ServiceLauncher {
    private static final Pattern CONTROL = Pattern.compile("; control on (http://[^\\s;]+);");
    private static final Duration TIMEOUT = Duration.ofSeconds(3);

    private static final int MAX_CLIENTS = 16;

    private final Map<URI, ControlClient> clients = new LinkedHashMap<>();

    @Override
    public List<String> command(final Path configuration, final List<String> jvmOptions) {
        final List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // What this JVM was given is what the bus needs, too; but for agents, which would meet their own here.
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter(argument -> !argument.startsWith("-agent") && !argument.startsWith("-javaagent"))
            .forEach(command::add);
        command.addAll(jvmOptions);
        if (System.getenv(DemoCommand.LOG_LEVEL) == null) {
            // Its log goes to a file, where it disturbs nobody.
            command.add("-D" + DemoCommand.LOG_LEVEL + "=INFO");
        }
        command.addAll(List.of(
            "-cp", System.getProperty("java.class.path"), HeadraceCommand.class.getName(),
            "run", "--plain", "--stop-at-eof", configuration.toString()));
        return command;
    }

    @Override
    public Optional<URI> control(final String line) {
        final Matcher control = CONTROL.matcher(line);
        return control.find() ? Optional.of(URI.create(control.group(1))) : Optional.empty();
    }

    @Override
    public ServiceStatus status(final URI control) throws IOException, InterruptedException {
        try {
            return StatusReader.read(client(control).status(true));
        } catch (final RefusedException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    @Override
    public Map<String, Map<Stage, Histogram>> latencies(final URI control) throws IOException, InterruptedException {
        try {
            return client(control).latencies();
        } catch (final RefusedException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private ControlClient client(final URI control) {
        if (clients.size() == MAX_CLIENTS && !clients.containsKey(control)) {
            // The oldest: each life of a service has an address of its own.
            clients.remove(clients.keySet().iterator().next());
        }
        return clients.computeIfAbsent(control, address -> new ControlClient(address, TIMEOUT));
    }
}
