package io.headrace.adapters.postgres.replication;

import io.headrace.adapters.postgres.pgoutput.Lsn;
import org.postgresql.PGConnection;
import org.postgresql.replication.PGReplicationStream;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import java.util.concurrent.TimeUnit;

/** The source's thread: a connection that speaks the replication protocol. */
public final class ReplicationConnection implements AutoCloseable {
    private final Connection connection;
    private final PollingSocket socket;

    ReplicationConnection(final Connection connection, final PollingSocket socket) {
        this.connection = connection;
        this.socket = socket;
    }

    PollingSocket socket() {
        return socket;
    }

    /** Makes a slot, and exports the snapshot of its consistent point until the next command. */
    CreatedSlot createSlot(final String name, final boolean temporary) throws SQLException {
        final String command = "CREATE_REPLICATION_SLOT " + name + (temporary ? " TEMPORARY" : "") +
            " LOGICAL pgoutput EXPORT_SNAPSHOT";
        try (Statement statement = connection.createStatement();
            ResultSet row = statement.executeQuery(command)) {
            row.next();
            return new CreatedSlot(Lsn.parse(row.getString("consistent_point")), row.getString("snapshot_name"));
        }
    }

    void dropSlot(final String name) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("DROP_REPLICATION_SLOT " + name);
        }
    }

    /** Ends the connection from another thread, in the middle of whatever it does. */
    void abort() throws SQLException {
        connection.abort(Runnable::run);
    }

    /** Starts the stream at the slot's confirmed place. */
    PGReplicationStream start(final String slotName, final int statusIntervalMs, final Properties pluginOptions)
        throws SQLException {
        final PGReplicationStream stream = connection.unwrap(PGConnection.class)
            .getReplicationAPI()
            .replicationStream()
            .logical()
            .withSlotName(slotName)
            .withStatusInterval(statusIntervalMs, TimeUnit.MILLISECONDS)
            .withAutomaticFlush(false)
            .withSlotOptions(pluginOptions)
            .start();
        socket.startPolling();
        return stream;
    }

    /**
     * Identifies the server's system, as a check of whether replication connections are let in.
     *
     * @return which cluster it is, and where its log ends.
     * @throws SQLException when the server refuses.
     */
    public ServerIdentity identifySystem() throws SQLException {
        try (Statement statement = connection.createStatement();
            ResultSet row = statement.executeQuery("IDENTIFY_SYSTEM")) {
            row.next();
            return new ServerIdentity(row.getString("systemid"), Lsn.parse(row.getString("xlogpos")));
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }

    /**
     * A slot just made.
     *
     * @param consistentPoint what was committed before is in the snapshot, the rest in the stream.
     * @param snapshotName    to import.
     */
    record CreatedSlot(long consistentPoint, String snapshotName) {
    }
}
