package io.headrace.perf.postgres;

import io.headrace.perf.report.Arguments;
import io.headrace.perf.report.Ratios;
import io.headrace.perf.report.Report;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * How many rows a second reach a handler when many are written: once in one transaction, once in transactions of 1,000
 * rows. Timed from the start of the write to the last row received. The arms run in turn and turned round from pair to
 * pair, Headrace twice in each as the control.
 *
 * <p>Arguments: {@code --pairs 5 --rows 200000 --fsync off --debezium on --report FILE}. A first pass without
 * Debezium does not count.
 */
public final class BulkThroughput {
    private static final int ROWS_EACH = 1000;
    private static final long TIMEOUT_SECONDS = 120;
    private static final String CONTROL = "headrace-again";

    private final MeasuredServer server;
    private final int rowCount;
    private final boolean debezium;
    private final List<Map<String, Object>> runs = new ArrayList<>();
    private final Map<String, List<Double>> rates = new LinkedHashMap<>();
    private int runCount;

    /** How the rows are divided into transactions. */
    private enum Shape {
        ONE_TRANSACTION, TRANSACTIONS_OF_1000;

        String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private BulkThroughput(final MeasuredServer server, final int rowCount, final boolean debezium) {
        this.server = server;
        this.debezium = debezium;
        this.rowCount = rowCount;
    }

    /**
     * Runs the comparison.
     *
     * @param args as described above.
     * @throws Exception when an arm fails.
     */
    public static void main(final String[] args) throws Exception {
        final Arguments arguments = new Arguments(args, "pairs", "rows", "fsync", "debezium", "report");
        final boolean fsync = "on".equals(arguments.text("fsync", "off"));
        final Report report =
            new Report("How many rows a second reach a handler, beside the bare driver and Debezium?", args);
        try (MeasuredServer server = new MeasuredServer(fsync)) {
            report.put("server", server.query("SELECT version()"))
                .put("settings", "synchronous_commit=on, fsync=" + (fsync ? "on" : "off"));
            final BulkThroughput bulk = new BulkThroughput(server, arguments.number("rows", 200_000),
                "on".equals(arguments.text("debezium", "on")));
            final List<Ratios> ratios = new ArrayList<>();
            for (final Shape shape : Shape.values()) {
                bulk.pairs(shape, arguments.number("pairs", 5));
                ratios.addAll(bulk.ratios(shape));
            }
            report.put("runs", bulk.runs).finish(ratios, arguments.text("report", ""));
        }
        System.exit(0);
    }

    private void pairs(final Shape shape, final int pairCount) throws Exception {
        measure(shape, Arm.HEADRACE_ECO);
        measure(shape, Arm.BARE);
        for (int pair = 1; pair <= pairCount; pair++) {
            final List<Map.Entry<String, Arm>> order = new ArrayList<>(List.of(
                Map.entry(CONTROL, Arm.HEADRACE_ECO),
                Map.entry(Arm.BARE.label(), Arm.BARE),
                Map.entry(Arm.HEADRACE_ECO.label(), Arm.HEADRACE_ECO)));
            if (debezium) {
                order.add(Map.entry(Arm.DEBEZIUM_1MS.label(), Arm.DEBEZIUM_1MS));
            }
            if (pair % 2 == 0) {
                Collections.reverse(order);
            }
            for (final Map.Entry<String, Arm> entry : order) {
                run(pair, shape, entry.getKey(), entry.getValue());
            }
        }
    }

    private void run(final int pair, final Shape shape, final String label, final Arm arm) throws Exception {
        final Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("pair", pair);
        figures.put("shape", shape.label());
        figures.put("arm", label);
        final double rate = rowCount * 1e9 / measure(shape, arm);
        figures.put("rowsPerSecond", Math.round(rate));
        runs.add(figures);
        rates.computeIfAbsent(shape + label, l -> new ArrayList<>()).add(rate);
        System.out.printf(Locale.ROOT, "pair %d  %-20s %-16s %9.0f rows/s%n", pair, shape.label(), label, rate);
    }

    private long measure(final Shape shape, final Arm arm) throws Exception {
        final String name = "bulk_" + ++runCount;
        server.createTable(name);
        final Arrivals arrivals = new Arrivals(rowCount);
        final long tookNs;
        try (Connection connection = server.connect(); Statement statement = connection.createStatement()) {
            final AutoCloseable reader = arm.start(server, name, arrivals);
            try {
                awaitArm(statement, name, arrivals);
                tookNs = write(shape, statement, name, arrivals);
            } finally {
                reader.close();
            }
        }
        server.dropTable(name);
        return tookNs;
    }

    /** Rows that do not count have ids below 1. */
    private static void awaitArm(final Statement statement, final String table, final Arrivals arrivals)
        throws SQLException, InterruptedException {
        int id = 0;
        do {
            statement.execute("INSERT INTO " + table + " VALUES (" + id-- + ", 'probe', 0)");
        } while (!arrivals.following.await(200, TimeUnit.MILLISECONDS));
    }

    private long write(
        final Shape shape, final Statement statement, final String table, final Arrivals arrivals)
        throws SQLException, InterruptedException {
        final int step = shape == Shape.ONE_TRANSACTION ? rowCount : ROWS_EACH;
        final long beginNs = System.nanoTime();
        for (int first = 1; first <= rowCount; first += step) {
            statement.execute("INSERT INTO " + table + " SELECT g, 'hexagon bolt M8x40', 1234.567 " +
                "FROM generate_series(" + first + ", " + Math.min(rowCount, first + step - 1) + ") g");
        }
        if (!arrivals.complete.await(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException(arrivals.count + " of " + rowCount + " rows arrived");
        }
        if (arrivals.outOfOrder) {
            throw new IllegalStateException("rows were lost, doubled or out of order");
        }
        return arrivals.lastReceivedNs - beginNs;
    }

    private List<Ratios> ratios(final Shape shape) {
        final List<Double> headrace = rates.get(shape + Arm.HEADRACE_ECO.label());
        final List<Ratios> ratios = new ArrayList<>(List.of(
            Ratios.of(shape.label() + " control", "control (A/A), 1 expected", rates.get(shape + CONTROL), headrace),
            Ratios.of(shape.label() + " headrace/bare", "", headrace, rates.get(shape + Arm.BARE.label()))));
        if (debezium) {
            ratios.add(Ratios.of(shape.label() + " headrace/debezium", "at least 4",
                headrace, rates.get(shape + Arm.DEBEZIUM_1MS.label())));
        }
        return ratios;
    }

    /** The arm's thread counts, the main thread waits. Fields are read after the latch. */
    private static final class Arrivals implements RowReceiver {
        private final CountDownLatch following = new CountDownLatch(1);
        private final CountDownLatch complete = new CountDownLatch(1);
        private final int expectedCount;
        private long count;
        private long lastReceivedNs;
        private boolean outOfOrder;

        Arrivals(final int expectedCount) {
            this.expectedCount = expectedCount;
        }

        @Override
        public void onRow(final long receivedNs, final long id) {
            if (id < 1) {
                following.countDown();
                return;
            }
            outOfOrder |= id != ++count;
            if (count == expectedCount) {
                lastReceivedNs = receivedNs;
                complete.countDown();
            }
        }
    }
}
