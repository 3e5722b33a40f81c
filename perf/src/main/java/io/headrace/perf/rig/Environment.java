package io.headrace.perf.rig;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryManagerMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Stateless: where a measurement ran. What cannot be found out is called unknown. */
public final class Environment {
    private static final String UNKNOWN = "unknown";
    private static final Pattern JAR = Pattern.compile("(.+?)-(\\d[\\w.\\-]*)\\.jar");
    /** Those whose speed is compared, and what they stand on. */
    private static final List<String> LIBRARIES = List.of(
        "aeron-client", "aeron-archive", "agrona", "disruptor", "jctools-core", "vertx-core", "guava", "reactor-core",
        "jackson-databind", "protobuf-java", "avro", "chronicle-queue", "debezium-embedded", "postgresql",
        "kafka-clients", "kafka_2.13", "hivemq-mqtt-client", "hivemq-community-edition-embedded", "HdrHistogram");

    private Environment() {
    }

    /**
     * Looks around.
     *
     * @param root of the project, whose commit is named.
     * @return what was found, by name.
     */
    public static Map<String, Object> collect(final Path root) {
        final Map<String, Object> values = new LinkedHashMap<>();
        values.put("startedAt", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        values.put("commit", output(root, "git", "rev-parse", "--short", "HEAD"));
        values.put("uncommittedFiles", output(root, "git", "status", "--porcelain").lines().count());
        values.put("cpu", field(Path.of("/proc/cpuinfo"), "model name"));
        values.put("cores", Runtime.getRuntime().availableProcessors());
        values.put("virtualMachine", field(Path.of("/proc/cpuinfo"), "flags").contains("hypervisor"));
        values.put("memory", field(Path.of("/proc/meminfo"), "MemTotal"));
        values.put("kernel", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        values.put("kernelCommandLine", text("/proc/cmdline"));
        values.put("governor", text("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"));
        values.put("isolatedCores", text("/sys/devices/system/cpu/isolated"));
        values.put("hyperThreading", text("/sys/devices/system/cpu/smt/active"));
        values.put("clockSource", text("/sys/devices/system/clocksource/clocksource0/current_clocksource"));
        values.put("transparentHugePages", text("/sys/kernel/mm/transparent_hugepage/enabled"));
        values.put("java", System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version"));
        values.put("jvmFlags", ManagementFactory.getRuntimeMXBean().getInputArguments());
        values.put("collectors", ManagementFactory.getGarbageCollectorMXBeans().stream()
            .map(MemoryManagerMXBean::getName).toList());
        values.put("versions", versions());
        values.put("loadBefore", ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
        return values;
    }

    private static Map<String, String> versions() {
        final Map<String, String> versions = new TreeMap<>();
        for (final String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            final Matcher jar = JAR.matcher(Path.of(entry).getFileName().toString());
            if (jar.matches() && LIBRARIES.contains(jar.group(1))) {
                versions.put(jar.group(1), jar.group(2));
            }
        }
        return versions;
    }

    private static String field(final Path file, final String name) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith(name)).findFirst()
                .map(line -> line.substring(line.indexOf(':') + 1).trim()).orElse(UNKNOWN);
        } catch (final IOException | UncheckedIOException e) {
            return UNKNOWN;
        }
    }

    private static String text(final String file) {
        try {
            final String text = Files.readString(Path.of(file)).trim();
            return text.isEmpty() ? "none" : text;
        } catch (final IOException e) {
            return UNKNOWN;
        }
    }

    private static String output(final Path folder, final String... command) {
        try {
            final Process process = new ProcessBuilder(command).directory(folder.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD).start();
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
        } catch (final IOException e) {
            return UNKNOWN;
        }
    }
}
