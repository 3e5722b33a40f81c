package io.headrace.adapters.postgres.replication;

import io.headrace.adapters.postgres.PostgresSourceOptions;
import io.headrace.adapters.postgres.TlsOptions;
import org.postgresql.PGProperty;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.Properties;

/** Any thread, immutable: opens connections to the configured server, with sessions that write text canonically. */
public final class Connections {
    private static final int MIN_SERVER_VERSION = 14;
    /** What a database or a role may have set otherwise. Time-outs of statements are none of a long stream's. */
    private static final List<String> SESSION_SETTINGS = List.of(
        "SET DateStyle = 'ISO, YMD'",
        "SET TimeZone = 'UTC'",
        "SET IntervalStyle = 'iso_8601'",
        "SET extra_float_digits = 3",
        "SET bytea_output = 'hex'",
        "SET statement_timeout = 0",
        "SET lock_timeout = 0",
        "SET idle_in_transaction_session_timeout = 0",
        "SET idle_session_timeout = 0");

    private final PostgresSourceOptions options;
    private final String sourceName;

    /**
     * Connections of one source.
     *
     * @param options    where to and as whom.
     * @param sourceName shown as the application's name on the server.
     */
    public Connections(final PostgresSourceOptions options, final String sourceName) {
        this.options = options;
        this.sourceName = sourceName;
    }

    /**
     * Opens an ordinary connection.
     *
     * @param socketTimeoutMs how long an answer may take; 0 for any time.
     * @return the connection.
     * @throws SQLException when it cannot be opened.
     */
    public Connection open(final int socketTimeoutMs) throws SQLException {
        final Properties properties = properties();
        PGProperty.SOCKET_TIMEOUT.set(properties, (socketTimeoutMs + 999) / 1000);
        return prepared(DriverManager.getConnection(url(), properties));
    }

    /**
     * Opens a connection for a replication stream.
     *
     * @return the connection.
     * @throws SQLException when it cannot be opened.
     */
    public ReplicationConnection openReplication() throws SQLException {
        final String ticket = PollingSocketFactory.newTicket();
        final Properties properties = properties();
        PGProperty.REPLICATION.set(properties, "database");
        PGProperty.PREFER_QUERY_MODE.set(properties, "simple");
        PGProperty.SOCKET_FACTORY.set(properties, PollingSocketFactory.class.getName());
        PGProperty.SOCKET_FACTORY_ARG.set(properties, ticket);
        final Connection connection;
        final PollingSocket socket;
        try {
            connection = DriverManager.getConnection(url(), properties);
        } finally {
            socket = PollingSocketFactory.redeem(ticket);
        }
        return new ReplicationConnection(prepared(connection), socket);
    }

    private static Connection prepared(final Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (final String setting : SESSION_SETTINGS) {
                statement.execute(setting);
            }
            return connection;
        } catch (final SQLException e) {
            connection.close();
            throw e;
        }
    }

    private String url() {
        final String host = options.host().contains(":") ? "[" + options.host() + "]" : options.host();
        // The database's name is a property, so that no character of it has a meaning in the URL.
        return "jdbc:postgresql://" + host + ":" + options.port() + "/";
    }

    private Properties properties() {
        final Properties properties = new Properties();
        PGProperty.PG_DBNAME.set(properties, options.database());
        PGProperty.USER.set(properties, options.user());
        options.password().ifPresent(password -> PGProperty.PASSWORD.set(properties, password.value()));
        PGProperty.ASSUME_MIN_SERVER_VERSION.set(properties, String.valueOf(MIN_SERVER_VERSION));
        PGProperty.APPLICATION_NAME.set(properties, "headrace-" + sourceName);
        PGProperty.TCP_KEEP_ALIVE.set(properties, true);
        final int timeoutSeconds = (int)Math.max(1, options.connectTimeout().toSeconds());
        PGProperty.CONNECT_TIMEOUT.set(properties, timeoutSeconds);
        PGProperty.LOGIN_TIMEOUT.set(properties, timeoutSeconds);
        final TlsOptions tls = options.tls();
        PGProperty.SSL_MODE.set(properties, tls.mode().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        tls.rootCertificate().ifPresent(file -> PGProperty.SSL_ROOT_CERT.set(properties, file));
        tls.clientCertificate().ifPresent(file -> PGProperty.SSL_CERT.set(properties, file));
        tls.clientKey().ifPresent(file -> PGProperty.SSL_KEY.set(properties, file));
        tls.clientKeyPassword().ifPresent(secret -> PGProperty.SSL_PASSWORD.set(properties, secret.value()));
        return properties;
    }

    @Override
    public String toString() {
        return options.user() + "@" + options.host() + ":" + options.port() + "/" + options.database();
    }
}
