package io.headrace.perf.postgres;

import org.postgresql.PGConnection;
import org.postgresql.PGProperty;
import org.postgresql.replication.PGReplicationStream;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import java.util.concurrent.TimeUnit;

/**
 * A thread of its own: the least that a program can do with the driver to see a table's inserts. It reads pending
 * messages in a loop, takes the first column out of each insert, and lets the driver send a status every 10 ms, which
 * wakes a server process that missed its wake-up.
 *
 * <p>With {@code yielding} it waits as the source does under {@code idle: yield}. Without, it waits as the driver does:
 * an attempt to read finds nothing and blocks in the kernel for up to a millisecond.
 */
final class BareReader implements AutoCloseable, Runnable {
    private static final int STATUS_INTERVAL_MS = 10;
    private static final long STATUS_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(STATUS_INTERVAL_MS);
    private static final long LOOK_NS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final long JOIN_MS = 5_000;
    /** Type, relation, part, column count and the kind of the first column stand before its length. */
    private static final int FIRST_LENGTH_AT = 9;

    private final Connection connection;
    private final PGReplicationStream stream;
    private final InputStream rawInput;
    private final RowReceiver receiver;
    private final boolean yielding;
    private final Thread thread = new Thread(this, "bare-reader");
    private volatile boolean closed;
    private volatile Exception failure;

    BareReader(
        final MeasuredServer server, final String name, final RowReceiver receiver, final boolean yielding)
        throws SQLException, IOException {
        this.receiver = receiver;
        this.yielding = yielding;
        server.query("SELECT pg_create_logical_replication_slot('" + name + "', 'pgoutput')");
        final Properties properties = new Properties();
        PGProperty.USER.set(properties, MeasuredServer.USER);
        PGProperty.PASSWORD.set(properties, MeasuredServer.PASSWORD);
        PGProperty.ASSUME_MIN_SERVER_VERSION.set(properties, "14");
        PGProperty.REPLICATION.set(properties, "database");
        PGProperty.PREFER_QUERY_MODE.set(properties, "simple");
        PGProperty.SOCKET_FACTORY.set(properties, CapturedSocketFactory.class.getName());
        connection = DriverManager.getConnection(
            "jdbc:postgresql://127.0.0.1:" + server.port() + "/" + MeasuredServer.DATABASE, properties);
        rawInput = CapturedSocketFactory.lastSocket().getInputStream();
        stream = connection.unwrap(PGConnection.class).getReplicationAPI().replicationStream().logical()
            .withSlotName(name)
            .withStatusInterval(STATUS_INTERVAL_MS, TimeUnit.MILLISECONDS)
            .withAutomaticFlush(false)
            .withSlotOption("proto_version", "1")
            .withSlotOption("publication_names", name)
            .start();
        thread.start();
    }

    @Override
    public void run() {
        try {
            follow();
        } catch (final SQLException | IOException e) {
            if (!closed) {
                failure = e;
                System.err.println("The bare reader failed: " + e);
            }
        }
    }

    private void follow() throws SQLException, IOException {
        boolean drained = true;
        long lastMessageNs = System.nanoTime();
        while (!closed) {
            if (yielding && drained) {
                awaitInput(lastMessageNs);
            }
            final ByteBuffer message = stream.readPending();
            if (message == null) {
                drained = true;
                continue;
            }
            final byte type = message.get(message.position());
            if (type == 'I') {
                final long receivedNs = System.nanoTime();
                receiver.onRow(receivedNs, firstColumn(message));
            }
            lastMessageNs = System.nanoTime();
            // One transaction at a time: behind its commit the driver's buffer is empty, and an attempt would block.
            drained = type == 'C';
        }
    }

    /** Only what arrives in several transactions at once is read a little later than it could be. */
    private void awaitInput(final long lastMessageNs) throws IOException {
        final long beginNs = System.nanoTime();
        long nowNs = beginNs;
        while (nowNs - lastMessageNs < LOOK_NS && nowNs - beginNs < STATUS_INTERVAL_NS && rawInput.available() == 0) {
            Thread.yield();
            nowNs = System.nanoTime();
        }
    }

    private static long firstColumn(final ByteBuffer insert) {
        final int at = insert.position() + FIRST_LENGTH_AT;
        final int length = insert.getInt(at);
        long value = 0;
        for (int i = at + Integer.BYTES; i < at + Integer.BYTES + length; i++) {
            value = value * 10 + insert.get(i) - '0';
        }
        return value;
    }

    @Override
    public void close() throws SQLException {
        closed = true;
        try {
            thread.join(JOIN_MS);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        stream.close();
        connection.close();
        if (failure != null) {
            throw new IllegalStateException("the bare reader failed", failure);
        }
    }
}
