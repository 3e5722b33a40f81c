package io.headrace.adapters.postgres.replication;

import io.headrace.adapters.postgres.pgoutput.Lsn;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** The source's thread, without state: looks at replication slots, copies and drops them, on an ordinary connection. */
public final class Slots {
    private static final Logger LOG = LoggerFactory.getLogger(Slots.class);
    private static final String OBJECT_IN_USE = "55006";
    private static final int DROP_ATTEMPTS = 50;
    private static final long DROP_RETRY_MS = 20;

    private Slots() {
    }

    /**
     * Looks for a slot.
     *
     * @param connection to ask on.
     * @param name       of the slot.
     * @return what is known of it, or null when there is none.
     * @throws SQLException when the server cannot be asked.
     */
    public static Slot find(final Connection connection, final String name) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
            "SELECT plugin, database, active_pid, temporary, wal_status, confirmed_flush_lsn::text, slot_type " +
            "FROM pg_replication_slots WHERE slot_name = ?")) {
            statement.setString(1, name);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? new Slot(
                    name,
                    row.getString(1),
                    row.getString(2),
                    row.getInt(3),
                    row.getBoolean(4),
                    row.getString(5) == null ? "" : row.getString(5),
                    Lsn.parse(row.getString(6)),
                    row.getString(7)) : null;
            }
        }
    }

    /** Makes a lasting slot at the place of another one. */
    static void copy(final Connection connection, final String from, final String to) throws SQLException {
        try (PreparedStatement statement =
            connection.prepareStatement("SELECT pg_copy_logical_replication_slot(?, ?, false)")) {
            statement.setString(1, from);
            statement.setString(2, to);
            statement.execute();
        }
    }

    /**
     * Drops a slot. The server may need a moment to see that its last connection is gone.
     *
     * @param connection to work on.
     * @param name       of the slot.
     * @throws SQLException         when it stays in use or cannot be dropped.
     * @throws InterruptedException when the thread was interrupted in between.
     */
    static void drop(final Connection connection, final String name) throws SQLException, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try (PreparedStatement statement = connection.prepareStatement("SELECT pg_drop_replication_slot(?)")) {
                statement.setString(1, name);
                statement.execute();
                LOG.info("Dropped replication slot {}", name);
                return;
            } catch (final SQLException e) {
                if (!OBJECT_IN_USE.equals(e.getSQLState()) || attempt == DROP_ATTEMPTS) {
                    throw e;
                }
                Thread.sleep(DROP_RETRY_MS);
            }
        }
    }

    /**
     * A replication slot.
     *
     * @param name         of the slot.
     * @param plugin       that decodes, null for a physical slot.
     * @param database     that it reads, null for a physical slot.
     * @param activePid    of the server process that uses it, 0 for none.
     * @param temporary    whether it ends with its session.
     * @param walStatus    reserved, extended, unreserved, lost, or empty.
     * @param confirmedLsn up to where its reader has confirmed.
     * @param slotType     logical or physical.
     */
    public record Slot(
        String name,
        String plugin,
        String database,
        int activePid,
        boolean temporary,
        String walStatus,
        long confirmedLsn,
        String slotType) {
    }
}
