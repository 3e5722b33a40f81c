package io.headrace.adapters.demo;

import io.headrace.adapters.demo.DemoResult.LoadResult;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** All loads together, and what they know to have been taken. Made, started and stopped by one thread. */
final class DemoLoads {
    private final DemoOptions options;
    private final PublishedLog changes = new PublishedLog();
    private final PublishedLog readings = new PublishedLog();
    private final PublishedLog faults = new PublishedLog();
    private final ErpLoad erp;
    private final MachineLoad machines;
    private long startedNs;
    private long endedNs;

    /** Connects clerks and machines. The rows that the ERP has already count as taken. */
    DemoLoads(final DemoServers servers, final DemoOptions options) throws SQLException {
        this.options = options;
        for (long rev = 1; rev <= Erp.INITIAL_ROWS; rev++) {
            changes.add(rev);
        }
        erp = new ErpLoad(servers.erp(), options, changes);
        machines = new MachineLoad(servers.broker(), options, readings, faults);
    }

    void start() {
        startedNs = System.nanoTime();
        erp.start(options.duration().toNanos());
        machines.start(options.duration().toNanos());
    }

    void stop() throws InterruptedException {
        erp.stop();
        machines.stop();
        endedNs = System.nanoTime();
    }

    PublishedLog changes() {
        return changes;
    }

    PublishedLog readings() {
        return readings;
    }

    PublishedLog faults() {
        return faults;
    }

    Map<Long, String> faultPayloads() {
        return machines.faultPayloads();
    }

    List<String> failures() {
        return Stream.of(erp.failure(), machines.failure()).flatMap(Optional::stream).toList();
    }

    /** What they did; after the end. */
    List<LoadResult> results() {
        final double elapsedS = (double)(endedNs - startedNs) / TimeUnit.SECONDS.toNanos(1);
        final long transactions = erp.committedCount() + erp.rolledBackCount();
        return List.of(
            new LoadResult("erp-transactions", options.transactionsPerSecond(), transactions / elapsedS,
                erp.committedCount(), erp.rolledBackCount(), erp.lateness()),
            new LoadResult("machine-readings", options.readingsPerSecond(), readings.count() / elapsedS,
                readings.count(), 0, machines.readingLateness()),
            new LoadResult("machine-faults", options.faultsPerSecond(), faults.count() / elapsedS,
                faults.count(), 0, machines.faultLateness()));
    }

    @Override
    public String toString() {
        return erp.committedCount() + " transactions with " + (changes.count() - Erp.INITIAL_ROWS) + " changes, "
            + readings.count() + " readings, " + faults.count() + " faults";
    }
}
