package io.headrace.adapters.demo;

import io.headrace.adapters.demo.DemoResult.TableResult;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Compares a table with its copy on another server, row for row by key and in all columns, as texts. Both are read in
 * the order of the key and side by side, so that the size of the tables does not matter. Owned by the thread that
 * compares.
 */
final class TableComparison {
    static final int MAX_EXAMPLES = 10;
    private static final int FETCH_ROWS = 1000;

    private final Erp.Table table;
    private final List<String> examples = new ArrayList<>();
    private long sourceRows;
    private long targetRows;
    private long differences;

    private TableComparison(final Erp.Table table) {
        this.table = table;
    }

    /** Compares one table. */
    static TableResult compare(
        final Erp.Table table, final PostgresServer source, final PostgresServer target) throws SQLException {
        final TableComparison comparison = new TableComparison(table);
        try (Connection sourceConnection = source.connect(); Connection targetConnection = target.connect();
            Statement sourceStatement = statement(sourceConnection);
            Statement targetStatement = statement(targetConnection);
            ResultSet sourceSet = sourceStatement.executeQuery(comparison.select());
            ResultSet targetSet = targetStatement.executeQuery(comparison.select())) {
            comparison.merge(sourceSet, targetSet);
        }
        return new TableResult(table.name(), comparison.sourceRows, comparison.targetRows, comparison.differences,
            List.copyOf(comparison.examples));
    }

    /** One that reads piecewise, with one notation of times on both servers. */
    private static Statement statement(final Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        final Statement statement = connection.createStatement();
        statement.execute("SET TIME ZONE 'UTC'");
        statement.setFetchSize(FETCH_ROWS);
        return statement;
    }

    private String select() {
        return "SELECT * FROM " + table.name() + " ORDER BY " + table.orderBy();
    }

    private void merge(final ResultSet source, final ResultSet target) throws SQLException {
        boolean hasSource = advanceSource(source);
        boolean hasTarget = advanceTarget(target);
        while (hasSource || hasTarget) {
            final int order = !hasSource ? 1 : !hasTarget ? -1 : compareKeys(source, target);
            if (order < 0) {
                differ("missing", source);
            } else if (order > 0) {
                differ("too many", target);
            } else {
                compareColumns(source, target);
            }
            hasSource = order <= 0 ? advanceSource(source) : hasSource;
            hasTarget = order >= 0 ? advanceTarget(target) : hasTarget;
        }
    }

    private boolean advanceSource(final ResultSet source) throws SQLException {
        final boolean has = source.next();
        sourceRows += has ? 1 : 0;
        return has;
    }

    private boolean advanceTarget(final ResultSet target) throws SQLException {
        final boolean has = target.next();
        targetRows += has ? 1 : 0;
        return has;
    }

    private int compareKeys(final ResultSet source, final ResultSet target) throws SQLException {
        for (final String column : table.key()) {
            final Object left = source.getObject(column);
            final int order = left instanceof final Long number ?
                number.compareTo(target.getLong(column)) : left.toString().compareTo(target.getString(column));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    private void compareColumns(final ResultSet source, final ResultSet target) throws SQLException {
        final ResultSetMetaData columns = source.getMetaData();
        final List<String> unequal = new ArrayList<>();
        for (int i = 1; i <= columns.getColumnCount(); i++) {
            final String name = columns.getColumnName(i);
            final String left = source.getString(i);
            final String right = target.getString(name);
            if (!Objects.equals(left, right)) {
                unequal.add(name + " " + left + " became " + right);
            }
        }
        if (!unequal.isEmpty()) {
            differ(String.join(", ", unequal), source);
        }
    }

    private void differ(final String how, final ResultSet row) throws SQLException {
        differences++;
        if (examples.size() < MAX_EXAMPLES) {
            final List<String> key = new ArrayList<>();
            for (final String column : table.key()) {
                key.add(column + "=" + row.getString(column));
            }
            examples.add(table.name() + " " + String.join(" ", key) + ": " + how);
        }
    }
}
