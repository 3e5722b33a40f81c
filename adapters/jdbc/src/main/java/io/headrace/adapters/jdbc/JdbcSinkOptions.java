package io.headrace.adapters.jdbc;

import io.headrace.bus.adapter.CheckedOptions;
import io.headrace.bus.adapter.Option;
import io.headrace.bus.adapter.Secret;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The options of the JDBC sink: immutable, for any thread.
 *
 * @param url              where the target is.
 * @param user             as whom to log in.
 * @param password         with which password.
 * @param properties       further properties of the driver.
 * @param dialect          which SQL the target speaks.
 * @param schema           where the tables are.
 * @param tables           rules for row changes.
 * @param mirror           whether a table without a rule goes into the table of the same name.
 * @param readings         where readings go.
 * @param documents        where documents go.
 * @param unmapped         what is done with an event that no rule is for.
 * @param autoCreate       whether missing tables and columns are made.
 * @param transactions     what a transaction of the target holds.
 * @param order            how far the order of statements is kept.
 * @param truncate         what is done when a table of the source is truncated.
 * @param unkeyed          what is done with tables without a key.
 * @param unkeyedSnapshot  what is done when a snapshot meets a table without a key that has rows.
 * @param effectivelyOnce  whether each lane's position is stored with the data.
 * @param positionsTable   where positions are kept.
 * @param connectTimeout   for a connection.
 * @param statementTimeout for a statement.
 * @param lockTimeout      for a lock.
 */
public record JdbcSinkOptions(
    @Option(value = "The JDBC URL of the target, without credentials.",
        example = "jdbc:postgresql://db.example/planning") String url,
    @Option(value = "The user to log in as.", example = "headrace") Optional<String> user,
    @Option(value = "The user's password.", example = "${file:/run/secrets/planning}") Optional<Secret> password,
    @Option(value = "Further properties for the JDBC driver, for example for TLS.",
        example = "{sslmode: verify-full}") Map<String, String> properties,
    @Option(value = "The SQL that the target speaks: auto (from the URL), postgresql, mariadb, mysql, h2, or generic "
        + "for any other database.", defaultValue = "auto") DialectName dialect,
    @Option(value = "The schema (in MariaDB and MySQL: the database) that holds the tables. Default: the "
        + "connection's.", example = "public") Optional<String> schema,
    @Option(value = "Rules from tables of the source to tables of the target; the first that matches is used.")
    List<TableRule> tables,
    @Option(value = "Whether a table that no rule matches goes into the table of the same name with the same "
        + "columns.", defaultValue = "false") boolean mirror,
    @Option("The table that readings are inserted into. Default: readings are unmapped.")
    Optional<ReadingRule> readings,
    @Option("The table that documents are inserted into. Default: documents are unmapped.")
    Optional<DocumentRule> documents,
    @Option(value = "An event that no rule is for: fail stops the flow, ignore counts it and goes on.",
        defaultValue = "fail") Unmapped unmapped,
    @Option(value = "Whether a missing table, or a missing column, is made from the first event that needs it.",
        defaultValue = "false") boolean autoCreate,
    @Option(value = "What one transaction of the target holds: batch, what was delivered together; or source, only "
        + "whole transactions of the source (one lane).", defaultValue = "batch") TransactionScope transactions,
    @Option(value = "event keeps the order of all changes; table keeps it within each table only, so that more rows "
        + "share a round trip. Use table only where the target has no foreign keys with cascades and no triggers "
        + "across tables.", defaultValue = "event") StatementOrder order,
    @Option(value = "When a table of the source is truncated: apply removes all rows of the target's table, ignore "
        + "counts it and keeps them.", defaultValue = "apply") TruncatePolicy truncate,
    @Option(value = "Tables without a key: exact keeps positions in the target, so that nothing is applied twice (one "
        + "lane); append inserts again what is delivered again; fail stops the flow.",
        defaultValue = "exact") UnkeyedPolicy unkeyed,
    @Option(value = "When a snapshot begins for a table without a key that already has rows, which would double "
        + "them: fail stops the flow, clear removes the rows first. For unkeyed: exact.",
        defaultValue = "fail") UnkeyedSnapshot unkeyedSnapshot,
    @Option(value = "Whether each lane stores its position with the data, in one transaction, so that what is "
        + "delivered again after a failure or a crash is left out. Costs one row in positions-table for each lane, and "
        + "one UPDATE for each batch.", defaultValue = "true") boolean effectivelyOnce,
    @Option(value = "The table in the sink's schema that holds the positions for effectively-once and for unkeyed: "
        + "exact. Services that write into one database under the same sink's name need one each.",
        defaultValue = "headrace_positions") String positionsTable,
    @Option(value = "How long to wait for a connection.",
        defaultValue = "5s", min = "250ms", max = "5m") Duration connectTimeout,
    @Option(value = "How long one statement, or one batch of it, may take before it is cancelled and tried again.",
        defaultValue = "30s", min = "1s", max = "1h") Duration statementTimeout,
    @Option(value = "How long a statement may wait for a lock before it is tried again. Where the dialect has no "
        + "such setting, statement-timeout holds.",
        defaultValue = "10s", min = "100ms", max = "1h") Duration lockTimeout)
    implements CheckedOptions {

    /** Which SQL a target speaks. */
    public enum DialectName {
        /** By the URL. */
        AUTO,
        /** PostgreSQL. */
        POSTGRESQL,
        /** MariaDB. */
        MARIADB,
        /** MySQL. */
        MYSQL,
        /** H2. */
        H2,
        /** Any other: UPDATE, then INSERT where nothing was updated. */
        GENERIC
    }

    /** What is done with an event that no rule is for. */
    public enum Unmapped {
        /** Stops the flow. */
        FAIL,
        /** Counts it and goes on. */
        IGNORE
    }

    /** What a transaction of the target holds. */
    public enum TransactionScope {
        /** A delivered batch. */
        BATCH,
        /** Whole transactions of the source. */
        SOURCE
    }

    /** How far the order of statements is kept. */
    public enum StatementOrder {
        /** All of it. */
        EVENT,
        /** Within a table. */
        TABLE
    }

    /** What is done when a table of the source is truncated. */
    public enum TruncatePolicy {
        /** Removes all rows. */
        APPLY,
        /** Counts it and keeps them. */
        IGNORE
    }

    /** What is done with tables without a key. */
    public enum UnkeyedPolicy {
        /** Applies each change once, by positions kept in the target. */
        EXACT,
        /** Applies each change as often as it is delivered. */
        APPEND,
        /** Stops the flow. */
        FAIL
    }

    /** What is done when a snapshot meets a table without a key that has rows. */
    public enum UnkeyedSnapshot {
        /** Stops the flow. */
        FAIL,
        /** Removes the rows first. */
        CLEAR
    }

    /** Copies the collections. */
    public JdbcSinkOptions {
        properties = Map.copyOf(properties);
        tables = List.copyOf(tables);
    }

    @Override
    public List<OptionProblem> problems() {
        final List<OptionProblem> problems = new ArrayList<>();
        if (!url.startsWith("jdbc:")) {
            problems.add(new OptionProblem("url", "\"" + url + "\" is no JDBC URL",
                "Write it as jdbc:postgresql://HOST/DATABASE."));
        }
        if (tables.isEmpty() && !mirror && readings.isEmpty() && documents.isEmpty()) {
            problems.add(new OptionProblem("tables", "no event has a table to go to",
                "Set mirror: true, or give tables, readings or documents."));
        }
        final Set<String> sources = new HashSet<>();
        for (final TableRule rule : tables) {
            checkRule(rule, sources, problems);
        }
        readings.ifPresent(rule -> checkFields(
            "readings", rule.effectiveColumns(), rule.key(), rule.constants(), EventField.Payload.READING, problems));
        documents.ifPresent(rule -> checkFields(
            "documents", rule.effectiveColumns(), rule.key(), rule.constants(), EventField.Payload.DOCUMENT, problems));
        return problems;
    }

    private static void checkRule(
        final TableRule rule, final Set<String> sources, final List<OptionProblem> problems) {
        final String source = rule.source();
        if (source.indexOf('.') < 0 && !source.equals("*")) {
            problems.add(new OptionProblem("tables", "source \"" + source + "\" names no schema",
                "Write it as schema.table, for example public." + source + "."));
        }
        if (!sources.add(source)) {
            problems.add(new OptionProblem("tables", "source \"" + source + "\" has two rules",
                "Leave one of them out: only the first would ever be used."));
        }
        if (source.indexOf('*') >= 0 && rule.table().isPresent() && rule.table().get().indexOf('*') < 0
            && rule.constants().isEmpty()) {
            problems.add(new OptionProblem("tables",
                "source \"" + source + "\" brings several tables into the one table \"" + rule.table().get() + "\"",
                "Put a * into table, or tell the rows apart by a column of constants that belongs to the key."));
        }
        for (final String dropped : rule.drop()) {
            if (rule.columns().containsKey(dropped)) {
                problems.add(new OptionProblem("tables",
                    "column \"" + dropped + "\" of \"" + source + "\" is both renamed and dropped",
                    "Leave it out of columns or of drop."));
            }
        }
        final Set<String> targets = new HashSet<>(rule.constants().keySet());
        for (final String target : rule.columns().values()) {
            if (!targets.add(target)) {
                problems.add(new OptionProblem("tables",
                    "column \"" + target + "\" of the target gets two values from \"" + source + "\"",
                    "Give each column of the target one value."));
            }
        }
    }

    private static void checkFields(
        final String option,
        final Map<String, String> columns,
        final List<String> key,
        final Map<String, String> constants,
        final EventField.Payload payload,
        final List<OptionProblem> problems) {
        columns.forEach((column, field) -> {
            if (EventField.of(field, payload).isEmpty()) {
                problems.add(new OptionProblem(option, "column \"" + column + "\" asks for the field \"" + field
                    + "\", which there is not", "Use one of " + EventField.names(payload) + "."));
            }
        });
        for (final String column : key) {
            if (!columns.containsKey(column) && !constants.containsKey(column)) {
                problems.add(new OptionProblem(option, "key column \"" + column + "\" gets no value",
                    "Add it to columns or constants, or leave it out of key."));
            }
        }
    }
}
