package io.headrace.perf.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A measurement's main thread: what was found, and where; printed and written as JSON. */
public final class Report {
    private static final String UNKNOWN = "unknown";

    private final Map<String, Object> content = new LinkedHashMap<>();

    /**
     * Begins a report.
     *
     * @param question that the measurement answers.
     * @param args     of the program.
     */
    public Report(final String question, final String[] args) {
        content.put("question", question);
        content.put("arguments", List.of(args));
        content.put("environment", environment());
    }

    /**
     * Adds a figure.
     *
     * @param name  of the figure.
     * @param value as Jackson writes it.
     * @return this.
     */
    public Report put(final String name, final Object value) {
        content.put(name, value);
        return this;
    }

    private static Map<String, Object> environment() {
        final Map<String, Object> values = new LinkedHashMap<>();
        values.put("startedAt", Instant.now().toString());
        values.put("commit", output("git", "rev-parse", "--short", "HEAD"));
        values.put("uncommittedFiles", output("git", "status", "--porcelain").lines().count());
        values.put("java", System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version"));
        values.put("jvmArguments", ManagementFactory.getRuntimeMXBean().getInputArguments());
        values.put("os", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        values.put("processor", processor());
        values.put("cores", Runtime.getRuntime().availableProcessors());
        values.put("loadAverageBefore", ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
        return values;
    }

    private static String processor() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name")).findFirst()
                .map(line -> line.substring(line.indexOf(':') + 1).trim()).orElse(UNKNOWN);
        } catch (final IOException | UncheckedIOException e) {
            return UNKNOWN;
        }
    }

    private static String output(final String... command) {
        try {
            final Process process = new ProcessBuilder(command).start();
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
        } catch (final IOException e) {
            return UNKNOWN;
        }
    }

    /**
     * Prints the ratios, and writes everything to the file if one was named.
     *
     * @param ratios to be reported.
     * @param file   its name, or nothing.
     * @throws IOException when it cannot be written.
     */
    public void finish(final List<Ratios> ratios, final String file) throws IOException {
        content.put("loadAverageAfter", ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
        content.put("ratios", ratios);
        ratios.forEach(ratio -> System.out.println(ratio.line()));
        System.out.println("load average " + ((Map<?, ?>)content.get("environment")).get("loadAverageBefore") +
            " before, " + content.get("loadAverageAfter") + " after");
        if (!file.isEmpty()) {
            new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(Path.of(file).toFile(), content);
        }
    }
}
