package io.headrace.adapters.postgres.preflight;

import io.headrace.adapters.postgres.PostgresSourceOptions;
import io.headrace.adapters.postgres.PublicationAutocreate;
import io.headrace.adapters.postgres.SnapshotMode;
import io.headrace.adapters.postgres.pgoutput.DecoderSettings;
import io.headrace.adapters.postgres.replication.Publications;
import io.headrace.bus.adapter.PreflightFinding;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The thread of the command: the publication and its tables. */
final class TableChecks {
    private static final String PUBLICATION = "publication";

    private final PostgresSourceOptions options;
    private final Server server;
    private final List<PreflightFinding> findings = new ArrayList<>();

    TableChecks(final PostgresSourceOptions options, final Server server) {
        this.options = options;
        this.server = server;
    }

    List<PreflightFinding> run() throws SQLException {
        if (Publications.exists(server.connection(), options.publication())) {
            coverage();
            operations();
            final List<Publications.Table> tables = tables();
            if (tables.isEmpty()) {
                findings.add(PreflightFinding.warning(PUBLICATION, options.publication() + " has no table to publish",
                    "ALTER PUBLICATION " + Server.quote(options.publication()) + " ADD TABLE ...;"));
            }
            selectRights(tables);
            replicaIdentities(tables);
        } else {
            missingPublication();
        }
        return findings;
    }

    private void missingPublication() throws SQLException {
        final String create = Publications.createStatement(server.connection(), options) + ";";
        if (options.publicationAutocreate() == PublicationAutocreate.OFF) {
            findings.add(PreflightFinding.failed(
                PUBLICATION, options.publication() + " does not exist", create + " or set publication-autocreate"));
            return;
        }
        final boolean all = options.publicationAutocreate() == PublicationAutocreate.ALL;
        final boolean allowed = server.is(all ?
            "SELECT rolsuper FROM pg_roles WHERE rolname = current_user" :
            "SELECT has_database_privilege(current_database(), 'CREATE')");
        if (allowed) {
            findings.add(PreflightFinding.ok(PUBLICATION, options.publication() + " does not exist and will be made"));
        } else {
            findings.add(PreflightFinding.failed(PUBLICATION, options.publication() + " does not exist, and " +
                options.user() + " may not make it", "as the database's owner: " + create));
        }
    }

    private void coverage() throws SQLException {
        final List<Publications.Table> missing = options.tables().isEmpty() ?
            List.of() : Publications.missing(server.connection(), options);
        if (missing.isEmpty()) {
            findings.add(PreflightFinding.ok(PUBLICATION, options.publication() + " covers the tables"));
            return;
        }
        final String names = missing.stream().map(Publications.Table::quoted).collect(Collectors.joining(", "));
        final String add = "ALTER PUBLICATION " + Server.quote(options.publication()) + " ADD TABLE " + names + ";";
        findings.add(options.publicationAutocreate() == PublicationAutocreate.TABLES ?
            PreflightFinding.ok(PUBLICATION, options.publication() + " lacks " + names + ", which will be added") :
            PreflightFinding.failed(PUBLICATION, options.publication() + " lacks " + names, add));
    }

    private void operations() throws SQLException {
        final boolean all = server.is("SELECT pubinsert AND pubupdate AND pubdelete AND pubtruncate " +
            "FROM pg_publication WHERE pubname = ?", options.publication());
        findings.add(all ?
            PreflightFinding.ok("publication operations", "insert, update, delete, truncate") :
            PreflightFinding.warning("publication operations", "not all of insert, update, delete, truncate",
                "ALTER PUBLICATION " + Server.quote(options.publication()) +
                    " SET (publish = 'insert, update, delete, truncate');"));
    }

    private List<Publications.Table> tables() throws SQLException {
        return Publications.published(server.connection(), options.publication()).stream()
            .filter(table -> options.tables().isEmpty() || options.tables().stream()
                .anyMatch(pattern -> DecoderSettings.matches(pattern, table.toString())))
            .collect(Collectors.toList());
    }

    private void selectRights(final List<Publications.Table> tables) throws SQLException {
        final List<Publications.Table> refused = new ArrayList<>();
        for (final Publications.Table table : tables) {
            if (!server.is("SELECT has_schema_privilege(?, 'USAGE')", table.schema()) ||
                !server.is("SELECT has_table_privilege(?, 'SELECT')", table.quoted())) {
                refused.add(table);
            }
        }
        if (refused.isEmpty()) {
            findings.add(PreflightFinding.ok("select right", "on all " + tables.size() + " tables"));
            return;
        }
        final String user = Server.quote(options.user());
        final String grants = "GRANT USAGE ON SCHEMA " +
            refused.stream().map(table -> Server.quote(table.schema())).distinct().collect(Collectors.joining(", ")) +
            " TO " + user + "; GRANT SELECT ON " +
            refused.stream().map(Publications.Table::quoted).collect(Collectors.joining(", ")) + " TO " + user + ";";
        findings.add(options.snapshot() == SnapshotMode.NEVER ?
            PreflightFinding.warning("select right", "missing, which matters for a snapshot", grants) :
            PreflightFinding.failed("select right", "missing on " + refused, grants));
    }

    private void replicaIdentities(final List<Publications.Table> tables) throws SQLException {
        int fine = 0;
        for (final Publications.Table table : tables) {
            final boolean identified = server.is(
                "SELECT CASE c.relreplident WHEN 'f' THEN true WHEN 'n' THEN false WHEN 'i' THEN EXISTS (" +
                "SELECT 1 FROM pg_index i WHERE i.indrelid = c.oid AND i.indisreplident) ELSE EXISTS (" +
                "SELECT 1 FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary) END " +
                "FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = ? AND c.relname = ?",
                table.schema(), table.name());
            if (identified) {
                fine++;
            } else {
                findings.add(PreflightFinding.warning("replica identity", table + " has neither a primary key nor " +
                    "REPLICA IDENTITY FULL: the server refuses to update and delete its rows while it is published",
                    "ALTER TABLE " + table.quoted() + " ADD PRIMARY KEY (...); or ALTER TABLE " + table.quoted() +
                        " REPLICA IDENTITY FULL;"));
            }
        }
        if (fine > 0) {
            findings.add(PreflightFinding.ok("replica identity", fine + " tables have one"));
        }
    }
}
