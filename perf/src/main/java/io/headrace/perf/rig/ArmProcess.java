package io.headrace.perf.rig;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The rig's main thread: runs an arm once, in a fresh JVM, and reads what it found. */
final class ArmProcess {
    private static final long QUICK_LIMIT_SECONDS = 120;
    private static final long FULL_LIMIT_SECONDS = 1800;
    private static final int SHOWN_LINES = 3;

    private ArmProcess() {
    }

    static ArmResult run(
        final String scenario, final Comparison comparison, final String armName, final int pair,
        final Settings settings, final Path folder, final Path scratch) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        delete(scratch);
        final Path settingsFile = folder.resolve("settings.json");
        ArmMain.JSON.writeValue(settingsFile.toFile(), settings);
        final Path output = folder.resolve("output.txt");
        final List<String> command = command(settings, comparison.arm(armName).jvmOptions());
        command.addAll(List.of(ArmMain.class.getName(), scenario, comparison.name(), armName,
            Integer.toString(pair), settingsFile.toString(), folder.toString(), scratch.toString()));
        final long beginNs = System.nanoTime();
        final Process process = new ProcessBuilder(command).redirectErrorStream(true)
            .redirectOutput(output.toFile()).start();
        try {
            final long limitSeconds = settings.quick() ? QUICK_LIMIT_SECONDS : FULL_LIMIT_SECONDS;
            final boolean ended = process.waitFor(limitSeconds, TimeUnit.SECONDS);
            final double tookSeconds = (System.nanoTime() - beginNs) / 1e9;
            final Path result = folder.resolve(ArmMain.RESULT);
            if (ended && process.exitValue() == 0 && Files.exists(result)) {
                Files.delete(settingsFile);
                if (Files.size(output) == 0) {
                    Files.delete(output);
                }
                return ArmMain.JSON.readValue(result.toFile(), ArmResult.class);
            }
            final String reason = ended ? "its JVM ended with exit code " + process.exitValue() + ": " + tail(output) :
                "it did not end within " + limitSeconds + " s";
            return new ArmResult(scenario, comparison.name(), armName, pair, Map.of(), Map.of(), List.of(reason),
                List.of(), List.of(), tookSeconds);
        } finally {
            end(process);
            delete(scratch);
        }
    }

    /** With those that it started, which write to the same folders. */
    private static void end(final Process process) throws InterruptedException {
        final List<ProcessHandle> started = process.descendants().toList();
        process.destroyForcibly().waitFor();
        started.forEach(ProcessHandle::destroyForcibly);
        started.forEach(handle -> handle.onExit().join());
    }

    private static void delete(final Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (final Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private static List<String> command(final Settings settings, final List<String> jvmOptions) {
        final List<String> command = new ArrayList<>();
        if (!settings.cores().isEmpty()) {
            command.addAll(List.of("taskset", "-c", settings.cores()));
        }
        command.add(ProcessHandle.current().info().command().orElse("java"));
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(jvmOptions);
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        return command;
    }

    private static String tail(final Path output) {
        try {
            final List<String> lines = Files.readAllLines(output, StandardCharsets.UTF_8);
            return String.join(" | ", lines.subList(Math.max(0, lines.size() - SHOWN_LINES), lines.size()));
        } catch (final IOException | UncheckedIOException e) {
            return "without a word (" + e.getMessage() + ")";
        }
    }
}
