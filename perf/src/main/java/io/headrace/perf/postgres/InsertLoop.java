package io.headrace.perf.postgres;

import org.HdrHistogram.Histogram;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The thread that writes: inserts one row, waits until the arm has it, inserts the next. The time of a row begins just
 * before {@code execute}. The arm's thread tells through the volatile id, and wakes the writer after it took its time.
 */
final class InsertLoop implements RowReceiver, AutoCloseable {
    private static final long ANSWER_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(60);
    private static final long PROBE_TIMEOUT_NS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final int DIGITS = 3;
    private static final BigDecimal AMOUNT = new BigDecimal("1234.567");

    private final Thread writer = Thread.currentThread();
    private final Connection connection;
    private final PreparedStatement insert;
    private long nextId = 1;
    private long receivedNs;
    private volatile long receivedId;

    InsertLoop(final MeasuredServer server, final String table) throws SQLException {
        connection = server.connect();
        insert = connection.prepareStatement("INSERT INTO " + table + " VALUES (?, 'hexagon bolt M8x40', ?)");
    }

    @Override
    public void onRow(final long atNs, final long id) {
        receivedNs = atNs;
        receivedId = id;
        LockSupport.unpark(writer);
    }

    /** Inserts rows until one arrives: the arm follows then. */
    void awaitArm() throws SQLException {
        final long beginNs = System.nanoTime();
        do {
            if (System.nanoTime() - beginNs > ANSWER_TIMEOUT_NS) {
                throw new IllegalStateException("the arm does not follow the stream");
            }
            insertOne();
        } while (!awaitRow(1, PROBE_TIMEOUT_NS));
    }

    /** Inserts rows for so long, one after the other, and answers how long each took to arrive, in nanoseconds. */
    Histogram run(final double seconds, final int minRows) throws SQLException {
        final Histogram histogram = new Histogram(DIGITS);
        final long lengthNs = (long)(seconds * TimeUnit.SECONDS.toNanos(1));
        final long beginNs = System.nanoTime();
        while (histogram.getTotalCount() < minRows || System.nanoTime() - beginNs < lengthNs) {
            final long startNs = insertOne();
            if (!awaitRow(nextId - 1, ANSWER_TIMEOUT_NS)) {
                throw new IllegalStateException("row " + (nextId - 1) + " did not arrive");
            }
            histogram.recordValue(receivedNs - startNs);
        }
        return histogram;
    }

    private long insertOne() throws SQLException {
        insert.setLong(1, nextId++);
        insert.setBigDecimal(2, AMOUNT);
        final long startNs = System.nanoTime();
        insert.execute();
        return startNs;
    }

    private boolean awaitRow(final long id, final long timeoutNs) {
        final long deadlineNs = System.nanoTime() + timeoutNs;
        while (receivedId < id) {
            final long leftNs = deadlineNs - System.nanoTime();
            if (leftNs <= 0) {
                return false;
            }
            LockSupport.parkNanos(this, leftNs);
        }
        return true;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
