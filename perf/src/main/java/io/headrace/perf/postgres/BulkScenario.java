package io.headrace.perf.postgres;

import com.sun.management.OperatingSystemMXBean;
import io.headrace.perf.rig.Arm;
import io.headrace.perf.rig.ArmRun;
import io.headrace.perf.rig.Comparison;
import io.headrace.perf.rig.Metric;
import io.headrace.perf.rig.Metric.Goal;
import io.headrace.perf.rig.Scenario;
import io.headrace.perf.rig.Settings;

import java.lang.management.ManagementFactory;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * S10: how many rows a second reach a handler when many are written, and whether the heap stays flat meanwhile. Timed
 * from the start of the write to the last row received; each arm has a server of its own.
 */
public final class BulkScenario implements Scenario {
    private static final int ROWS_EACH = 1000;
    private static final long TIMEOUT_SECONDS = 120;

    @Override
    public String id() {
        return "S10";
    }

    @Override
    public String question() {
        return "How many rows a second reach a handler, also per second of a core, beside the bare driver and Debezium,"
            + " and does one large transaction leave the heap flat?";
    }

    @Override
    public List<Comparison> comparisons(final Settings settings) {
        final List<Comparison> comparisons = new ArrayList<>();
        final int rowCount = settings.quick() ? 50_000 : 200_000;
        for (final int rowsEach : new int[] {rowCount, ROWS_EACH}) {
            final String shape = rowsEach == ROWS_EACH ? "transactions of 1000" : "one transaction";
            final Goal goal = new Goal(Reader.HEADRACE_ECO.label(), Reader.DEBEZIUM_1MS.label(), 4);
            comparisons.add(new Comparison(shape, rowCount + " rows, fsync " + CommitScenario.fsync(settings), List.of(
                Arm.baseline(Reader.BARE.label(), run -> measure(run, Reader.BARE, rowCount, rowsEach)),
                Arm.subject(Reader.HEADRACE_ECO.label(), run -> measure(run, Reader.HEADRACE_ECO, rowCount, rowsEach)),
                Arm.peer(Reader.DEBEZIUM_1MS.label(), run -> measure(run, Reader.DEBEZIUM_1MS, rowCount, rowsEach))),
                List.of(Metric.more("rows", "1000/s", goal), Metric.more("rows per core", "1000 per core-second"))));
        }
        comparisons.add(LargeTransaction.comparison(settings));
        return comparisons;
    }

    private static void measure(final ArmRun run, final Reader arm, final int rowCount, final int rowsEach)
        throws Exception {
        final String name = "bulk";
        try (MeasuredServer server = new MeasuredServer(run.settings().synced())) {
            server.createTable(name);
            // A first pass that does not count, of as many rows.
            final Arrivals arrivals = new Arrivals(2L * rowCount);
            try (Connection connection = server.connect(); Statement statement = connection.createStatement()) {
                final AutoCloseable reader = arm.start(server, name, arrivals);
                try {
                    awaitArm(statement, name, arrivals.following);
                    write(statement, name, 1, rowCount, rowsEach);
                    await(arrivals, rowCount);
                    final OperatingSystemMXBean system =
                        (OperatingSystemMXBean)ManagementFactory.getOperatingSystemMXBean();
                    final long cpuBeginNs = system.getProcessCpuTime();
                    final long beginNs = System.nanoTime();
                    write(statement, name, rowCount + 1, 2 * rowCount, rowsEach);
                    await(arrivals, 2L * rowCount);
                    run.metric("rows", rowCount * 1e6 / (arrivals.lastReceivedNs - beginNs));
                    run.metric("rows per core", rowCount * 1e6 / (system.getProcessCpuTime() - cpuBeginNs));
                    run.count("rows", rowCount);
                } finally {
                    reader.close();
                }
            }
            if (arrivals.outOfOrder) {
                run.fail("rows were lost, doubled or out of order");
            }
        }
    }

    /** Rows that do not count have ids below 1. */
    static void awaitArm(final Statement statement, final String table, final CountDownLatch following)
        throws SQLException, InterruptedException {
        int id = 0;
        do {
            statement.execute("INSERT INTO " + table + " VALUES (" + id-- + ", 'probe', 0)");
        } while (!following.await(200, TimeUnit.MILLISECONDS));
    }

    private static void write(
        final Statement statement, final String table, final int from, final int to, final int step)
        throws SQLException {
        for (int first = from; first <= to; first += step) {
            statement.execute("INSERT INTO " + table + " SELECT g, 'hexagon bolt M8x40', 1234.567 " +
                "FROM generate_series(" + first + ", " + Math.min(to, first + step - 1) + ") g");
        }
    }

    private static void await(final Arrivals arrivals, final long count) throws InterruptedException {
        final long limitNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS);
        while (arrivals.count < count) {
            if (System.nanoTime() > limitNs) {
                throw new IllegalStateException(arrivals.count + " of " + count + " rows arrived");
            }
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }

    /** The arm's thread counts, the main thread looks. */
    private static final class Arrivals implements RowReceiver {
        private final CountDownLatch following = new CountDownLatch(1);
        private final long expectedCount;
        private volatile long count;
        private volatile long lastReceivedNs;
        private volatile boolean outOfOrder;

        Arrivals(final long expectedCount) {
            this.expectedCount = expectedCount;
        }

        @Override
        public void onRow(final long receivedNs, final long id) {
            if (id < 1) {
                following.countDown();
                return;
            }
            final long next = count + 1;
            if (id != next || next > expectedCount) {
                outOfOrder = true;
            }
            lastReceivedNs = receivedNs;
            count = next;
        }
    }
}
