package io.headrace.perf.log;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** One arm of a comparison in a JVM of its own; its last line holds the figures, as {@code name=value} pairs. */
final class Child {
    private Child() {
    }

    /** Prints the figures of this JVM for the one that waits for it. */
    static void answer(final Map<String, Double> figures) {
        final StringBuilder line = new StringBuilder();
        figures.forEach((name, value) -> line.append(String.format(Locale.ROOT, "%s=%.3f ", name, value)));
        System.out.println(line.toString().trim());
    }

    /**
     * Runs a class in a fresh JVM.
     *
     * @param options   further options for that JVM.
     * @param mainClass to be run.
     * @param args      of it.
     * @return the figures of its last line.
     */
    static Map<String, Double> run(final List<String> options, final Class<?> mainClass, final String... args)
        throws IOException, InterruptedException {
        final List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElse("java"));
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass.getName()));
        command.addAll(List.of(args));
        final Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        String lastLine = "";
        try (BufferedReader out = process.inputReader()) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                lastLine = line;
            }
        }
        if (process.waitFor() != 0) {
            throw new IllegalStateException(String.join(" ", args) + " ended with exit code " + process.exitValue());
        }
        final Map<String, Double> figures = new LinkedHashMap<>();
        for (final String pair : lastLine.split(" ")) {
            final int equals = pair.indexOf('=');
            figures.put(pair.substring(0, equals), Double.parseDouble(pair.substring(equals + 1)));
        }
        return figures;
    }
}
