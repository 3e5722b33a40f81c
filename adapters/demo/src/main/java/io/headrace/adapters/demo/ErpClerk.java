package io.headrace.adapters.demo;

import org.agrona.collections.LongArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One clerk: books goods receipts, picks, and moves work orders on, each in a transaction of several rows and tables.
 * Owned by its own thread; the counts, the failure and {@link #stop} are for any.
 */
final class ErpClerk {
    private static final Logger LOG = LoggerFactory.getLogger(ErpClerk.class);
    private static final int PERCENT = 100;
    private static final int RECEIPTS_PERCENT = 40;
    private static final int PICKINGS_PERCENT = 35;
    private static final int ROLLBACKS_PERCENT = 2;

    private final int index;
    private final Connection connection;
    private final DemoOptions options;
    private final PublishedLog published;
    private final SplittableRandom random;
    private final LongArrayList written = new LongArrayList();
    private final ErpBookings bookings;
    private final AtomicLong committed = new AtomicLong();
    private final AtomicLong rolledBack = new AtomicLong();
    private Pacer pacer;
    private volatile boolean stopped;
    private volatile String failure;

    ErpClerk(
        final int index, final Connection connection, final DemoOptions options, final PublishedLog published,
        final AtomicLong revs, final AtomicLong ids) throws SQLException {
        this.index = index;
        this.connection = connection;
        this.options = options;
        this.published = published;
        random = new SplittableRandom(options.seed() * ErpLoad.CLERKS + index);
        connection.setAutoCommit(false);
        bookings = new ErpBookings(index, connection, random, revs, ids, written);
        pacer = new Pacer(System::nanoTime, 1, 0, 0);
    }

    /** Works off the schedule. */
    void work(final long startNs, final long durationNs) {
        final double perSecond = (double)options.transactionsPerSecond() / ErpLoad.CLERKS;
        // The clerks take turns.
        final long offsetNs = (long)(index * 1e9 / options.transactionsPerSecond());
        pacer = new Pacer(System::nanoTime, perSecond, startNs + offsetNs, durationNs);
        try (connection) {
            while (pacer.awaitNext(() -> stopped)) {
                transact();
            }
        } catch (final SQLException e) {
            LOG.error("A clerk of the ERP gave up", e);
            failure = "a transaction of the ERP failed: " + e.getMessage();
        }
    }

    private void transact() throws SQLException {
        written.clear();
        final int kind = random.nextInt(PERCENT);
        if (kind < RECEIPTS_PERCENT) {
            bookings.receiveGoods();
        } else if (kind < RECEIPTS_PERCENT + PICKINGS_PERCENT) {
            bookings.pick();
        } else {
            bookings.moveWorkOrder();
        }
        if (random.nextInt(PERCENT) < ROLLBACKS_PERCENT) {
            connection.rollback();
            bookings.forget();
            rolledBack.incrementAndGet();
        } else {
            connection.commit();
            bookings.remember();
            published.add(written);
            committed.incrementAndGet();
        }
    }

    void stop() {
        stopped = true;
    }

    long committedCount() {
        return committed.get();
    }

    long rolledBackCount() {
        return rolledBack.get();
    }

    Optional<String> failure() {
        return Optional.ofNullable(failure);
    }

    Pacer pacer() {
        return pacer;
    }
}
