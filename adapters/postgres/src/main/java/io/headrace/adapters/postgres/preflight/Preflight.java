package io.headrace.adapters.postgres.preflight;

import io.headrace.adapters.postgres.PostgresSourceOptions;
import io.headrace.adapters.postgres.replication.Connections;
import io.headrace.adapters.postgres.replication.Remedies;
import io.headrace.adapters.postgres.replication.ReplicationConnection;
import io.headrace.bus.adapter.PreflightFinding;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * The thread of the command: checks a server in the order in which a person would mend it, and changes nothing on it.
 * Each failed check comes with the statement or the setting that mends it.
 */
public final class Preflight {
    private static final String NAME = "preflight";
    private static final int ANSWER_TIMEOUT_MS = 10_000;

    private final PostgresSourceOptions options;
    private final Connections connections;
    private final List<PreflightFinding> findings = new ArrayList<>();

    /**
     * A check.
     *
     * @param options of the source.
     */
    public Preflight(final PostgresSourceOptions options) {
        this.options = options;
        connections = new Connections(options, NAME);
    }

    /**
     * Looks at everything that can be looked at.
     *
     * @return one finding for each thing.
     */
    public List<PreflightFinding> run() {
        try (Connection connection = connections.open(ANSWER_TIMEOUT_MS)) {
            findings.add(PreflightFinding.ok("connection", "connected to " + connections));
            final Server server = new Server(connection);
            findings.addAll(new ServerChecks(options, server).run());
            replicationConnection();
            findings.addAll(new TableChecks(options, server).run());
        } catch (final SQLException e) {
            findings.add(PreflightFinding.failed(
                findings.isEmpty() ? "connection" : "query", e.getMessage(), remedy(e)));
        }
        return findings;
    }

    private String remedy(final SQLException failure) {
        final String state = failure.getSQLState() == null ? "" : failure.getSQLState();
        return switch (state) {
            case "28P01", "28000" -> "ALTER ROLE " + Server.quote(options.user()) + " LOGIN PASSWORD '...'; and in " +
                "pg_hba.conf: " + hbaLine() + ", then SELECT pg_reload_conf();";
            case "3D000" -> "CREATE DATABASE " + Server.quote(options.database()) + "; or mend the option database";
            default -> Remedies.of(failure, connections);
        };
    }

    private String hbaLine() {
        return "host " + options.database() + " " + options.user() + " <address of this host>/32 scram-sha-256";
    }

    /** A logical replication connection is let in by the lines for its database, as any other; only rights differ. */
    private void replicationConnection() {
        try (ReplicationConnection connection = connections.openReplication()) {
            findings.add(PreflightFinding.ok(
                "replication connection", "let in, system " + connection.identifySystem()));
        } catch (final SQLException e) {
            findings.add(PreflightFinding.failed("replication connection", e.getMessage(),
                "42501".equals(e.getSQLState()) ? ServerChecks.replicationRight(options) :
                    "in pg_hba.conf: " + hbaLine() + ", then SELECT pg_reload_conf();"));
        }
    }
}
