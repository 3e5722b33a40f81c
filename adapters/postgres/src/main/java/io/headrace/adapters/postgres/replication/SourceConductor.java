package io.headrace.adapters.postgres.replication;

import io.headrace.adapters.postgres.PostgresSourceOptions;
import io.headrace.adapters.postgres.SnapshotMode;
import io.headrace.adapters.postgres.Streaming;
import io.headrace.adapters.postgres.pgoutput.Catalog;
import io.headrace.adapters.postgres.pgoutput.ChangePublisher;
import io.headrace.adapters.postgres.pgoutput.DecoderSettings;
import io.headrace.adapters.postgres.pgoutput.FatalSourceException;
import io.headrace.adapters.postgres.pgoutput.Lsn;
import io.headrace.adapters.postgres.pgoutput.PgOutputDecoder;
import io.headrace.adapters.postgres.pgoutput.PublishCounters;
import io.headrace.adapters.postgres.pgoutput.SourceStoppedException;
import io.headrace.bus.adapter.RecordedSource;
import io.headrace.bus.adapter.SourceContext;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.AtomicCounter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Owns the source's thread and runs on it: connects, takes the snapshot, follows the stream, and begins again after a
 * failure, until it is closed or only a person can help.
 *
 * <pre>
 *  CONNECTING ──▶ SNAPSHOT ──▶ STREAMING ──▶ CLOSED
 *      ▲  └───────────────────────▲ │
 *      └──────── WAITING ◀──────────┘ failure            FAILED: a person must act
 * </pre>
 *
 * <p>The publisher, the confirmations and the policy live as long as the conductor, everything else as long as a
 * connection.
 */
public final class SourceConductor implements AutoCloseable {
    /** Whether publishing is to end: not, at the end of the transaction in hand, or in the middle of it. */
    private enum Quiescence { NOT_ASKED, AFTER_TRANSACTION, NOW }

    private enum State { CONNECTING, SNAPSHOT, STREAMING, WAITING, FAILED, CLOSED }

    private static final Logger LOG = LoggerFactory.getLogger(SourceConductor.class);
    private static final int ANSWER_TIMEOUT_MS = 30_000;
    private static final int CONFIRM_INTERVAL = 64;
    private static final long JOIN_MS = 5_000;
    private static final long FINISH_LOOK_NS = 1_000_000;
    private static final long FINISH_WARNING_NS = TimeUnit.SECONDS.toNanos(10);
    private static final long QUIESCE_TRANSACTION_MS = 2_000;
    private static final long QUIESCE_MESSAGE_MS = 1_000;
    private static final long STEADY_NS = TimeUnit.SECONDS.toNanos(10);

    private final PostgresSourceOptions options;
    private final SourceContext context;
    private final Connections connections;
    private final DecoderSettings settings;
    private final ChangePublisher publisher;
    private final Confirmations confirmations = new Confirmations();
    private final Backoff backoff;
    private final SlotMonitor monitor;
    private final AtomicCounter reconnects;
    private final AtomicCounter gaps;
    private final AtomicCounter snapshotTables;
    private final CountDownLatch closing = new CountDownLatch(1);
    /** From the end on, be it quiescence or the close, no further attempt to connect is made. */
    private final CountDownLatch ending = new CountDownLatch(1);
    /** From quiet on nothing more is published, but what gets finished is still confirmed. */
    private final CountDownLatch quiet = new CountDownLatch(1);
    private volatile Quiescence quiescence = Quiescence.NOT_ASKED;
    private final Thread thread;
    private final UnsafeBuffer message = new UnsafeBuffer(0, 0);
    private volatile Connection interruptible;
    private volatile ReplicationConnection replication;
    private State state = State.CONNECTING;
    private StreamPoller poller;
    private SlotPolicy policy;
    /** What an earlier process published and the event log holds counts as finished. */
    private long recordedSequence = -1;
    private ServerIdentity server;
    private int serverVersion;

    /**
     * Builds the source whole; nothing runs before {@link #start()}.
     *
     * @param options valid options.
     * @param context of the source.
     */
    public SourceConductor(final PostgresSourceOptions options, final SourceContext context) {
        this.options = options;
        this.context = context;
        connections = new Connections(options, context.name());
        settings = new DecoderSettings(
            context.name(),
            options.tables(),
            options.messages(),
            options.messageContentType(),
            SlotMonitor.HEARTBEAT_PREFIX,
            Path.of(options.spillDirectory().orElse(System.getProperty("java.io.tmpdir"))),
            options.spillLimit().bytes());
        publisher = new ChangePublisher(
            context.publisher(),
            context.name(),
            this::duty,
            PublishCounters.of(context::counter),
            context.epochClock());
        backoff = new Backoff(options.reconnectMinBackoff().toNanos(), options.reconnectMaxBackoff().toNanos());
        monitor = new SlotMonitor(options, context, connections);
        reconnects = context.counter("reconnects");
        gaps = context.counter("stream-gaps");
        snapshotTables = context.counter("snapshot-tables");
        thread = new Thread(this::run, "postgres-" + context.name());
    }

    /** Starts the source's threads. */
    public void start() {
        thread.start();
        monitor.start();
    }

    private void run() {
        try {
            resume();
        } catch (final RuntimeException | Error e) {
            fail(e.getMessage(), e);
        }
        while (closing.getCount() > 0 && quiescence == Quiescence.NOT_ASKED && state != State.FAILED) {
            try {
                session();
                break;
            } catch (final SourceStoppedException e) {
                break;
            } catch (final FatalSourceException e) {
                fail(e.getMessage(), e);
            } catch (final SQLException e) {
                retry(e.getMessage() + "; " + Remedies.of(e, connections));
            } catch (final NotReadyException | UncheckedIOException e) {
                retry(e.getMessage());
            } catch (final Catalog.CatalogException e) {
                retry(e.getMessage() + ": " + e.getCause().getMessage());
            } catch (final IOException e) {
                retry("the connection to " + connections + " broke: " + e.getMessage());
            } catch (final InterruptedException e) {
                break;
            } catch (final RuntimeException | Error e) {
                fail("an error in the program: " + e + "; please report it with the log", e);
            }
        }
        quiet.countDown();
        if (state != State.FAILED) {
            state(State.CLOSED, "the source was closed or is done");
        }
    }

    private void resume() {
        final RecordedSource recorded = context.recorded().orElse(null);
        policy = new SlotPolicy(options, context.durable(), recorded);
        if (recorded != null) {
            publisher.resume(recorded);
            recordedSequence = recorded.lastSequence();
            LOG.info("{}: events up to {} are recorded{}", context.name(), Lsn.format(publisher.publishedLsn()),
                recorded.openTransaction() ? ", the last transaction in part" : "");
        }
    }

    private long finishedSequence() {
        return Math.max(recordedSequence, context.finishedSequence());
    }

    private void state(final State newState, final String reason) {
        LOG.info("{}: {} -> {}: {}", context.name(), state, newState, reason);
        state = newState;
    }

    private void fail(final String reason, final Throwable failure) {
        LOG.error("{}: the source stopped: {}", context.name(), reason, failure);
        context.health().failed(reason);
        state(State.FAILED, reason);
    }

    private void retry(final String reason) {
        if (closing.getCount() == 0 || quiescence != Quiescence.NOT_ASKED) {
            return;
        }
        reconnects.increment();
        context.health().down(reason);
        final long waitNs = backoff.nextNs();
        state(State.WAITING, reason + " (again in " + TimeUnit.NANOSECONDS.toMillis(waitNs) + " ms)");
        try {
            ending.await(waitNs, TimeUnit.NANOSECONDS);
        } catch (final InterruptedException e) {
            LOG.debug("{}: interrupted while waiting to connect", context.name());
        }
    }

    private void session() throws SQLException, IOException, InterruptedException {
        state(State.CONNECTING, "to " + connections);
        final Slots.Slot slot = prepare();
        try (ReplicationConnection connection = connections.openReplication()) {
            replication = connection;
            final ServerIdentity identity = connection.identifySystem();
            identity.requireOriginOf(server, publisher.publishedLsn());
            server = identity;
            final SlotPolicy.Action action = policy.next(slot, publisher.publishedLsn());
            switch (action) {
                case CREATE -> {
                    beginAnew();
                    connection.createSlot(options.slotName(), options.temporarySlot());
                }
                case SNAPSHOT -> takeSnapshot(connection, slot != null && options.snapshot() != SnapshotMode.ONLY);
                case DONE -> LOG.info("{}: the snapshot is recorded; nothing is left to do", context.name());
                case FOLLOW -> LOG.debug("{}: slot {} is there", context.name(), options.slotName());
            }
            if (options.snapshot() == SnapshotMode.ONLY) {
                context.health().up();
            } else {
                stream(connection);
            }
        } finally {
            replication = null;
        }
    }

    /** Checks what must be there, makes the publication if asked to, and looks for the slot. */
    private Slots.Slot prepare() throws SQLException {
        try (Connection connection = connections.open(ANSWER_TIMEOUT_MS)) {
            serverVersion = ServerFacts.version(connection);
            ServerFacts.requireLogicalDecoding(connection, serverVersion);
            Publications.ensure(connection, options);
            final Slots.Slot slot = Slots.find(connection, options.slotName());
            return slot == null || slot.temporary() ? null : slot;
        }
    }

    /** A new slot gives nothing of what came before it. */
    private void beginAnew() {
        if (policy.leavesGap()) {
            gaps.increment();
            LOG.warn("{}: the slot is gone, or ended with its connection; changes since {} are missing",
                context.name(), Lsn.format(publisher.publishedLsn()));
        }
        if (publisher.closeTransaction()) {
            LOG.warn("{}: the transaction at {} was published in part and is closed, as its rest will not come",
                context.name(), Lsn.format(publisher.publishedLsn()));
        }
    }

    private void takeSnapshot(final ReplicationConnection connection, final boolean slotThere)
        throws SQLException, InterruptedException {
        beginAnew();
        if (slotThere) {
            LOG.warn("{}: slot {} is there, but no whole snapshot is recorded; a new one is taken", context.name(),
                options.slotName());
            try (Connection dropper = connections.open(ANSWER_TIMEOUT_MS)) {
                Slots.drop(dropper, options.slotName());
            }
        }
        // Until every row is where it belongs there is only a temporary slot. Whatever goes wrong before that, the
        // server forgets it with the connection, and the next attempt takes a whole snapshot again. The mark of its
        // end follows when the slot lasts: a slot without a recorded mark is not trusted.
        state(State.SNAPSHOT, "slot " + options.slotName() + " does not exist; an interrupted snapshot starts again");
        final String name = options.temporarySlot() ? options.slotName() : options.slotName() + "_snapshot";
        final long timeNs = context.epochClock().nanoTime();
        final ReplicationConnection.CreatedSlot slot = connection.createSlot(name, true);
        try (Connection reader = connections.open(0)) {
            interruptible = reader;
            new Snapshot(reader, settings, publisher, this::duty, snapshotTables, serverVersion)
                .run(options.publication(), slot, timeNs);
            awaitFinished(publisher.lastSequence());
            if (!options.temporarySlot() && options.snapshot() == SnapshotMode.INITIAL) {
                Slots.copy(reader, name, options.slotName());
            }
        } finally {
            interruptible = null;
        }
        publisher.endSnapshot(timeNs);
        policy.onSnapshotTaken();
        LOG.info("{}: the snapshot at {} is complete", context.name(), Lsn.format(slot.consistentPoint()));
        if (options.snapshot() != SnapshotMode.ONLY && !options.temporarySlot()) {
            connection.dropSlot(name);
        }
    }

    /** A crash after the slot lasts would leave out rows that are neither recorded nor finished. */
    private void awaitFinished(final long sequence) {
        final long beginNs = context.nanoClock().nanoTime();
        boolean warned = false;
        while (finishedSequence() < sequence) {
            duty();
            LockSupport.parkNanos(FINISH_LOOK_NS);
            if (!warned && context.nanoClock().nanoTime() - beginNs > FINISH_WARNING_NS) {
                warned = true;
                context.health().degraded(context.durable() ?
                    "the stream waits until the snapshot's rows are recorded; look at the event log" :
                    "the stream waits until every subscription has finished the snapshot's rows; find the slow one");
            }
        }
    }

    private void stream(final ReplicationConnection connection)
        throws SQLException, IOException, InterruptedException {
        final int statusIntervalMs = (int)options.statusInterval().toMillis();
        try (JdbcCatalog catalog = new JdbcCatalog(connections);
            PgOutputDecoder decoder =
                new PgOutputDecoder(settings, catalog, publisher, confirmations, this::duty)) {
            final var stream = connection.start(options.slotName(), statusIntervalMs, pluginOptions());
            poller = new StreamPoller(
                stream, connection.socket(), context.nanoClock(), options.idle(), statusIntervalMs);
            policy.onFollowed();
            context.health().up();
            state(State.STREAMING, "slot " + options.slotName());
            follow(decoder);
            confirmUntilClosed();
            poller.confirm(confirmations.advance(finishedSequence()));
            poller.askForPosition();
            stream.close();
        } finally {
            poller = null;
        }
    }

    private Properties pluginOptions() {
        final boolean streaming = options.streaming() == Streaming.ON;
        final Properties properties = new Properties();
        properties.setProperty("proto_version", streaming ? "2" : "1");
        properties.setProperty("publication_names", Publications.quote(options.publication()).replace("'", "''"));
        if (streaming) {
            properties.setProperty("streaming", "on");
        }
        if (!options.messages().isEmpty()) {
            properties.setProperty("messages", "on");
        }
        return properties;
    }

    private void follow(final PgOutputDecoder decoder) throws SQLException, IOException {
        final long beginNs = context.nanoClock().nanoTime();
        boolean steady = false;
        int sinceConfirm = 0;
        while (closing.getCount() > 0 && !quiesced(decoder)) {
            final ByteBuffer next = poller.poll();
            if (next != null) {
                message.wrap(next.array());
                decoder.onMessage(
                    message, next.arrayOffset() + next.position(), next.remaining(), poller.receivedLsn());
            }
            if (next == null || ++sinceConfirm == CONFIRM_INTERVAL) {
                sinceConfirm = 0;
                confirm(next == null && !decoder.inTransaction());
                if (!steady && context.nanoClock().nanoTime() - beginNs > STEADY_NS) {
                    steady = true;
                    backoff.reset();
                }
            }
        }
    }

    private boolean quiesced(final PgOutputDecoder decoder) {
        return quiescence == Quiescence.NOW
            || quiescence == Quiescence.AFTER_TRANSACTION && !decoder.inTransaction();
    }

    /** The bus drains now: what it finishes need not be read again after a restart. */
    private void confirmUntilClosed() throws InterruptedException {
        quiet.countDown();
        while (!closing.await(FINISH_LOOK_NS, TimeUnit.NANOSECONDS)) {
            confirmAndKeepAlive();
        }
    }

    private void confirm(final boolean idle) {
        long lsn = confirmations.advance(finishedSequence());
        if (idle && confirmations.isEmpty()) {
            lsn = confirmations.raise(poller.receivedLsn());
        }
        poller.confirm(lsn);
    }

    /** Done while the bus has no room, and during long transactions. */
    private void duty() {
        // Outside the stream there is nothing to confirm later, and a snapshot begins again anyhow.
        if (closing.getCount() == 0 || poller == null && quiescence != Quiescence.NOT_ASKED) {
            throw new SourceStoppedException();
        }
        confirmAndKeepAlive();
    }

    private void confirmAndKeepAlive() {
        if (poller != null) {
            try {
                poller.confirm(confirmations.advance(finishedSequence()));
                poller.keepAlive();
            } catch (final SQLException e) {
                throw new UncheckedIOException(new IOException("cannot send a status: " + e.getMessage(), e));
            }
        }
    }

    /**
     * Ends publishing: after the transaction in hand, or in its middle when that takes long; it is read again then.
     * Returns when nothing more is published, or the source is stuck in something else than publishing.
     */
    public void quiesce() {
        quiescence = Quiescence.AFTER_TRANSACTION;
        ending.countDown();
        try {
            if (!quiet.await(QUIESCE_TRANSACTION_MS, TimeUnit.MILLISECONDS)) {
                quiescence = Quiescence.NOW;
                if (!quiet.await(QUIESCE_MESSAGE_MS, TimeUnit.MILLISECONDS)) {
                    LOG.warn("{}: the source did not come to rest; it is closed after the bus was drained",
                        context.name());
                }
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        ending.countDown();
        closing.countDown();
        try {
            if (!joined()) {
                LOG.warn("{}: the source is still busy and is interrupted", context.name());
                abort();
                thread.interrupt();
                joined();
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        monitor.close();
    }

    private boolean joined() throws InterruptedException {
        thread.join(JOIN_MS);
        return !thread.isAlive();
    }

    private void abort() {
        try {
            final Connection reader = interruptible;
            if (reader != null) {
                reader.abort(Runnable::run);
            }
            final ReplicationConnection stream = replication;
            if (stream != null) {
                stream.abort();
            }
        } catch (final SQLException e) {
            LOG.warn("{}: a connection could not be aborted: {}", context.name(), e.getMessage());
        }
    }
}
