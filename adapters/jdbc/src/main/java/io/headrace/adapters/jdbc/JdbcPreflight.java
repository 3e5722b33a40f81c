package io.headrace.adapters.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.headrace.adapters.jdbc.JdbcSinkOptions.TruncatePolicy;
import io.headrace.adapters.jdbc.JdbcSinkOptions.UnkeyedPolicy;
import io.headrace.bus.adapter.FailureClass;
import io.headrace.bus.adapter.PreflightFinding;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Looks at a target without changing it: whether it can be reached, whether the tables and columns that the rules name
 * are there with their keys, and whether the user may write them. Used by the thread that runs the check.
 */
final class JdbcPreflight {
    private final JdbcSinkOptions options;
    private final Dialect dialect;
    private final TargetCatalog catalog;
    private final List<PreflightFinding> findings = new ArrayList<>();

    JdbcPreflight(final JdbcSinkOptions options) {
        this.options = options;
        dialect = Dialect.of(options);
        catalog = new TargetCatalog(dialect);
    }

    List<PreflightFinding> findings() {
        try (HikariDataSource pool = new HikariDataSource(TargetSession.poolConfig(options, dialect, "preflight"));
            Connection connection = pool.getConnection()) {
            findings.add(PreflightFinding.ok("connection", connection.getMetaData().getDatabaseProductName() + ' '
                + connection.getMetaData().getDatabaseProductVersion() + " through the dialect "
                + dialect.name().name().toLowerCase(Locale.ROOT)));
            checkTables(connection);
            connection.rollback();
        } catch (final SQLException ex) {
            findings.add(PreflightFinding.failed("connection", message(ex), connectionRemedy(ex)));
        }
        return findings;
    }

    private String connectionRemedy(final SQLException failure) {
        final String state = SqlFailureTable.decisive(dialect, failure).map(SQLException::getSQLState).orElse("");
        if (state.startsWith("28")) {
            return "Check user and password, and that the server lets this user in from this host.";
        }
        if (state.startsWith("3D") || state.equals("42000")) {
            return "CREATE DATABASE, or mend the database's name in url.";
        }
        return SqlFailureTable.classify(dialect, failure) == FailureClass.RETRIABLE ?
            "Check host and port in url, and that the server runs and can be reached from here." :
            "Mend url, properties, or what the message names.";
    }

    private void checkTables(final Connection connection) throws SQLException {
        final String schema = options.schema().orElse(null);
        for (final TableRule rule : options.tables()) {
            if (rule.source().indexOf('*') < 0) {
                final String sourceTable = rule.source().substring(rule.source().lastIndexOf('.') + 1);
                checkRule(connection, rule, TableMapping.of(rule, sourceTable, schema));
            }
        }
        if (options.mirror() || options.tables().stream().anyMatch(rule -> rule.source().indexOf('*') >= 0)) {
            findings.add(PreflightFinding.ok("mirrored tables", "each is looked at when its first event comes"
                + (options.autoCreate() ? ", and made when it is missing" : "")));
        }
        if (options.readings().isPresent()) {
            checkFields(connection, FieldPlanner.of(dialect, options.readings().get(), schema),
                options.readings().get().key());
        }
        if (options.documents().isPresent()) {
            checkFields(connection, FieldPlanner.of(dialect, options.documents().get(), schema),
                options.documents().get().key());
        }
        final boolean unkeyedRows =
            options.unkeyed() == UnkeyedPolicy.EXACT && (options.mirror() || !options.tables().isEmpty());
        if (options.effectivelyOnce() || unkeyedRows) {
            checkPositions(connection, schema);
        }
    }

    private void checkRule(final Connection connection, final TableRule rule, final TableMapping mapping)
        throws SQLException {
        final String check = "table " + mapping.table();
        final TargetTable table = catalog.table(connection, mapping.schema(), mapping.table());
        if (table == null) {
            missing(check, "is missing", "Create it (its types are those of " + rule.source()
                + ", the key is its primary key).");
            return;
        }
        final Set<String> wanted = new TreeSet<>(rule.columns().values());
        wanted.addAll(rule.constants().keySet());
        wanted.addAll(rule.key());
        final List<String> lacking = wanted.stream().filter(name -> table.column(name) == null).toList();
        if (!lacking.isEmpty()) {
            missing(check, "lacks the columns " + lacking, "ALTER TABLE " + table.sqlName() + " ADD COLUMN "
                + dialect.quote(lacking.get(0)) + " ... for each, with the type of its source.");
            return;
        }
        if (checkKey(check, table, rule.key())) {
            checkRights(connection, check, table);
        }
    }

    private void missing(final String check, final String problem, final String remedy) {
        findings.add(options.autoCreate() ?
            PreflightFinding.ok(check, problem + "; it is made from the first event") :
            PreflightFinding.failed(check, problem, remedy + " Or set auto-create: true."));
    }

    private boolean checkKey(final String check, final TargetTable table, final List<String> key) {
        if (key.isEmpty()) {
            if (table.primaryKey().isEmpty()) {
                findings.add(PreflightFinding.warning(check, "has no primary key: changes of a source table with a key "
                    + "will be refused, those of one without are kept by positions",
                    "ALTER TABLE " + table.sqlName() + " ADD PRIMARY KEY (...) with the key of the source's table."));
            }
            return true;
        }
        final Set<String> names = new HashSet<>();
        key.forEach(name -> names.add(table.column(name).name()));
        if (table.hasUniqueKey(names)) {
            return true;
        }
        findings.add(PreflightFinding.failed(check, "has no unique constraint on its key " + key,
            dialect.addPrimaryKey(table.sqlName(), key) + ";"));
        return false;
    }

    /** Tries statements that change nothing: the server checks the rights all the same. */
    private void checkRights(final Connection connection, final String check, final TargetTable table)
        throws SQLException {
        final String column = table.columns().stream()
            .filter(candidate -> !candidate.generated())
            .map(candidate -> dialect.quote(candidate.name()))
            .findFirst()
            .orElse("*");
        final TreeMap<String, String> attempts = new TreeMap<>();
        final String name = table.sqlName();
        attempts.put("SELECT", "SELECT " + column + " FROM " + name + " WHERE 1 = 0");
        attempts.put("INSERT", "INSERT INTO " + name + " (" + column + ") SELECT " + column + " FROM " + name
            + " WHERE 1 = 0");
        attempts.put("DELETE", "DELETE FROM " + name + " WHERE 1 = 0");
        attempts.put("UPDATE", "UPDATE " + name + " SET " + column + " = " + column + " WHERE 1 = 0");
        final List<String> denied = new ArrayList<>();
        String reason = "";
        for (final String right : attempts.keySet()) {
            try (Statement statement = connection.createStatement()) {
                statement.execute(attempts.get(right));
            } catch (final SQLException ex) {
                // Other refusals are no lack of a right: a column GENERATED ALWAYS, one without a default (MariaDB).
                final String state = String.valueOf(ex.getSQLState());
                if (state.startsWith("42") && !state.equals("428C9")) {
                    denied.add(right);
                    reason = message(ex);
                }
            }
            connection.rollback();
        }
        if (!mayTruncate(connection, name)) {
            denied.add("TRUNCATE");
            reason = reason.isEmpty() ? "the user may not truncate it" : reason;
        }
        findings.add(denied.isEmpty() ?
            PreflightFinding.ok(check, "is there and can be written") :
            PreflightFinding.failed(check, "lacks rights: " + reason, "GRANT " + String.join(", ", denied) + " ON "
                + name + " TO " + dialect.quote(options.user().orElse("the user")) + ";"));
    }

    private boolean mayTruncate(final Connection connection, final String table) throws SQLException {
        final String query = dialect.mayTruncate(table);
        if (query == null || options.truncate() == TruncatePolicy.IGNORE) {
            return true;
        }
        try (Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery(query)) {
            return rows.next() && rows.getBoolean(1);
        }
    }

    private void checkFields(final Connection connection, final FieldPlanner planner, final List<String> key)
        throws SQLException {
        final String check = "table " + planner.tableName();
        final TargetTable table = catalog.table(connection, planner.schema(), planner.tableName());
        if (table == null) {
            missing(check, "is missing", dialect.createTable(
                dialect.qualified(planner.schema(), planner.tableName()), planner.definitions()) + ";");
            return;
        }
        final StringBuilder statements = new StringBuilder();
        for (final ColumnDefinition definition : planner.definitions()) {
            if (table.column(definition.name()) == null) {
                statements.append(dialect.addColumn(table.sqlName(), definition)).append("; ");
            }
        }
        if (!statements.isEmpty()) {
            missing(check, "lacks columns", statements.toString().trim());
        } else if (key.isEmpty() || checkKey(check, table, key)) {
            checkRights(connection, check, table);
        }
    }

    private void checkPositions(final Connection connection, final String schema) throws SQLException {
        final String check = "table " + options.positionsTable();
        final TargetTable table = catalog.table(connection, schema, options.positionsTable());
        if (table != null) {
            checkRights(connection, check, table);
        } else if (options.autoCreate()) {
            findings.add(PreflightFinding.ok(check, "is made when it is needed"));
        } else {
            final String statement = dialect.createTable(
                dialect.qualified(schema, options.positionsTable()), PositionsTable.columns()) + ";";
            findings.add(options.effectivelyOnce() ?
                PreflightFinding.failed(check, "is missing",
                    statement + " Or set auto-create: true, or effectively-once: false.") :
                PreflightFinding.warning(check, "is missing; tables without a key need it", statement));
        }
    }

    private String message(final SQLException failure) {
        return SqlFailureTable.describe(dialect, failure);
    }
}
