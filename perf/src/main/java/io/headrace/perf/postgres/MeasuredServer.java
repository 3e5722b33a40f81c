package io.headrace.perf.postgres;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A measurement's main thread: an embedded PostgreSQL on a random port of the loopback, set up for replication. */
final class MeasuredServer implements AutoCloseable {
    static final String DATABASE = "postgres";
    static final String USER = "postgres";
    static final String PASSWORD = "postgres";

    private static final int DROP_ATTEMPTS = 100;
    private static final long DROP_PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(50);

    private final EmbeddedPostgres postgres;

    /**
     * Starts the server.
     *
     * @param fsync whether commits reach the disk.
     */
    MeasuredServer(final boolean fsync) throws IOException {
        // Without synchronous_commit a commit waits for the WAL writer before it can be decoded, 200 ms at the median.
        postgres = EmbeddedPostgres.builder()
            .setServerConfig("wal_level", "logical")
            .setServerConfig("synchronous_commit", "on")
            .setServerConfig("fsync", fsync ? "on" : "off")
            .setServerConfig("max_wal_senders", "10")
            .setServerConfig("max_replication_slots", "10")
            .setServerConfig("max_wal_size", "4GB")
            .start();
    }

    int port() {
        return postgres.getPort();
    }

    Connection connect() throws SQLException {
        return postgres.getPostgresDatabase().getConnection();
    }

    void execute(final String... statements) throws SQLException {
        try (Connection connection = connect(); Statement statement = connection.createStatement()) {
            for (final String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    String query(final String sql) throws SQLException {
        try (Connection connection = connect();
            Statement statement = connection.createStatement();
            ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? row.getString(1) : "";
        }
    }

    /** Makes a table of its own, and a publication of that table under the same name. */
    void createTable(final String name) throws SQLException {
        execute(
            "CREATE TABLE " + name + " (id bigint PRIMARY KEY, item text NOT NULL, amount numeric(12,3) NOT NULL)",
            "CREATE PUBLICATION " + name + " FOR TABLE " + name);
    }

    /** Drops what an arm has used, so that nothing of it burdens the next one. */
    void dropTable(final String name) throws SQLException {
        dropSlot(name);
        execute("DROP PUBLICATION " + name, "DROP TABLE " + name);
    }

    /** A slot can still be in use for a moment after its stream was closed. */
    private void dropSlot(final String name) throws SQLException {
        final String drop = "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = '" +
            name + "'";
        for (int attempt = 1;; attempt++) {
            try {
                execute(drop);
                return;
            } catch (final SQLException e) {
                if (attempt == DROP_ATTEMPTS) {
                    throw e;
                }
                LockSupport.parkNanos(DROP_PAUSE_NS);
            }
        }
    }

    @Override
    public void close() throws IOException {
        postgres.close();
    }
}
