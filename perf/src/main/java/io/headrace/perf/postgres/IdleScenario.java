package io.headrace.perf.postgres;

import com.sun.management.OperatingSystemMXBean;
import io.headrace.bus.service.HeadraceService;
import io.headrace.perf.rig.Arm;
import io.headrace.perf.rig.ArmRun;
import io.headrace.perf.rig.Comparison;
import io.headrace.perf.rig.ConfiguredService;
import io.headrace.perf.rig.Metric;
import io.headrace.perf.rig.Scenario;
import io.headrace.perf.rig.Settings;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * S3: what an idle service costs: a bus and a PostgreSQL source that wait by {@code eco}, connected to a database in
 * which nothing happens, and two file sinks. Processor time of its process in percent of one core; the server's
 * processes are not in it. A JVM that only sleeps stands beside it.
 */
public final class IdleScenario implements Scenario {
    private static final double MAX_PERCENT = 3;
    private static final double MAX_LOGGED_PERCENT = 6;
    private static final double SHOWN_PERCENT = 0.05;
    private static final String CPU = "idle CPU";

    @Override
    public String id() {
        return "S3";
    }

    @Override
    public String question() {
        return "How much of a core does an idle service take, with an event log (goal: under 6 %) and without "
            + "(under 3 %)?";
    }

    @Override
    public List<Comparison> comparisons(final Settings settings) {
        return List.of(new Comparison("idle", "eco, PostgreSQL source, two file sinks", List.of(
            Arm.baseline("sleeping-jvm", run -> measure(run, Double.MAX_VALUE)),
            Arm.subject("service", run -> service(run, false)),
            Arm.subject("service-with-log", run -> service(run, true))), List.of(Metric.less(CPU, "% of a core"))));
    }

    private static void service(final ArmRun run, final boolean logged) throws Exception {
        try (MeasuredServer server = new MeasuredServer(false)) {
            server.createTable("idle");
            try (HeadraceService service =
                     ConfiguredService.of(configuration(server.port(), run.folder(), logged))) {
                service.start();
                measure(run, logged ? MAX_LOGGED_PERCENT : MAX_PERCENT);
                if (!service.status().healthy()) {
                    run.fail("the service is not healthy: " + service.status());
                }
            }
        }
    }

    private static String configuration(final int port, final Path folder, final boolean logged) {
        final String bus = logged ? "bus:\n  log: {path: \"" + folder.resolve("log") + "\"}\n" : "";
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
            """.formatted(folder);
    }

    /** A goal missed is said in the output, as it is not a ratio. */
    private static void measure(final ArmRun run, final double goalPercent) throws InterruptedException {
        TimeUnit.SECONDS.sleep(run.settings().quick() ? 5 : 15);
        final OperatingSystemMXBean system = (OperatingSystemMXBean)ManagementFactory.getOperatingSystemMXBean();
        final Map<String, Long> threadsBefore = threadCpuNs();
        final long cpuBeforeNs = system.getProcessCpuTime();
        final long beginNs = System.nanoTime();
        TimeUnit.MILLISECONDS.sleep((long)(run.settings().seconds(5, 30) * 1e3));
        final double tookNs = System.nanoTime() - beginNs;
        final double percent = 100 * (system.getProcessCpuTime() - cpuBeforeNs) / tookNs;
        run.metric(CPU, percent);
        threadCpuNs().forEach((name, ns) -> {
            final double share = 100 * (ns - threadsBefore.getOrDefault(name, 0L)) / tookNs;
            if (share > SHOWN_PERCENT) {
                run.metric("of it " + name, share);
            }
        });
        if (percent > goalPercent) {
            System.out.printf(Locale.ROOT, "%.2f %% of a core; the goal is under %.0f %%%n", percent, goalPercent);
        }
    }

    private static Map<String, Long> threadCpuNs() {
        final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        final Map<String, Long> times = new HashMap<>();
        for (final ThreadInfo info : threads.getThreadInfo(threads.getAllThreadIds())) {
            if (info != null) {
                times.merge(info.getThreadName(), threads.getThreadCpuTime(info.getThreadId()), Long::sum);
            }
        }
        return times;
    }
}
