package io.headrace.adapters.jdbc;

import io.headrace.adapters.jdbc.JdbcSinkOptions.DialectName;
import io.headrace.codecs.sbe.ColumnType;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The SQL that a target speaks; this one is the SQL that any database understands. No state: for any thread.
 *
 * <p>Every identifier is quoted, so that no name from a source can be read as SQL.
 */
class Dialect {
    private static final Dialect GENERIC = new Dialect(new ValueBinder());

    private final ValueBinder binder;

    Dialect(final ValueBinder binder) {
        this.binder = binder;
    }

    static Dialect of(final JdbcSinkOptions options) {
        final DialectName name = options.dialect() == DialectName.AUTO ? byUrl(options.url()) : options.dialect();
        return switch (name) {
            case POSTGRESQL -> new PostgresDialect();
            case MARIADB -> new MariaDbDialect(DialectName.MARIADB);
            case MYSQL -> new MariaDbDialect(DialectName.MYSQL);
            case H2 -> new H2Dialect();
            default -> GENERIC;
        };
    }

    private static DialectName byUrl(final String url) {
        if (url.startsWith("jdbc:postgresql:")) {
            return DialectName.POSTGRESQL;
        }
        if (url.startsWith("jdbc:mariadb:")) {
            return DialectName.MARIADB;
        }
        if (url.startsWith("jdbc:mysql:")) {
            return DialectName.MYSQL;
        }
        return url.startsWith("jdbc:h2:") ? DialectName.H2 : DialectName.GENERIC;
    }

    DialectName name() {
        return DialectName.GENERIC;
    }

    final ValueBinder binder() {
        return binder;
    }

    /** Properties that the driver gets unless the configuration says otherwise. */
    Map<String, String> driverProperties(final JdbcSinkOptions options) {
        return Map.of();
    }

    /** What every new connection executes first; null for nothing. */
    String sessionSql(final JdbcSinkOptions options) {
        return null;
    }

    /** Whether the time-out of statements is set by {@link #sessionSql}, and not with each statement. */
    boolean sessionHasTimeout() {
        return false;
    }

    /** Whether what others call a schema is JDBC's catalog. */
    boolean schemaIsCatalog() {
        return false;
    }

    /** Whether making a table or a column can be part of a transaction. */
    boolean transactionalSchemaChanges() {
        return false;
    }

    String quote(final String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }

    final String qualified(final String schema, final String table) {
        return schema == null || schema.isEmpty() ? quote(table) : quote(schema) + '.' + quote(table);
    }

    /** The parameter for a value of a type. */
    String parameter(final ColumnType type) {
        return "?";
    }

    final Term term(final String column, final ColumnType type) {
        final boolean textual = switch (type) {
            case JSON, OTHER, ARRAY -> true;
            default -> false;
        };
        return new Term(quote(column), parameter(type), textual);
    }

    String insert(final String table, final List<Term> terms) {
        return insertInto(table, terms, "");
    }

    final String insertInto(final String table, final List<Term> terms, final String overriding) {
        return "INSERT INTO " + table
            + " (" + join(terms, Term::column, ", ") + ")" + overriding
            + " VALUES (" + join(terms, Term::parameter, ", ") + ")";
    }

    /**
     * One statement that inserts a row or replaces the one with its key.
     *
     * @return null when the dialect has none; then it is an update, and an insert where it changed nothing.
     */
    String upsert(final String table, final List<Term> terms, final List<Term> keys) {
        return null;
    }

    final String update(final String table, final List<Term> terms, final List<Term> keys) {
        return "UPDATE " + table + " SET " + assignments(terms) + " WHERE " + equalities(keys);
    }

    final String delete(final String table, final List<Term> keys) {
        return "DELETE FROM " + table + " WHERE " + equalities(keys);
    }

    /** Updates exactly one of the rows that equal the terms of {@code where}; null when the dialect cannot. */
    String updateOne(final String table, final List<Term> terms, final List<Term> where) {
        return null;
    }

    /** Deletes exactly one of the rows that equal the terms of {@code where}; null when the dialect cannot. */
    String deleteOne(final String table, final List<Term> where) {
        return null;
    }

    /** Removes all rows, and can be rolled back. */
    String truncate(final String table) {
        return "DELETE FROM " + table;
    }

    /** A query for whether the user may {@link #truncate}; null when deleting is enough for that. */
    String mayTruncate(final String table) {
        return null;
    }

    /** The type of a column made for values of a source's type. */
    String columnType(final ColumnDefinition column) {
        return switch (column.type()) {
            case BOOL -> "BOOLEAN";
            case INT16 -> "SMALLINT";
            case INT32 -> "INTEGER";
            case INT64 -> "BIGINT";
            case FLOAT32 -> "REAL";
            case FLOAT64 -> "DOUBLE PRECISION";
            case DECIMAL -> "DECIMAL(38, 12)";
            case DATE -> "DATE";
            case TIME -> "TIME";
            case TIMESTAMP -> "TIMESTAMP(6)";
            case TIMESTAMP_TZ -> "TIMESTAMP(6) WITH TIME ZONE";
            case UUID -> "CHAR(36)";
            case BYTES -> "BLOB";
            default -> column.key() ? "VARCHAR(255)" : "VARCHAR(4000)";
        };
    }

    final String createTable(final String table, final List<ColumnDefinition> columns) {
        final String keys = columns.stream()
            .filter(ColumnDefinition::key)
            .map(column -> quote(column.name()))
            .collect(Collectors.joining(", "));
        return columns.stream()
            .map(column -> quote(column.name()) + ' ' + columnType(column) + (column.key() ? " NOT NULL" : ""))
            .collect(Collectors.joining(", ", "CREATE TABLE " + table + " (",
                keys.isEmpty() ? ")" : ", PRIMARY KEY (" + keys + "))"));
    }

    final String addColumn(final String table, final ColumnDefinition column) {
        return "ALTER TABLE " + table + " ADD COLUMN " + quote(column.name()) + ' ' + columnType(column);
    }

    final String addPrimaryKey(final String table, final List<String> columns) {
        return "ALTER TABLE " + table + " ADD PRIMARY KEY ("
            + columns.stream().map(this::quote).collect(Collectors.joining(", ")) + ")";
    }

    final String assignments(final List<Term> terms) {
        return join(terms, term -> term.column() + " = " + term.parameter(), ", ");
    }

    private static String equalities(final List<Term> terms) {
        return join(terms, term -> term.column() + " = " + term.parameter(), " AND ");
    }

    static String join(
        final List<Term> terms, final Function<Term, String> part, final String between) {
        return terms.stream().map(part).collect(Collectors.joining(between));
    }
}
