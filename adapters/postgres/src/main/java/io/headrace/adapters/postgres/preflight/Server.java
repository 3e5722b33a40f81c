package io.headrace.adapters.postgres.preflight;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The thread of the command: questions to the server. */
final class Server {
    private final Connection connection;

    Server(final Connection connection) {
        this.connection = connection;
    }

    static String quote(final String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }

    Connection connection() {
        return connection;
    }

    /** A setting's value with its unit, or an empty string when this version does not have it. */
    String setting(final String name) throws SQLException {
        final String value = value("SELECT current_setting(?, true)", name);
        return value == null ? "" : value;
    }

    /** The first column of the first row, or null. */
    String value(final String sql, final String... parameters) throws SQLException {
        final List<String[]> rows = rows(sql, parameters);
        return rows.isEmpty() ? null : rows.get(0)[0];
    }

    boolean is(final String sql, final String... parameters) throws SQLException {
        return "t".equals(value(sql, parameters));
    }

    long number(final String sql, final String... parameters) throws SQLException {
        return Long.parseLong(value(sql, parameters));
    }

    List<String[]> rows(final String sql, final String... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setString(i + 1, parameters[i]);
            }
            try (ResultSet found = statement.executeQuery()) {
                final int columnCount = found.getMetaData().getColumnCount();
                final List<String[]> rows = new ArrayList<>();
                while (found.next()) {
                    final String[] row = new String[columnCount];
                    for (int i = 0; i < columnCount; i++) {
                        row[i] = found.getString(i + 1);
                    }
                    rows.add(row);
                }
                return rows;
            }
        }
    }
}
