package io.headrace.perf.postgres;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.MemoryType;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A JVM of its own: reads one large transaction, and says after each of many forced collections how far it was and what
 * is left on the heap. While the server still sends a transaction in progress, how far means bytes spilled; from then
 * on, rows at the handler. Started by {@link MillionRowTransaction}.
 */
public final class MillionRowChild {
    private static final String TABLE = "million";
    private static final long SAMPLE_INTERVAL_MS = 50;
    private static final long TIMEOUT_SECONDS = 240;

    private MillionRowChild() {
    }

    /**
     * Reads the transaction.
     *
     * @param args port, streaming, rows.
     * @throws Exception when anything fails.
     */
    public static void main(final String[] args) throws Exception {
        final int port = Integer.parseInt(args[0]);
        final String name = TABLE + "_" + args[1];
        final int rows = Integer.parseInt(args[2]);
        final AtomicLong arrived = new AtomicLong();
        final CountDownLatch following = new CountDownLatch(1);
        final CountDownLatch complete = new CountDownLatch(1);
        try (Connection connection = DriverManager.getConnection(
            "jdbc:postgresql://127.0.0.1:" + port + "/" + MeasuredServer.DATABASE, MeasuredServer.USER,
            MeasuredServer.PASSWORD); Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE " + name + " (id bigint PRIMARY KEY, item text, amount numeric)");
            statement.execute("CREATE PUBLICATION " + name + " FOR TABLE " + name);
            final RowReceiver receiver = (receivedNs, id) -> {
                if (id < 1) {
                    following.countDown();
                } else if (arrived.incrementAndGet() == rows) {
                    complete.countDown();
                }
            };
            try (HeadraceReader reader = new HeadraceReader(port, name, "eco", args[1], receiver)) {
                int id = 0;
                do {
                    statement.execute("INSERT INTO " + name + " VALUES (" + id-- + ", 'probe', 0)");
                } while (!following.await(200, TimeUnit.MILLISECONDS));
                final Thread sampler = new Thread(() -> sample(reader, arrived, complete), "sampler");
                sampler.start();
                statement.execute("INSERT INTO " + name + " SELECT g, repeat('x', 100), 1234.567 " +
                    "FROM generate_series(1, " + rows + ") g");
                if (!complete.await(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                    throw new IllegalStateException(arrived + " of " + rows + " rows arrived");
                }
                sampler.join();
            }
        }
        System.exit(0);
    }

    /** What the collection left: what is used now holds the garbage made since then. */
    private static long usedAfterCollectionBytes() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP && pool.getCollectionUsage() != null)
            .mapToLong(pool -> pool.getCollectionUsage().getUsed())
            .sum();
    }

    private static void sample(final HeadraceReader reader, final AtomicLong arrived, final CountDownLatch complete) {
        final MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        try {
            while (!complete.await(SAMPLE_INTERVAL_MS, TimeUnit.MILLISECONDS)) {
                final long rows = arrived.get();
                final long spilledBytes = reader.counter("spilled-bytes");
                memory.gc();
                final long usedBytes = usedAfterCollectionBytes();
                if (rows > 0) {
                    System.out.println("publish " + rows + " " + usedBytes);
                } else if (spilledBytes > 0) {
                    System.out.println("spill " + spilledBytes + " " + usedBytes);
                }
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
