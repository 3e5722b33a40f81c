package io.headrace.adapters.postgres.replication;

import io.headrace.adapters.postgres.Idle;
import org.agrona.concurrent.NanoClock;
import org.postgresql.replication.LogSequenceNumber;
import org.postgresql.replication.PGReplicationStream;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;

/**
 * The source's thread: waits for the next message of the stream without ever falling silent. The driver sends a status
 * with any read once the interval has passed, so a wait is never longer than that: a server process that missed the
 * wake-up for a commit goes on when a status arrives. Under {@link Idle#ECO}, a second after the last message, waits
 * become five times as long: each wait and status costs both hosts a fraction of a millisecond of processor time.
 *
 * <p>Every second without a message a status asks for an answer, from which the server's place in the log is known.
 */
final class StreamPoller {
    private static final long ECO_LOOK_NS = TimeUnit.MICROSECONDS.toNanos(200);
    private static final long YIELD_LOOK_NS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final long ASK_INTERVAL_NS = TimeUnit.SECONDS.toNanos(1);
    private static final int END_OF_STREAM_PROBE_MS = 1;
    private static final long REST_AFTER_NS = TimeUnit.SECONDS.toNanos(1);
    private static final int REST_FACTOR = 5;

    private final PGReplicationStream stream;
    private final PollingSocket socket;
    private final NanoClock clock;
    private final Idle idle;
    private final int waitMs;
    private final int restMs;
    private final long waitNs;
    private final long lookNs;
    private boolean drained;
    private long lastMessageNs;
    private long lastAskNs;
    private long lastProbeNs;
    private long flushedLsn;

    StreamPoller(
        final PGReplicationStream stream,
        final PollingSocket socket,
        final NanoClock clock,
        final Idle idle,
        final int statusIntervalMs) {
        this.stream = stream;
        this.socket = socket;
        this.clock = clock;
        this.idle = idle;
        waitMs = statusIntervalMs;
        restMs = idle == Idle.ECO ? REST_FACTOR * statusIntervalMs : statusIntervalMs;
        waitNs = TimeUnit.MILLISECONDS.toNanos(statusIntervalMs);
        lookNs = switch (idle) {
            case ECO -> ECO_LOOK_NS;
            case YIELD -> YIELD_LOOK_NS;
            case SPIN -> Long.MAX_VALUE;
        };
        lastMessageNs = clock.nanoTime();
        lastAskNs = lastMessageNs;
        lastProbeNs = lastMessageNs;
    }

    /**
     * The next message.
     *
     * @return the message, or null when there was none for a while, of at most five status intervals.
     */
    ByteBuffer poll() throws SQLException, IOException {
        if (drained) {
            waitForInput();
        }
        final ByteBuffer message = stream.readPending();
        drained = message == null;
        if (!drained) {
            lastMessageNs = clock.nanoTime();
        }
        return message;
    }

    private void waitForInput() throws SQLException, IOException {
        long nowNs = clock.nanoTime();
        if (nowNs - lastAskNs >= ASK_INTERVAL_NS && nowNs - lastMessageNs >= ASK_INTERVAL_NS) {
            askForPosition();
        }
        while (nowNs - lastMessageNs < lookNs) {
            if (socket.hasInput()) {
                return;
            }
            if (nowNs - lastProbeNs >= waitNs) {
                // Looking does not see the end of the stream, and the next read sends the status.
                lastProbeNs = nowNs;
                socket.awaitInput(END_OF_STREAM_PROBE_MS);
                return;
            }
            if (idle == Idle.SPIN) {
                Thread.onSpinWait();
            } else {
                // The server may run on this host, and need the core for what is looked for.
                Thread.yield();
            }
            nowNs = clock.nanoTime();
        }
        socket.awaitInput(nowNs - lastMessageNs < REST_AFTER_NS ? waitMs : restMs);
    }

    /** Tells the server that the source is alive, and asks where it is. */
    void askForPosition() throws SQLException {
        lastAskNs = clock.nanoTime();
        stream.forceUpdateStatus();
    }

    /** As {@link #askForPosition()}, but only if the last time was a second ago. */
    void keepAlive() throws SQLException {
        if (clock.nanoTime() - lastAskNs >= ASK_INTERVAL_NS) {
            askForPosition();
        }
    }

    /** Where the last message began, or a later place that the server named since. */
    long receivedLsn() {
        return stream.getLastReceiveLSN().asLong();
    }

    /** Says with the next status that everything before this place need not be kept. */
    void confirm(final long lsn) {
        if (lsn != flushedLsn) {
            flushedLsn = lsn;
            final LogSequenceNumber flushed = LogSequenceNumber.valueOf(lsn);
            stream.setFlushedLSN(flushed);
            stream.setAppliedLSN(flushed);
        }
    }
}
