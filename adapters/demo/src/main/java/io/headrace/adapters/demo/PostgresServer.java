package io.headrace.adapters.demo;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;

/**
 * A database of a real PostgreSQL in a process of its own, on loopback and a random port. It does not force its log to
 * the disk, as nothing of it is to outlive the demonstration. Started and closed by one thread; connections are for
 * any.
 */
final class PostgresServer implements AutoCloseable {
    static final String HOST = "127.0.0.1";
    static final String USER = "postgres";
    private static final Duration START_TIMEOUT = Duration.ofSeconds(60);
    private static final Map<String, String> SETTINGS = Map.of(
        "wal_level", "logical",
        // Logical decoding sees only what is flushed: without waiting for the flush, commits would show up late.
        "synchronous_commit", "on",
        "fsync", "off",
        "full_page_writes", "off",
        "max_wal_senders", "8",
        "max_replication_slots", "8",
        "max_connections", "100",
        "shared_buffers", "64MB");

    private final String database;
    private final EmbeddedPostgres server;
    private final boolean owner;

    private PostgresServer(final String database, final EmbeddedPostgres server, final boolean owner) {
        this.database = database;
        this.server = server;
        this.owner = owner;
    }

    /** Starts a server on a folder of its own and makes its database. */
    static PostgresServer start(final Path dataFolder, final String database) throws IOException, SQLException {
        final EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
            .setDataDirectory(dataFolder)
            .setPGStartupWait(START_TIMEOUT);
        SETTINGS.forEach(builder::setServerConfig);
        final EmbeddedPostgres server = builder.start();
        try (Connection connection = connect(server.getPort(), USER);
            Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + database);
        } catch (final SQLException e) {
            server.close();
            throw e;
        }
        return new PostgresServer(database, server, true);
    }

    /** Makes another database on the same server, which ends with it. */
    PostgresServer another(final String anotherDatabase) throws SQLException {
        try (Connection connection = connect(); Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + anotherDatabase);
        }
        return new PostgresServer(anotherDatabase, server, false);
    }

    private static Connection connect(final int port, final String database) throws SQLException {
        return DriverManager.getConnection(url(port, database), USER, "");
    }

    private static String url(final int port, final String database) {
        return "jdbc:postgresql://" + HOST + ":" + port + "/" + database;
    }

    Connection connect() throws SQLException {
        return connect(server.getPort(), database);
    }

    /** Runs statements that a semicolon at the end of a line separates from each other, in one transaction. */
    void execute(final String script) throws SQLException {
        try (Connection connection = connect(); Statement statement = connection.createStatement()) {
            statement.execute(script);
        }
    }

    /** The first column of the only row, as text. */
    String query(final String sql) throws SQLException {
        try (Connection connection = connect();
            Statement statement = connection.createStatement();
            ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    String url() {
        return url(server.getPort(), database);
    }

    int port() {
        return server.getPort();
    }

    String database() {
        return database;
    }

    @Override
    public void close() throws IOException {
        if (owner) {
            server.close();
        }
    }
}
