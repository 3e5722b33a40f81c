package io.headrace.adapters.jdbc;

import io.headrace.adapters.jdbc.JdbcSinkOptions.DialectName;
import io.headrace.codecs.sbe.ColumnType;

import java.util.List;

/** H2's SQL. No state: for any thread. TRUNCATE would commit what came before it, so all rows are deleted instead. */
final class H2Dialect extends Dialect {
    H2Dialect() {
        super(new H2ValueBinder());
    }

    @Override
    DialectName name() {
        return DialectName.H2;
    }

    @Override
    String sessionSql(final JdbcSinkOptions options) {
        return "SET LOCK_TIMEOUT " + options.lockTimeout().toMillis();
    }

    @Override
    String parameter(final ColumnType type) {
        // A plain parameter would become a JSON string that holds the text.
        return type == ColumnType.JSON ? "? FORMAT JSON" : "?";
    }

    @Override
    String upsert(final String table, final List<Term> terms, final List<Term> keys) {
        return "MERGE INTO " + table + " (" + join(terms, Term::column, ", ") + ") KEY ("
            + join(keys, Term::column, ", ") + ") VALUES (" + join(terms, Term::parameter, ", ") + ")";
    }

    @Override
    String updateOne(final String table, final List<Term> terms, final List<Term> where) {
        return "UPDATE " + table + " SET " + assignments(terms) + oneRow(table, where);
    }

    @Override
    String deleteOne(final String table, final List<Term> where) {
        return "DELETE FROM " + table + oneRow(table, where);
    }

    private static String oneRow(final String table, final List<Term> where) {
        return " WHERE _ROWID_ = (SELECT _ROWID_ FROM " + table + " WHERE "
            + join(where, term -> term.column() + " IS NOT DISTINCT FROM " + term.parameter(), " AND ")
            + " FETCH FIRST ROW ONLY)";
    }

    @Override
    String columnType(final ColumnDefinition column) {
        return switch (column.type()) {
            // Decimal digits without a fixed scale, NaN and infinity among them.
            case DECIMAL -> "DECFLOAT(1000)";
            case TIME -> "TIME(6)";
            case TIME_TZ -> "TIME(6) WITH TIME ZONE";
            case UUID -> "UUID";
            case BYTES -> column.key() ? "VARBINARY(1000)" : "BLOB";
            case JSON -> "JSON";
            case TEXT, ENUM, NETWORK, INTERVAL, ARRAY, OTHER -> "CHARACTER VARYING";
            default -> super.columnType(column);
        };
    }
}
