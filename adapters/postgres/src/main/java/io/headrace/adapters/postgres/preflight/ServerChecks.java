package io.headrace.adapters.postgres.preflight;

import io.headrace.adapters.postgres.PostgresSourceOptions;
import io.headrace.adapters.postgres.SnapshotMode;
import io.headrace.adapters.postgres.replication.ServerFacts;
import io.headrace.adapters.postgres.replication.Slots;
import io.headrace.bus.adapter.PreflightFinding;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The thread of the command: the server's settings, the slot and the user. */
final class ServerChecks {
    private static final int MIN_VERSION = 140_000;
    private static final int SHORT_TIMEOUT_MS = 5_000;

    private final PostgresSourceOptions options;
    private final Server server;
    private final List<PreflightFinding> findings = new ArrayList<>();

    ServerChecks(final PostgresSourceOptions options, final Server server) {
        this.options = options;
        this.server = server;
    }

    static String replicationRight(final PostgresSourceOptions options) {
        return "ALTER ROLE " + Server.quote(options.user()) + " REPLICATION;";
    }

    List<PreflightFinding> run() throws SQLException {
        version();
        walLevel();
        final Slots.Slot slot = Slots.find(server.connection(), options.slotName());
        replicationSlots(slot);
        walSenders();
        role();
        slot(slot);
        walSenderTimeout();
        keptLog();
        synchronousCommit();
        encryption();
        return findings;
    }

    private void ok(final String check, final String found) {
        findings.add(PreflightFinding.ok(check, found));
    }

    private void warning(final String check, final String found, final String remedy) {
        findings.add(PreflightFinding.warning(check, found, remedy));
    }

    private void failed(final String check, final String found, final String remedy) {
        findings.add(PreflightFinding.failed(check, found, remedy));
    }

    private void version() throws SQLException {
        final String version = server.setting("server_version");
        if (ServerFacts.version(server.connection()) < MIN_VERSION) {
            failed("server version", version, "upgrade to PostgreSQL 14 or newer");
        } else {
            ok("server version", version);
        }
    }

    private void walLevel() throws SQLException {
        final String level = server.setting("wal_level");
        if ("logical".equals(level)) {
            ok("wal_level", level);
        } else {
            failed("wal_level", level, "ALTER SYSTEM SET wal_level = 'logical'; then restart the server");
        }
    }

    private void replicationSlots(final Slots.Slot slot) throws SQLException {
        final long max = Long.parseLong(server.setting("max_replication_slots"));
        final long used = server.number("SELECT count(*) FROM pg_replication_slots");
        final long needed = slot != null ? 0 : options.snapshot() == SnapshotMode.INITIAL ? 2 : 1;
        final String found = used + " of " + max + " used, " + needed + " more needed";
        if (max - used < needed) {
            failed("max_replication_slots", found, "ALTER SYSTEM SET max_replication_slots = " +
                (used + needed + 2) + "; then restart the server. Or drop a slot that nobody uses: " +
                "SELECT slot_name FROM pg_replication_slots WHERE NOT active;");
        } else {
            ok("max_replication_slots", found);
        }
    }

    private void walSenders() throws SQLException {
        final long max = Long.parseLong(server.setting("max_wal_senders"));
        final long used = server.number("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'walsender'");
        final String found = used + " of " + max + " used";
        if (used >= max) {
            failed("max_wal_senders", found,
                "ALTER SYSTEM SET max_wal_senders = " + (max + 5) + "; then restart the server");
        } else {
            ok("max_wal_senders", found);
        }
    }

    private void role() throws SQLException {
        if (server.is("SELECT rolreplication OR rolsuper FROM pg_roles WHERE rolname = current_user")) {
            ok("replication right", options.user() + " has it");
        } else {
            failed("replication right", options.user() + " does not have it", replicationRight(options));
        }
    }

    private void slot(final Slots.Slot slot) {
        final String drop = "SELECT pg_drop_replication_slot('" + options.slotName() + "'); or set another slot-name";
        if (slot == null) {
            ok("slot", options.slotName() + " does not exist and will be made" +
                (options.snapshot() == SnapshotMode.INITIAL ? ", with a snapshot" : ""));
        } else if (!"pgoutput".equals(slot.plugin()) || !options.database().equals(slot.database())) {
            failed("slot", options.slotName() + " belongs to plugin " + slot.plugin() + " and database " +
                slot.database(), drop);
        } else if ("lost".equals(slot.walStatus())) {
            failed("slot", options.slotName() + " is lost: the server threw away log that it needs",
                drop + "; then take a new snapshot");
        } else if (slot.activePid() != 0) {
            failed("slot", options.slotName() + " is in use by process " + slot.activePid(),
                "stop the service that uses it, or SELECT pg_terminate_backend(" + slot.activePid() + ");");
        } else if ("unreserved".equals(slot.walStatus())) {
            warning("slot", options.slotName() + " holds more log than max_slot_wal_keep_size",
                "start the source soon, or raise that setting: ALTER SYSTEM SET max_slot_wal_keep_size = '...';");
        } else {
            ok("slot", options.slotName() + " exists, wal_status " + slot.walStatus());
        }
    }

    private void walSenderTimeout() throws SQLException {
        final long timeoutMs = server.number(
            "SELECT setting FROM pg_settings WHERE name = 'wal_sender_timeout'");
        if (timeoutMs == 0) {
            warning("wal_sender_timeout", "0: the server never gives up on a lost connection, and keeps its slot busy",
                "ALTER SYSTEM SET wal_sender_timeout = '60s'; SELECT pg_reload_conf();");
        } else if (timeoutMs < SHORT_TIMEOUT_MS) {
            warning("wal_sender_timeout", timeoutMs + " ms: a pause of this host may end the connection",
                "ALTER SYSTEM SET wal_sender_timeout = '60s'; SELECT pg_reload_conf();");
        } else {
            ok("wal_sender_timeout", timeoutMs + " ms");
        }
    }

    private void keptLog() throws SQLException {
        final String size = server.setting("max_slot_wal_keep_size");
        if ("-1".equals(size)) {
            warning("max_slot_wal_keep_size", "-1: while the source is stopped the server keeps its log without bound",
                "ALTER SYSTEM SET max_slot_wal_keep_size = '50GB'; SELECT pg_reload_conf(); a source that is away " +
                    "for longer than that needs a new snapshot");
        } else {
            ok("max_slot_wal_keep_size", size);
        }
    }

    /** Asked for the database, as a role or a session may set it otherwise. */
    private void synchronousCommit() throws SQLException {
        final String setting = server.value("SELECT reset_val FROM pg_settings WHERE name = 'synchronous_commit'");
        if ("off".equals(setting)) {
            warning("synchronous_commit", "off: a commit is seen only when the log is next written, about 0.2 s later",
                "ALTER SYSTEM SET synchronous_commit = 'on'; SELECT pg_reload_conf();");
        } else {
            ok("synchronous_commit", setting);
        }
    }

    private void encryption() throws SQLException {
        final boolean local = server.is("SELECT inet_client_addr() IS NULL OR inet_client_addr() = inet_server_addr()");
        if (server.is("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")) {
            ok("encryption", "the connection is encrypted");
        } else if (local) {
            ok("encryption", "not encrypted, but it does not leave the host");
        } else {
            warning("encryption", "passwords are protected, data are not encrypted",
                "ALTER SYSTEM SET ssl = on; with a certificate, and set tls.mode: verify-full");
        }
    }
}
