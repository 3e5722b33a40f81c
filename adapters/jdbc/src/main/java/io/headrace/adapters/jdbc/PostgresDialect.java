package io.headrace.adapters.jdbc;

import io.headrace.adapters.jdbc.JdbcSinkOptions.DialectName;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * PostgreSQL's SQL. No state: for any thread.
 *
 * <p>Text is sent without a type of its own, so that the server reads it as the type of the target's column: uuid,
 * json, enums, arrays, inet, ranges and what an extension brings need no cast that names a type of the source.
 */
final class PostgresDialect extends Dialect {
    /** Types of the source without modifiers of their own, that a made column may take over by name. */
    private static final Set<String> SAME_NAME = Set.of(
        "bpchar", "varchar", "text", "name", "json", "jsonb", "xml", "money", "varbit", "inet", "cidr",
        "macaddr", "macaddr8", "point", "line", "lseg", "box", "path", "polygon", "circle", "tsvector", "tsquery",
        "pg_lsn", "int4range", "int8range", "numrange", "tsrange", "tstzrange", "daterange", "int4multirange",
        "int8multirange", "nummultirange", "tsmultirange", "tstzmultirange", "datemultirange", "jsonpath", "oid",
        "xid", "xid8");
    private static final Set<String> ARRAY_ELEMENTS = Set.of(
        "bool", "int2", "int4", "int8", "float4", "float8", "numeric", "text", "varchar", "bpchar", "name", "date",
        "time", "timetz", "timestamp", "timestamptz", "interval", "uuid", "bytea", "json", "jsonb", "inet", "cidr",
        "macaddr", "oid");

    PostgresDialect() {
        super(new PostgresValueBinder());
    }

    @Override
    DialectName name() {
        return DialectName.POSTGRESQL;
    }

    @Override
    Map<String, String> driverProperties(final JdbcSinkOptions options) {
        final long socketTimeoutS = options.statementTimeout().toSeconds() + 10;
        return Map.of(
            "ApplicationName", "headrace",
            // A statement of a sink is used again by nature: prepare it on the server at once.
            "prepareThreshold", "1",
            "tcpKeepAlive", "true",
            "connectTimeout", Long.toString(Math.max(1, options.connectTimeout().toSeconds())),
            // The server's own time-out comes first; this one notices a server that no longer answers at all.
            "socketTimeout", Long.toString(socketTimeoutS));
    }

    @Override
    String sessionSql(final JdbcSinkOptions options) {
        return "SET TIME ZONE 'UTC'; SET datestyle = 'ISO, YMD'"
            + "; SET statement_timeout = " + options.statementTimeout().toMillis()
            + "; SET lock_timeout = " + options.lockTimeout().toMillis();
    }

    @Override
    boolean sessionHasTimeout() {
        return true;
    }

    @Override
    boolean transactionalSchemaChanges() {
        return true;
    }

    @Override
    String insert(final String table, final List<Term> terms) {
        // The columns of an identity may be GENERATED ALWAYS in a table made like the source's.
        return insertInto(table, terms, " OVERRIDING SYSTEM VALUE");
    }

    @Override
    String upsert(final String table, final List<Term> terms, final List<Term> keys) {
        final Set<Term> keySet = new HashSet<>(keys);
        final List<Term> others = terms.stream().filter(term -> !keySet.contains(term)).toList();
        final String conflict = " ON CONFLICT (" + join(keys, Term::column, ", ") + ") DO ";
        return insert(table, terms) + conflict + (others.isEmpty() ?
            "NOTHING" :
            "UPDATE SET " + join(others, term -> term.column() + " = EXCLUDED." + term.column(), ", "));
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
        return " WHERE ctid = (SELECT ctid FROM " + table + " WHERE " + join(where, PostgresDialect::same, " AND ")
            + " LIMIT 1 FOR UPDATE)";
    }

    private static String same(final Term term) {
        // json, xml, point and others have no equality: their text has.
        return term.column() + (term.textual() ? "::text" : "") + " IS NOT DISTINCT FROM " + term.parameter();
    }

    @Override
    String truncate(final String table) {
        return "TRUNCATE TABLE " + table;
    }

    @Override
    String mayTruncate(final String table) {
        return "SELECT has_table_privilege('" + table.replace("'", "''") + "', 'TRUNCATE')";
    }

    @Override
    String columnType(final ColumnDefinition column) {
        // What a modifier bounds, as in varchar(20), the target need not bound again.
        final String typeName = column.typeName().replaceFirst("\\(.*\\)$", "");
        return switch (column.type()) {
            case DECIMAL -> typeName.equals("money") ? "money" : "numeric";
            case TIME_TZ -> "timetz";
            case TIMESTAMP -> "timestamp";
            case TIMESTAMP_TZ -> "timestamptz";
            case TIME -> "time";
            case INTERVAL -> "interval";
            case UUID -> "uuid";
            case BYTES -> "bytea";
            case JSON -> typeName.equals("json") ? "json" : "jsonb";
            case ARRAY -> arrayType(typeName);
            case ENUM -> "text";
            case TEXT, NETWORK, OTHER -> sameType(typeName);
            default -> super.columnType(column).toLowerCase(Locale.ROOT);
        };
    }

    private static String sameType(final String typeName) {
        if (typeName.equals("bit")) {
            // Without its length, bit would hold a single one.
            return "varbit";
        }
        return SAME_NAME.contains(typeName) ? typeName : "text";
    }

    private static String arrayType(final String typeName) {
        String element = typeName;
        if (element.endsWith("[]")) {
            element = element.substring(0, element.length() - 2);
        } else if (element.startsWith("_")) {
            element = element.substring(1);
        }
        final int modifierAt = element.indexOf('(');
        element = modifierAt < 0 ? element : element.substring(0, modifierAt);
        return ARRAY_ELEMENTS.contains(element) ? element + "[]" : "text";
    }
}
