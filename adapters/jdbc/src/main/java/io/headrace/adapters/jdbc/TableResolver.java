package io.headrace.adapters.jdbc;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Finds the tables and columns that changes need, once for each, or says what is missing. Owned by a lane's thread. */
final class TableResolver {
    private final Dialect dialect;
    private final TargetCatalog catalog;
    private final TargetSession session;
    private final boolean autoCreate;
    private final Map<String, TargetTable> tables = new HashMap<>();

    TableResolver(final Dialect dialect, final TargetSession session, final boolean autoCreate) {
        this.dialect = dialect;
        this.catalog = new TargetCatalog(dialect);
        this.session = session;
        this.autoCreate = autoCreate;
    }

    /** Forgets everything, as the target may have changed. */
    void clear() {
        tables.clear();
    }

    /** The table if it is there; null when it is not. */
    TargetTable existing(final String schema, final String name) throws SQLException {
        final String key = schema + '\0' + name;
        TargetTable table = tables.get(key);
        if (table == null) {
            table = catalog.table(session.connection(), schema, name);
            if (table != null) {
                tables.put(key, table);
            }
        }
        return table;
    }

    /**
     * The table with all of these columns.
     *
     * @throws SchemaChangeNeededException when something is missing and shall be made.
     * @throws ChangeRefusedException      when something is missing and a person must make it.
     */
    TargetTable table(final String schema, final String name, final List<ColumnDefinition> columns)
        throws SQLException, ChangeRefusedException, SchemaChangeNeededException {
        final TargetTable found = existing(schema, name);
        if (found == null) {
            final String qualified = dialect.qualified(schema, name);
            throw missing("the table " + qualified + " is missing", List.of(dialect.createTable(qualified, columns)));
        }
        final List<String> statements = new ArrayList<>();
        for (final ColumnDefinition column : columns) {
            if (found.column(column.name()) == null) {
                statements.add(dialect.addColumn(found.sqlName(), column));
            }
        }
        if (!statements.isEmpty()) {
            throw missing("the table " + found.sqlName() + " lacks columns", statements);
        }
        return found;
    }

    private SchemaChangeNeededException missing(final String problem, final List<String> statements)
        throws ChangeRefusedException {
        if (!autoCreate) {
            throw ChangeRefusedException.fatal(
                problem + ". Mend it with: " + String.join("; ", statements) + "; or set auto-create: true.");
        }
        return new SchemaChangeNeededException(problem, statements);
    }
}
