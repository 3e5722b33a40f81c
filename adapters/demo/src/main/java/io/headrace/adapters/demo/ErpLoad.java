package io.headrace.adapters.demo;

import io.headrace.bus.latency.LatencySummary;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * People at work in the ERP: a few clerks, each a thread with its own connection and its own share of the rate. Started
 * and joined by one thread.
 */
final class ErpLoad {
    /** As many as can get into each other's way on the same stock. */
    static final int CLERKS = 3;

    private final List<ErpClerk> clerks = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();

    /**
     * Connects the clerks.
     *
     * @param published gets the identities of what they have committed.
     */
    ErpLoad(
        final PostgresServer erp, final DemoOptions options, final PublishedLog published) throws SQLException {
        final AtomicLong revs = new AtomicLong(Erp.INITIAL_ROWS);
        final AtomicLong ids = new AtomicLong(Erp.INITIAL_ROWS);
        for (int i = 0; i < CLERKS; i++) {
            clerks.add(new ErpClerk(i, erp.connect(), options, published, revs, ids));
        }
    }

    void start(final long durationNs) {
        final long startNs = System.nanoTime();
        for (int i = 0; i < CLERKS; i++) {
            final ErpClerk clerk = clerks.get(i);
            final Thread thread = new Thread(() -> clerk.work(startNs, durationNs), "headrace-demo-clerk-" + i);
            thread.setDaemon(true);
            thread.start();
            threads.add(thread);
        }
    }

    /** Ends the load, if it has not ended by itself, and waits for what is under way. */
    void stop() throws InterruptedException {
        clerks.forEach(ErpClerk::stop);
        for (final Thread thread : threads) {
            thread.join();
        }
    }

    long committedCount() {
        return clerks.stream().mapToLong(ErpClerk::committedCount).sum();
    }

    long rolledBackCount() {
        return clerks.stream().mapToLong(ErpClerk::rolledBackCount).sum();
    }

    /** {@return why the load failed, if it did} */
    Optional<String> failure() {
        return clerks.stream().map(ErpClerk::failure).flatMap(Optional::stream).findFirst();
    }

    /** {@return how late the transactions began; after the end} */
    LatencySummary lateness() {
        return Pacer.summary(clerks.stream().map(ErpClerk::pacer).toList());
    }
}
