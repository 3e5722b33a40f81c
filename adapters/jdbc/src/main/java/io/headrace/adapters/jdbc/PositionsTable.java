package io.headrace.adapters.jdbc;

import io.headrace.bus.adapter.FailureClass;
import io.headrace.codecs.sbe.ColumnType;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a sink keeps in its target about how far it has come: one row for each part of what it is given, as
 * {@code lane 0 of 2} or {@code source erp}. Written in the same transaction as the data. Owned by the lane's thread.
 *
 * <p>A row is changed only when it still is as it was read: a killed process may have left a commit under way in the
 * target, and its data must not be applied once more.
 */
final class PositionsTable {
    private static final List<ColumnDefinition> COLUMNS = List.of(
        new ColumnDefinition("sink", ColumnType.TEXT, "", true),
        new ColumnDefinition("part", ColumnType.TEXT, "", true),
        new ColumnDefinition("position", ColumnType.TEXT, "", false));

    private final JdbcSinkOptions options;
    private final Dialect dialect;
    private final TargetSession session;
    private final TableResolver resolver;
    private final String sinkName;
    /** What the target holds as far as this transaction knows; null when it was not asked yet. */
    private Map<String, String> stored;
    /** What is to be written; an empty text for a row that is to go. */
    private final Map<String, String> changes = new TreeMap<>();

    PositionsTable(
        final JdbcSinkOptions options,
        final Dialect dialect,
        final TargetSession session,
        final TableResolver resolver,
        final String sinkName) {
        this.options = options;
        this.dialect = dialect;
        this.session = session;
        this.resolver = resolver;
        this.sinkName = sinkName;
    }

    static List<ColumnDefinition> columns() {
        return COLUMNS;
    }

    /** Forgets what was not committed; the target is asked again. */
    void clear() {
        stored = null;
        changes.clear();
    }

    /** The rows of this sink by their parts, as they were when they were asked for first. */
    Map<String, String> rows() throws SQLException, ChangeRefusedException, SchemaChangeNeededException {
        if (stored == null) {
            stored = currentRows();
        }
        return stored;
    }

    /** Asks the target, as other lanes change their rows. */
    Map<String, String> currentRows() throws SQLException, ChangeRefusedException, SchemaChangeNeededException {
        final TargetTable table = table();
        final Map<String, String> rows = new HashMap<>();
        final String sql = "SELECT " + column(table, 1) + ", " + column(table, 2) + " FROM " + table.sqlName()
            + " WHERE " + column(table, 0) + " = ?";
        try (PreparedStatement select = session.connection().prepareStatement(sql)) {
            select.setString(1, sinkName);
            try (ResultSet results = select.executeQuery()) {
                while (results.next()) {
                    rows.put(results.getString(1), results.getString(2));
                }
            }
        }
        return rows;
    }

    /** Says what {@link #write} is to store for a part. */
    void put(final String part, final String position) {
        changes.put(part, position);
    }

    /** Says that {@link #write} is to remove a part's row. */
    void remove(final String part) {
        changes.put(part, "");
    }

    /** Brings the changes into the open transaction. */
    void write() throws SQLException, ChangeRefusedException, SchemaChangeNeededException {
        for (final Map.Entry<String, String> change : changes.entrySet()) {
            final String part = change.getKey();
            final String position = change.getValue();
            final String before = rows().get(part);
            if (position.isEmpty()) {
                delete(part);
                stored.remove(part);
                continue;
            }
            if (before == null) {
                insert(part, position);
            } else {
                update(part, position, before);
            }
            stored.put(part, position);
        }
        changes.clear();
    }

    private void insert(final String part, final String position)
        throws SQLException, ChangeRefusedException, SchemaChangeNeededException {
        final TargetTable table = table();
        try {
            execute("INSERT INTO " + table.sqlName() + " (" + column(table, 2) + ", " + column(table, 0) + ", "
                + column(table, 1) + ") VALUES (?, ?, ?)", position, sinkName, part);
        } catch (final SQLException ex) {
            if (SqlFailureTable.classify(dialect, ex) != FailureClass.POISON) {
                throw ex;
            }
            throw moved(table, part, ex);
        }
    }

    private void update(final String part, final String position, final String before)
        throws SQLException, ChangeRefusedException, SchemaChangeNeededException {
        final TargetTable table = table();
        final int changedRows = execute("UPDATE " + table.sqlName() + " SET " + column(table, 2) + " = ? WHERE "
            + column(table, 0) + " = ? AND " + column(table, 1) + " = ? AND " + column(table, 2) + " = ?",
            position, sinkName, part, before);
        if (changedRows == 0) {
            throw moved(table, part, null);
        }
    }

    private void delete(final String part) throws SQLException, ChangeRefusedException, SchemaChangeNeededException {
        final TargetTable table = table();
        execute("DELETE FROM " + table.sqlName() + " WHERE " + column(table, 0) + " = ? AND " + column(table, 1)
            + " = ?", sinkName, part);
    }

    private int execute(final String sql, final String... parameters) throws SQLException {
        try (PreparedStatement statement = session.connection().prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setString(i + 1, parameters[i]);
            }
            return statement.executeUpdate();
        }
    }

    private ChangeRefusedException moved(final TargetTable table, final String part, final SQLException cause) {
        final ChangeRefusedException moved = new ChangeRefusedException(FailureClass.RETRIABLE, "the position of \""
            + part + "\" of the sink " + sinkName + " in " + table + " was moved by somebody else. When this goes on, "
            + "another service writes here under the same name: give one of them another sink's name or a "
            + "positions-table of its own.");
        moved.initCause(cause);
        return moved;
    }

    /** What a person executes to make the sink know nothing. */
    String forgetStatement() throws SQLException, ChangeRefusedException, SchemaChangeNeededException {
        final TargetTable table = table();
        return "DELETE FROM " + table.sqlName() + " WHERE " + column(table, 0) + " = '" + sinkName + "'";
    }

    TargetTable table() throws SQLException, ChangeRefusedException, SchemaChangeNeededException {
        return resolver.table(options.schema().orElse(null), options.positionsTable(), COLUMNS);
    }

    private String column(final TargetTable table, final int index) {
        return dialect.quote(table.column(COLUMNS.get(index).name()).name());
    }
}
