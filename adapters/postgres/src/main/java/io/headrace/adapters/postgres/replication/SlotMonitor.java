package io.headrace.adapters.postgres.replication;

import io.headrace.adapters.postgres.PostgresSourceOptions;
import io.headrace.bus.adapter.SourceContext;
import org.agrona.concurrent.status.AtomicCounter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A thread of its own: asks every few seconds how far the slot is behind and how much log the server keeps for it, and
 * writes the heartbeats. It works on an ordinary connection; while that is in trouble its counters stand still, and the
 * stream goes on.
 */
final class SlotMonitor implements Runnable, AutoCloseable {
    /** Prefix of the logical messages that keep the slot moving; the decoder drops them. */
    static final String HEARTBEAT_PREFIX = "headrace.heartbeat";

    private static final Logger LOG = LoggerFactory.getLogger(SlotMonitor.class);
    private static final int ANSWER_TIMEOUT_MS = 10_000;
    private static final long JOIN_MS = 2_000;
    private static final String QUERY =
        "SELECT pg_wal_lsn_diff(w.lsn, s.confirmed_flush_lsn)::int8, pg_wal_lsn_diff(w.lsn, s.restart_lsn)::int8, " +
        "s.wal_status FROM pg_replication_slots s, (SELECT CASE WHEN pg_is_in_recovery() " +
        "THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END AS lsn) w WHERE s.slot_name = ?";

    private final PostgresSourceOptions options;
    private final SourceContext context;
    private final Connections connections;
    private final AtomicCounter lagBytes;
    private final AtomicCounter retainedBytes;
    private final AtomicCounter heartbeats;
    private final AtomicCounter failures;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread thread;
    private Connection connection;
    private boolean failing;
    private boolean warned;
    private long lastHeartbeatNs;

    SlotMonitor(final PostgresSourceOptions options, final SourceContext context, final Connections connections) {
        this.options = options;
        this.context = context;
        this.connections = connections;
        lagBytes = context.counter("slot-lag-bytes");
        retainedBytes = context.counter("retained-wal-bytes");
        heartbeats = context.counter("heartbeats");
        failures = context.counter("monitor-failures");
        lastHeartbeatNs = context.nanoClock().nanoTime();
        thread = new Thread(this, "postgres-" + context.name() + "-monitor");
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    @Override
    public void run() {
        final long heartbeatNs = options.heartbeat().toNanos();
        final long intervalNs = heartbeatNs == 0 ? options.monitorInterval().toNanos() :
            Math.min(options.monitorInterval().toNanos(), heartbeatNs);
        try {
            while (!stopped.await(intervalNs, TimeUnit.NANOSECONDS)) {
                look(heartbeatNs);
            }
        } catch (final InterruptedException e) {
            LOG.debug("The monitor of {} was interrupted: the source closes", context.name());
        } finally {
            disconnect();
        }
    }

    private void look(final long heartbeatNs) {
        try {
            if (connection == null) {
                connection = connections.open(ANSWER_TIMEOUT_MS);
            }
            readSlot();
            final long nowNs = context.nanoClock().nanoTime();
            if (heartbeatNs > 0 && nowNs - lastHeartbeatNs >= heartbeatNs) {
                lastHeartbeatNs = nowNs;
                beat();
            }
            failing = false;
        } catch (final SQLException e) {
            failures.increment();
            if (!failing) {
                LOG.warn("Cannot look at slot {} of {}: {}; its counters stand still until that works again",
                    options.slotName(), connections, e.getMessage());
            }
            failing = true;
            disconnect();
        }
    }

    private void readSlot() throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(QUERY)) {
            statement.setString(1, options.slotName());
            try (ResultSet row = statement.executeQuery()) {
                if (row.next()) {
                    lagBytes.setOrdered(row.getLong(1));
                    retainedBytes.setOrdered(row.getLong(2));
                    judge(row.getString(3));
                }
            }
        }
    }

    /** The server may throw away log that the slot still needs, once that is more than it was told to keep. */
    private void judge(final String walStatus) {
        if ("unreserved".equals(walStatus) && !warned) {
            warned = true;
            final String reason = "slot " + options.slotName() + " holds more log than max_slot_wal_keep_size and " +
                "may be invalidated with the next checkpoint; find the slow subscription, or raise that setting";
            LOG.warn("{}: {}", context.name(), reason);
            context.health().degraded(reason);
        } else if (warned && !"unreserved".equals(walStatus) && !"lost".equals(walStatus)) {
            warned = false;
            context.health().up();
        }
    }

    private void beat() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_logical_emit_message(false, '" + HEARTBEAT_PREFIX + "', '')");
            heartbeats.increment();
        }
    }

    private void disconnect() {
        if (connection != null) {
            try {
                connection.close();
            } catch (final SQLException e) {
                LOG.debug("The monitor's connection did not close: {}", e.getMessage());
            }
            connection = null;
        }
    }

    @Override
    public void close() {
        stopped.countDown();
        try {
            thread.join(JOIN_MS);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
