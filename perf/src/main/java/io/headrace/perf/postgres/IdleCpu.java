package io.headrace.perf.postgres;

import com.sun.management.OperatingSystemMXBean;
import io.headrace.bus.service.HeadraceService;
import io.headrace.perf.report.Arguments;
import io.headrace.perf.report.Report;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * What an idle service costs: a bus and a PostgreSQL source that wait by {@code eco}, connected to a database in which
 * nothing happens, and two file sinks. Processor time of this process and of each of its threads, in percent of one
 * core; the server's processes are not in it.
 *
 * <p>Arguments: {@code --log no|yes --settle-seconds 15 --seconds 30 --runs 3 --report FILE}, with or without an event
 * log. The median run counts.
 */
public final class IdleCpu {
    private static final double SHOWN_PERCENT = 0.005;

    private IdleCpu() {
    }

    /**
     * Runs the measurement.
     *
     * @param args as described above.
     * @throws Exception when the service cannot be started.
     */
    public static void main(final String[] args) throws Exception {
        final Arguments arguments = new Arguments(args, "log", "settle-seconds", "seconds", "runs", "report");
        final boolean logged = "yes".equals(arguments.text("log", "no"));
        final Report report = new Report("How much of a core does an idle service take?", args);
        final Path directory = Files.createTempDirectory("headrace-idle");
        try (MeasuredServer server = new MeasuredServer(false)) {
            report.put("server", server.query("SELECT version()"));
            server.createTable("idle");
            try (HeadraceService service = HeadraceReader.service(configuration(server.port(), directory, logged))) {
                service.start();
                TimeUnit.SECONDS.sleep(arguments.number("settle-seconds", 15));
                if (!service.status().healthy()) {
                    throw new IllegalStateException("the service is not healthy: " + service.status());
                }
                final double[] percents = new double[arguments.number("runs", 3)];
                for (int run = 0; run < percents.length; run++) {
                    percents[run] = measure(run + 1, arguments.number("seconds", 30), report);
                }
                Arrays.sort(percents);
                final double median = percents[percents.length / 2];
                System.out.printf(
                    Locale.ROOT, "median %.2f %% of one core; goal: under %d%n", median, logged ? 6 : 3);
                report.put("medianPercent", median).finish(List.of(), arguments.text("report", ""));
            }
        } finally {
            delete(directory);
        }
        System.exit(0);
    }

    private static String configuration(final int port, final Path directory, final boolean logged) {
        final String bus = logged ? "bus:\n  log: {path: \"" + directory.resolve("log") + "\"}\n" : "";
        return bus + HeadraceReader.source(port, "idle", "eco", "on") + """
            sinks:
              one:
                type: file
                topics: ["erp.*"]
                options: {directory: "%1$s"}
              two:
                type: file
                topics: ["erp.*"]
                options: {directory: "%1$s"}
            """.formatted(directory);
    }

    private static double measure(final int run, final int seconds, final Report report) throws InterruptedException {
        final OperatingSystemMXBean system = (OperatingSystemMXBean)ManagementFactory.getOperatingSystemMXBean();
        final Map<String, Long> threadsBefore = threadCpuNs();
        final long cpuBeforeNs = system.getProcessCpuTime();
        final long beginNs = System.nanoTime();
        TimeUnit.SECONDS.sleep(seconds);
        final double tookNs = System.nanoTime() - beginNs;
        final double percent = 100 * (system.getProcessCpuTime() - cpuBeforeNs) / tookNs;
        final Map<String, Double> threads = new LinkedHashMap<>();
        threadCpuNs().entrySet().stream()
            .map(entry -> Map.entry(entry.getKey(),
                100 * (entry.getValue() - threadsBefore.getOrDefault(entry.getKey(), 0L)) / tookNs))
            .filter(entry -> entry.getValue() > SHOWN_PERCENT)
            .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
            .forEach(entry -> threads.put(entry.getKey(), entry.getValue()));
        System.out.printf(Locale.ROOT, "run %d: %.2f %% of one core%n", run, percent);
        threads.forEach((name, value) -> System.out.printf(Locale.ROOT, "    %-40s %6.3f %%%n", name, value));
        final double shown = threads.values().stream().mapToDouble(Double::doubleValue).sum();
        System.out.printf(Locale.ROOT, "    %-40s %6.3f %%%n", "the JVM's own (collector, compiler, timer)",
            percent - shown);
        report.put("run" + run, Map.of("percentOfOneCore", percent, "threads", threads));
        return percent;
    }

    private static Map<String, Long> threadCpuNs() {
        final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        final Map<String, Long> times = new LinkedHashMap<>();
        for (final ThreadInfo info : threads.getThreadInfo(threads.getAllThreadIds())) {
            if (info != null) {
                times.merge(info.getThreadName(), threads.getThreadCpuTime(info.getThreadId()), Long::sum);
            }
        }
        return times;
    }

    private static void delete(final Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (final Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
