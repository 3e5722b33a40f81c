package io.headrace.adapters.jdbc;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Reads what the target says about its tables. Called on a lane's thread, once for each table; holds no state.
 *
 * <p>A name is looked for as it is, then in upper and in lower case, as databases differ in what they make of a name
 * that was not quoted.
 */
final class TargetCatalog {
    private static final String TYPE_INDEX_STATISTIC = Short.toString(DatabaseMetaData.tableIndexStatistic);

    private final Dialect dialect;

    TargetCatalog(final Dialect dialect) {
        this.dialect = dialect;
    }

    /** The schema that a connection looks for tables in; for MariaDB and MySQL the database. */
    String defaultSchema(final Connection connection) throws SQLException {
        return dialect.schemaIsCatalog() ? connection.getCatalog() : connection.getSchema();
    }

    /**
     * Looks a table up.
     *
     * @param schema to look in, or null for the connection's.
     * @return null when there is no such table.
     */
    TargetTable table(final Connection connection, final String schema, final String name) throws SQLException {
        final String wantedSchema = schema == null ? defaultSchema(connection) : schema;
        for (final String schemaName : spellings(wantedSchema)) {
            for (final String tableName : spellings(name)) {
                final TargetTable found = exactTable(connection, schemaName, tableName);
                if (found != null) {
                    return found;
                }
            }
        }
        return null;
    }

    private static Set<String> spellings(final String name) {
        final Set<String> spellings = new LinkedHashSet<>();
        spellings.add(name);
        if (name != null) {
            spellings.add(name.toUpperCase(Locale.ROOT));
            spellings.add(name.toLowerCase(Locale.ROOT));
        }
        return spellings;
    }

    private TargetTable exactTable(final Connection connection, final String schema, final String name)
        throws SQLException {
        final DatabaseMetaData metaData = connection.getMetaData();
        final String catalog = dialect.schemaIsCatalog() ? schema : connection.getCatalog();
        final String schemaName = dialect.schemaIsCatalog() ? null : schema;
        final List<TargetColumn> columns = columns(metaData, catalog, schemaName, name);
        if (columns.isEmpty()) {
            return null;
        }
        final Set<String> primaryKey = primaryKey(metaData, catalog, schemaName, name);
        final List<Set<String>> uniqueKeys = uniqueKeys(metaData, catalog, schemaName, name);
        if (!primaryKey.isEmpty()) {
            uniqueKeys.add(primaryKey);
        }
        return new TargetTable(dialect.qualified(schema, name), columns, primaryKey, uniqueKeys);
    }

    private static List<TargetColumn> columns(
        final DatabaseMetaData metaData, final String catalog, final String schema, final String name)
        throws SQLException {
        final List<TargetColumn> columns = new ArrayList<>();
        final String escape = metaData.getSearchStringEscape();
        try (ResultSet rows = metaData.getColumns(catalog, pattern(schema, escape), pattern(name, escape), null)) {
            while (rows.next()) {
                if (rows.getString("TABLE_NAME").equals(name)) {
                    columns.add(new TargetColumn(
                        rows.getString("COLUMN_NAME"),
                        rows.getInt("DATA_TYPE"),
                        rows.getString("TYPE_NAME"),
                        "YES".equals(rows.getString("IS_GENERATEDCOLUMN"))));
                }
            }
        }
        return columns;
    }

    /** A name as a pattern that matches nothing else. */
    private static String pattern(final String name, final String escape) {
        if (name == null || escape == null || escape.isEmpty()) {
            return name;
        }
        return name.replace(escape, escape + escape).replace("_", escape + "_").replace("%", escape + "%");
    }

    private static Set<String> primaryKey(
        final DatabaseMetaData metaData, final String catalog, final String schema, final String name)
        throws SQLException {
        final Set<String> columns = new LinkedHashSet<>();
        try (ResultSet rows = metaData.getPrimaryKeys(catalog, schema, name)) {
            while (rows.next()) {
                columns.add(rows.getString("COLUMN_NAME"));
            }
        }
        return columns;
    }

    private static List<Set<String>> uniqueKeys(
        final DatabaseMetaData metaData, final String catalog, final String schema, final String name)
        throws SQLException {
        final Map<String, Set<String>> indexes = new TreeMap<>();
        final Set<String> partial = new HashSet<>();
        try (ResultSet rows = metaData.getIndexInfo(catalog, schema, name, true, true)) {
            while (rows.next()) {
                final String index = rows.getString("INDEX_NAME");
                final String column = rows.getString("COLUMN_NAME");
                if (index == null || column == null || TYPE_INDEX_STATISTIC.equals(rows.getString("TYPE"))) {
                    continue;
                }
                if (rows.getString("FILTER_CONDITION") != null) {
                    partial.add(index);
                }
                indexes.computeIfAbsent(index, key -> new LinkedHashSet<>()).add(column);
            }
        }
        indexes.keySet().removeAll(partial);
        return new ArrayList<>(indexes.values());
    }
}
