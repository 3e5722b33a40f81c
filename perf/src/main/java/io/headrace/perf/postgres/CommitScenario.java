package io.headrace.perf.postgres;

import io.headrace.perf.rig.Arm;
import io.headrace.perf.rig.ArmRun;
import io.headrace.perf.rig.Comparison;
import io.headrace.perf.rig.Metric;
import io.headrace.perf.rig.Metric.Goal;
import io.headrace.perf.rig.Scenario;
import io.headrace.perf.rig.Settings;
import io.headrace.perf.rig.TimeHistory;
import org.HdrHistogram.Histogram;

import java.util.List;

/**
 * S9: how long a committed row takes to reach a handler. One thread inserts a row, waits until the arm has it, and
 * inserts the next; each arm has a server of its own.
 */
public final class CommitScenario implements Scenario {
    private static final String P50 = "commit to handler p50";
    /** So many at least also of an arm that takes half a second for one. */
    private static final int MIN_WARM_UP_ROWS = 3;
    private static final int MIN_ROWS = 10;

    @Override
    public String id() {
        return "S9";
    }

    @Override
    public String question() {
        return "How long does a row take from execute to a handler, in a closed loop, beside a bare pgjdbc reader and "
            + "Debezium's engine?";
    }

    @Override
    public List<Comparison> comparisons(final Settings settings) {
        return List.of(new Comparison("closed loop", "synchronous_commit on, fsync " + fsync(settings), List.of(
            Arm.baseline(Reader.BARE.label(), run -> measure(run, Reader.BARE)),
            Arm.subject(Reader.HEADRACE_ECO.label(), run -> measure(run, Reader.HEADRACE_ECO)),
            Arm.subject(Reader.HEADRACE_YIELD.label(), run -> measure(run, Reader.HEADRACE_YIELD)),
            Arm.peer(Reader.BARE_YIELD.label(), run -> measure(run, Reader.BARE_YIELD)),
            Arm.peer(Reader.DEBEZIUM_1MS.label(), run -> measure(run, Reader.DEBEZIUM_1MS)),
            Arm.peer(Reader.DEBEZIUM_DEFAULTS.label(), run -> measure(run, Reader.DEBEZIUM_DEFAULTS))),
            List.of(Metric.less(P50, "µs",
                new Goal(Reader.HEADRACE_ECO.label(), Reader.BARE.label(), 1.3),
                new Goal(Reader.HEADRACE_YIELD.label(), Reader.BARE_YIELD.label(), 1.3),
                new Goal(Reader.HEADRACE_ECO.label(), Reader.DEBEZIUM_1MS.label(), 0.2),
                new Goal(Reader.HEADRACE_YIELD.label(), Reader.DEBEZIUM_1MS.label(), 0.2)),
                Metric.less("commit to handler p99", "µs"))));
    }

    static String fsync(final Settings settings) {
        return settings.synced() ? "on" : "off";
    }

    private static void measure(final ArmRun run, final Reader arm) throws Exception {
        final Settings settings = run.settings();
        final String name = "loop";
        try (MeasuredServer server = new MeasuredServer(settings.synced())) {
            server.createTable(name);
            try (InsertLoop loop = new InsertLoop(server, name)) {
                final AutoCloseable reader = arm.start(server, name, loop);
                try {
                    loop.awaitArm();
                    loop.run(settings.seconds(0.5, 5), MIN_WARM_UP_ROWS);
                    final long startMs = System.currentTimeMillis();
                    final Histogram taken = loop.run(settings.seconds(1, 10), MIN_ROWS);
                    taken.setStartTimeStamp(startMs);
                    taken.setEndTimeStamp(System.currentTimeMillis());
                    final TimeHistory history = new TimeHistory();
                    history.add(taken);
                    run.times("commit to handler", history);
                    run.count("rows", taken.getTotalCount());
                } finally {
                    reader.close();
                }
            }
        }
    }
}
