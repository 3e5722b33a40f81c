package io.headrace.adapters.postgres.replication;

import io.headrace.adapters.postgres.pgoutput.FatalSourceException;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Any thread, without state: settings of the server. */
public final class ServerFacts {
    private static final int MIN_VERSION = 140_000;

    private ServerFacts() {
    }

    /**
     * The server's version.
     *
     * @param connection to ask on.
     * @return for example 180001.
     * @throws SQLException when the server cannot be asked.
     */
    public static int version(final Connection connection) throws SQLException {
        return Integer.parseInt(setting(connection, "server_version_num"));
    }

    /**
     * One setting.
     *
     * @param connection to ask on.
     * @param name       of the setting, one that every version has.
     * @return its value.
     * @throws SQLException when the server cannot be asked.
     */
    public static String setting(final Connection connection, final String name) throws SQLException {
        try (Statement statement = connection.createStatement();
            ResultSet row = statement.executeQuery("SHOW " + name)) {
            row.next();
            return row.getString(1);
        }
    }

    static void requireLogicalDecoding(final Connection connection, final int version) throws SQLException {
        if (version < MIN_VERSION) {
            throw new FatalSourceException(
                "the server's version is " + version / 10_000 + "; this source needs PostgreSQL 14 or newer");
        }
        final String walLevel = setting(connection, "wal_level");
        if (!"logical".equals(walLevel)) {
            throw new NotReadyException("wal_level is " + walLevel +
                "; run: ALTER SYSTEM SET wal_level = 'logical', then restart the server");
        }
    }
}
