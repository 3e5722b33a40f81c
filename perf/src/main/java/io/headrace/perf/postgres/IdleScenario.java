package io.headrace.perf.postgres;

import io.headrace.bus.service.HeadraceService;
import io.headrace.perf.rig.Arm;
import io.headrace.perf.rig.ArmRun;
import io.headrace.perf.rig.Comparison;
import io.headrace.perf.rig.ConfiguredService;
import io.headrace.perf.rig.IdleCpu;
import io.headrace.perf.rig.Metric;
import io.headrace.perf.rig.Scenario;
import io.headrace.perf.rig.Settings;

import java.nio.file.Path;
import java.util.List;

/**
 * S3: what an idle service costs: a bus and a PostgreSQL source that wait by {@code eco}, connected to a database in
 * which nothing happens, and two file sinks. Processor time of its process in percent of one core; the server's
 * processes are not in it. A JVM that only sleeps stands beside it.
 */
public final class IdleScenario implements Scenario {
    private static final double MAX_PERCENT = 3;
    private static final double MAX_LOGGED_PERCENT = 6;

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
            Arm.baseline("sleeping-jvm", run -> IdleCpu.measure(run, Double.MAX_VALUE)),
            Arm.subject("service", run -> service(run, false)),
            Arm.subject("service-with-log", run -> service(run, true))),
            List.of(Metric.less(IdleCpu.METRIC, "% of a core"))));
    }

    private static void service(final ArmRun run, final boolean logged) throws Exception {
        try (MeasuredServer server = new MeasuredServer(false)) {
            server.createTable("idle");
            try (HeadraceService service =
                     ConfiguredService.of(configuration(server.port(), run.folder(), logged))) {
                service.start();
                IdleCpu.measure(run, logged ? MAX_LOGGED_PERCENT : MAX_PERCENT);
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
}
