package io.headrace.perf.postgres;

import io.headrace.perf.rig.Arm;
import io.headrace.perf.rig.ArmRun;
import io.headrace.perf.rig.Comparison;
import io.headrace.perf.rig.Metric;
import io.headrace.perf.rig.Metric.Goal;
import io.headrace.perf.rig.Settings;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.MemoryType;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The main thread of an arm: whether the heap stays flat while one large transaction passes through a service with 256
 * MB. A transaction of a tenth of the rows stands beside it: what holds rows back holds ten times as many.
 */
final class LargeTransaction {
    private static final long SAMPLE_INTERVAL_MS = 50;
    private static final long TIMEOUT_SECONDS = 240;
    private static final int TENTH = 10;
    private static final double MAX_RATIO = 1.3;

    private LargeTransaction() {
    }

    static Comparison comparison(final Settings settings) {
        final int rows = settings.quick() ? 200_000 : 1_000_000;
        final List<String> heap = List.of("-Xmx256m");
        return new Comparison("heap", rows + " rows in one transaction, 256 MB", List.of(
            Arm.baseline("tenth", run -> measure(run, "off", rows / TENTH)).withJvmOptions(heap),
            Arm.subject("streaming-off", run -> measure(run, "off", rows)).withJvmOptions(heap),
            Arm.subject("streaming-on", run -> measure(run, "on", rows)).withJvmOptions(heap)),
            List.of(Metric.less("heap after collections", "MB", new Goal("streaming-off", "tenth", MAX_RATIO),
                new Goal("streaming-on", "tenth", MAX_RATIO))));
    }

    private static void measure(final ArmRun run, final String streaming, final int rows) throws Exception {
        final String name = "large";
        final AtomicLong arrived = new AtomicLong();
        final CountDownLatch following = new CountDownLatch(1);
        final CountDownLatch complete = new CountDownLatch(1);
        final RowReceiver receiver = (receivedNs, id) -> {
            if (id < 1) {
                following.countDown();
            } else if (arrived.incrementAndGet() == rows) {
                complete.countDown();
            }
        };
        try (MeasuredServer server = new MeasuredServer(false); Connection connection = server.connect();
            Statement statement = connection.createStatement()) {
            server.createTable(name);
            try (HeadraceReader reader = new HeadraceReader(server.port(), name, "eco", streaming, receiver)) {
                BulkScenario.awaitArm(statement, name, following);
                final AtomicLong mostBytes = new AtomicLong();
                final Thread sampler = new Thread(() -> sample(mostBytes, complete), "sampler");
                sampler.start();
                statement.execute("INSERT INTO " + name + " SELECT g, repeat('x', 100), 1234.567 " +
                    "FROM generate_series(1, " + rows + ") g");
                if (!complete.await(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                    throw new IllegalStateException(arrived + " of " + rows + " rows arrived");
                }
                sampler.join();
                run.metric("heap after collections", mostBytes.get() / 1e6);
                run.count("rows", arrived.get());
                run.count("spilledBytes", reader.counter("spilled-bytes"));
            }
        }
    }

    /** What each collection left: what is used at another time holds the garbage made since then. */
    private static void sample(final AtomicLong mostBytes, final CountDownLatch complete) {
        final MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        try {
            do {
                memory.gc();
                final long usedBytes = ManagementFactory.getMemoryPoolMXBeans().stream()
                    .filter(pool -> pool.getType() == MemoryType.HEAP && pool.getCollectionUsage() != null)
                    .mapToLong(pool -> pool.getCollectionUsage().getUsed()).sum();
                mostBytes.accumulateAndGet(usedBytes, Math::max);
            } while (!complete.await(SAMPLE_INTERVAL_MS, TimeUnit.MILLISECONDS));
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
