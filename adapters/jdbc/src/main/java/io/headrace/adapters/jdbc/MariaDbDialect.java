package io.headrace.adapters.jdbc;

import io.headrace.adapters.jdbc.JdbcSinkOptions.DialectName;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The SQL of MariaDB and MySQL. No state: for any thread.
 *
 * <p>Points in time are written in UTC, into the session's time zone UTC. TRUNCATE would commit what came before it, so
 * all rows are deleted instead.
 */
final class MariaDbDialect extends Dialect {
    private static final Pattern BOUNDED_NUMERIC = Pattern.compile("numeric\\((\\d{1,4}),(\\d{1,4})\\)");
    private static final int MAX_PRECISION = 65;
    private static final int MAX_SCALE = 30;

    private final DialectName name;

    MariaDbDialect(final DialectName name) {
        super(new MariaDbValueBinder());
        this.name = name;
    }

    @Override
    DialectName name() {
        return name;
    }

    @Override
    boolean schemaIsCatalog() {
        return true;
    }

    @Override
    Map<String, String> driverProperties(final JdbcSinkOptions options) {
        final String connectTimeoutMs = Long.toString(options.connectTimeout().toMillis());
        final String socketTimeoutMs = Long.toString(options.statementTimeout().plusSeconds(10).toMillis());
        return Map.of(
            "useServerPrepStmts", "true",
            "cachePrepStmts", "true",
            "tcpKeepAlive", "true",
            "connectTimeout", connectTimeoutMs,
            "socketTimeout", socketTimeoutMs);
    }

    @Override
    String sessionSql(final JdbcSinkOptions options) {
        final long lockTimeoutS = Math.max(1, options.lockTimeout().toSeconds());
        // Strict, so that a value that does not fit is an error and never cut off silently.
        final String common = "SET SESSION time_zone = '+00:00'"
            + ", sql_mode = CONCAT(@@sql_mode, ',STRICT_ALL_TABLES,NO_AUTO_VALUE_ON_ZERO')"
            + ", innodb_lock_wait_timeout = " + lockTimeoutS;
        return name == DialectName.MARIADB ?
            common + ", max_statement_time = " + options.statementTimeout().toSeconds() : common;
    }

    @Override
    boolean sessionHasTimeout() {
        return name == DialectName.MARIADB;
    }

    @Override
    String quote(final String identifier) {
        return '`' + identifier.replace("`", "``") + '`';
    }

    @Override
    String upsert(final String table, final List<Term> terms, final List<Term> keys) {
        final Set<Term> keySet = new HashSet<>(keys);
        final List<Term> others = terms.stream().filter(term -> !keySet.contains(term)).toList();
        // Without other columns the row stays as it is; the dialect still wants an assignment.
        return insert(table, terms) + " ON DUPLICATE KEY UPDATE " + join(
            others.isEmpty() ? keys.subList(0, 1) : others,
            term -> term.column() + " = VALUES(" + term.column() + ")", ", ");
    }

    @Override
    String updateOne(final String table, final List<Term> terms, final List<Term> where) {
        return "UPDATE " + table + " SET " + assignments(terms) + oneRow(where);
    }

    @Override
    String deleteOne(final String table, final List<Term> where) {
        return "DELETE FROM " + table + oneRow(where);
    }

    private static String oneRow(final List<Term> where) {
        return " WHERE " + join(where, term -> term.column() + " <=> " + term.parameter(), " AND ") + " LIMIT 1";
    }

    @Override
    String columnType(final ColumnDefinition column) {
        return switch (column.type()) {
            case INT32 -> "INT";
            case FLOAT32 -> "FLOAT";
            case FLOAT64 -> "DOUBLE";
            case DECIMAL -> decimal(column.typeName());
            case TIME -> "TIME(6)";
            case TIMESTAMP, TIMESTAMP_TZ -> "DATETIME(6)";
            case UUID -> name == DialectName.MARIADB ? "UUID" : "CHAR(36)";
            case BYTES -> column.key() ? "VARBINARY(255)" : "LONGBLOB";
            case JSON -> column.key() ? text("VARCHAR(255)") : "JSON";
            case TEXT, ENUM, NETWORK, INTERVAL, TIME_TZ, ARRAY, OTHER ->
                text(column.key() ? "VARCHAR(255)" : "LONGTEXT");
            default -> super.columnType(column);
        };
    }

    /** With the source's own precision where it is bounded and fits. */
    private static String decimal(final String typeName) {
        final Matcher matcher = BOUNDED_NUMERIC.matcher(typeName);
        if (matcher.matches()) {
            final int precision = Integer.parseInt(matcher.group(1));
            final int scale = Integer.parseInt(matcher.group(2));
            if (precision <= MAX_PRECISION && scale <= MAX_SCALE && scale <= precision) {
                return "DECIMAL(" + precision + ", " + scale + ")";
            }
        }
        return "DECIMAL(" + MAX_PRECISION + ", " + MAX_SCALE + ")";
    }

    private String text(final String type) {
        // Byte for byte: under the usual collations two keys that differ in case or in trailing blanks are one row.
        return type + " CHARACTER SET utf8mb4 COLLATE "
            + (name == DialectName.MARIADB ? "utf8mb4_nopad_bin" : "utf8mb4_0900_bin");
    }
}
