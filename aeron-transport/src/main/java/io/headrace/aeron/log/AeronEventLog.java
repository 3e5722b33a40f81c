package io.headrace.aeron.log;

import io.headrace.bus.log.EventLog;
import io.headrace.bus.log.EventLogContext;
import io.headrace.bus.log.LogDescription;
import io.headrace.bus.log.LogReader;
import io.headrace.bus.log.LogRecordHandler;
import io.headrace.bus.log.RecordType;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The event log on Aeron Archive. Owned by the log thread, except what the port marks for any thread.
 *
 * <pre>
 *                fault of the archive, the disk or the client
 *   RECORDING ────────────────────────────────────────────────▶ FAILED ──┐ pauses of 100 ms to 2 s
 *       ▲          its Aeron part is closed                       ▲  │    │ while there is no room
 *       │                                                         └──┼────┘
 *       └────── tail cut at the recorded position, Aeron part opened ┘
 * </pre>
 *
 * A fault leaves unknown what of the unrecorded bytes is on the disk. So everything behind the recorded position is
 * cut, and the caller appends it again.
 */
final class AeronEventLog implements EventLog {
    private static final Logger LOG = LoggerFactory.getLogger(AeronEventLog.class);
    private static final long FIRST_PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long LONGEST_PAUSE_NS = TimeUnit.SECONDS.toNanos(2);
    private static final long CLOSE_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(5);

    private final EventLogContext context;
    private final LogStorage storage;
    private final LongSupplier nanoClock;
    private final SegmentFiles files;
    private final SparseIndex index;
    private final Retention retention;
    private final long logId;
    private final long nextSequence;
    private final long recoverPosition;
    private final int maxRecordLengthBytes;
    private RecordWriter writer;
    private long pauseNs = FIRST_PAUSE_NS;
    private long nextAttemptNs;
    private boolean closed;
    /** Where the last checkpoint begins that is recorded as a whole: without it nothing is recovered. */
    private long checkpointPosition;
    private long openCheckpointPosition;
    private long openCheckpointEnd = Long.MAX_VALUE;

    private volatile long firstPosition;
    private volatile long recordedPosition;
    private volatile String failure;
    /** Of what the log thread appended last, and of what it saw recorded since. */
    private long appendedNextSequence;
    private long appendedTimeNs;
    private volatile long recordedNextSequence;
    private volatile long recordedTimeNs;
    /** Reading a log to describe it takes its time: once, and kept up from then on. */
    private final LogDescription describedAtOpen;

    private AeronEventLog(final EventLogContext context, final LogStorage storage, final LongSupplier nanoClock) {
        this.context = context;
        this.storage = storage;
        this.nanoClock = nanoClock;
        files = storage.files();
        logId = storage.logId();
        writer = storage.writer();
        recordedPosition = writer.recordedPosition();
        maxRecordLengthBytes = writer.maxRecordLengthBytes();
        firstPosition = files.firstPosition();
        index = SparseIndex.load(files);
        index.settle(recordedPosition);
        retention = new Retention(context, files, index);
        final LogTail tail = storage.tail();
        nextSequence = tail == null ? 0 : tail.nextSequence();
        recoverPosition = tail == null || tail.checkpointPosition() == LogTail.NO_CHECKPOINT
            ? firstPosition : tail.checkpointPosition();
        checkpointPosition = tail == null || tail.checkpointPosition() == LogTail.NO_CHECKPOINT
            ? Long.MAX_VALUE : tail.checkpointPosition();
        describedAtOpen = LogDescriber.describe(context.folder());
        appendedNextSequence = nextSequence;
        appendedTimeNs = describedAtOpen.lastTimeNs();
        recordedNextSequence = appendedNextSequence;
        recordedTimeNs = appendedTimeNs;
    }

    static AeronEventLog open(final EventLogContext context) {
        return open(context, System::nanoTime);
    }

    static AeronEventLog open(final EventLogContext context, final LongSupplier nanoClock) {
        final LogStorage storage = LogStorage.open(context, nanoClock);
        try {
            return new AeronEventLog(context, storage, nanoClock);
        } catch (final RuntimeException e) {
            storage.close();
            throw e;
        }
    }

    @Override
    public long logId() {
        return logId;
    }

    @Override
    public long nextSequence() {
        return nextSequence;
    }

    @Override
    public void recover(final LogRecordHandler handler) {
        try (LogReader reader = newReader()) {
            reader.seekPosition(recoverPosition);
            while (reader.next()) {
                handler.onRecord(
                    reader.type(),
                    reader.sequence(),
                    reader.nextSequence(),
                    reader.position(),
                    reader.buffer(),
                    reader.offset(),
                    reader.lengthBytes());
            }
        }
    }

    @Override
    public long append(
        final RecordType type,
        final long sequence,
        final long nextSequence,
        final long timeNs,
        final DirectBuffer buffer,
        final int offset,
        final int lengthBytes) {
        if (lengthBytes > maxRecordLengthBytes) {
            throw new IllegalArgumentException(
                "lengthBytes=" + lengthBytes + " is more than maxRecordLengthBytes=" + maxRecordLengthBytes);
        }
        if (failure != null || closed) {
            return FAILED;
        }
        final long startPosition = writer.appendedPosition();
        final long position = writer.append(
            type.code(), sequence, nextSequence, timeNs, buffer, offset, lengthBytes);
        if (position > 0) {
            enter(type, sequence, timeNs, startPosition);
            appendedNextSequence = nextSequence;
            if (type == RecordType.EVENT) {
                appendedTimeNs = timeNs;
            }
            if (type == RecordType.CHECKPOINT_END) {
                openCheckpoint(LogTail.checkpointStart(buffer, offset, lengthBytes), position);
            }
        }
        return position;
    }

    /** Now and then, the index writes a file. */
    private void enter(final RecordType type, final long sequence, final long timeNs, final long startPosition) {
        final boolean interrupted = Thread.interrupted();
        index.onRecord(type, sequence, timeNs, startPosition);
        restore(interrupted);
    }

    private void openCheckpoint(final long startPosition, final long endPosition) {
        if (startPosition != LogTail.NO_CHECKPOINT) {
            openCheckpointPosition = startPosition;
            openCheckpointEnd = endPosition;
        }
    }

    @Override
    public long appendedPosition() {
        return failure == null && !closed ? writer.appendedPosition() : recordedPosition;
    }

    @Override
    public long recordedPosition() {
        return recordedPosition;
    }

    @Override
    public int doWork() {
        if (closed) {
            return 0;
        }
        final boolean interrupted = Thread.interrupted();
        try {
            return failure == null ? record() : tryAgain();
        } finally {
            restore(interrupted);
        }
    }

    /** Whoever interrupts the log thread wants it to end, not its files to be closed while they are written. */
    private static void restore(final boolean interrupted) {
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private int record() {
        int workCount = storage.host().doWork();
        final int recordCount = writer.poll();
        if (recordCount > 0) {
            workCount += recordCount;
            recordedPosition = writer.recordedPosition();
            if (recordedPosition == writer.appendedPosition()) {
                recordedNextSequence = appendedNextSequence;
                recordedTimeNs = appendedTimeNs;
            }
            if (recordedPosition >= openCheckpointEnd) {
                checkpointPosition = openCheckpointPosition;
                openCheckpointEnd = Long.MAX_VALUE;
            }
        }
        if (writer.fault() != null) {
            fail(writer.fault());
        }
        return workCount;
    }

    /** What was appended and not recorded is lost here, and asked for again. */
    private void fail(final String fault) {
        final String error = storage.errors().takeLast();
        storage.stop();
        pauseNs = FIRST_PAUSE_NS;
        openCheckpointEnd = Long.MAX_VALUE;
        explain(error == null ? fault : error);
        LOG.error("event log {}: {}", context.folder(), failure);
    }

    private void explain(final String reason) {
        final String shortage = storage.space().shortage();
        failure = "the event log in " + context.folder() + " does not record: " + reason + "; "
            + (shortage == null ? "see to its disk; it is tried again" : shortage);
        nextAttemptNs = nanoClock.getAsLong() + pauseNs;
        pauseNs = Math.min(2 * pauseNs, LONGEST_PAUSE_NS);
    }

    private int tryAgain() {
        if (nanoClock.getAsLong() - nextAttemptNs < 0) {
            return 0;
        }
        final String shortage = storage.space().shortage();
        if (shortage != null) {
            explain("there is no room");
            return 0;
        }
        try {
            storage.restart(recordedPosition);
        } catch (final RuntimeException e) {
            storage.errors().onError(e);
            storage.stop();
            explain(e.getMessage());
            return 0;
        }
        writer = storage.writer();
        index.cutBehind(recordedPosition);
        failure = null;
        LOG.info("event log {}: records again from position {}", context.folder(), recordedPosition);
        return 1;
    }

    @Override
    public String failure() {
        return failure;
    }

    @Override
    public long retain(final long neededSequence, final long neededPosition, final long nowNs) {
        if (failure != null || closed) {
            return firstPosition;
        }
        final boolean interrupted = Thread.interrupted();
        final long wantedPosition = retention.wantedPosition(
            firstPosition, recordedPosition, Math.min(neededPosition, checkpointPosition), neededSequence, nowNs);
        if (wantedPosition > firstPosition && retention.purge(storage.host(), wantedPosition)) {
            firstPosition = wantedPosition;
        }
        restore(interrupted);
        return firstPosition;
    }

    @Override
    public int maxRecordLengthBytes() {
        return maxRecordLengthBytes;
    }

    @Override
    public LogReader newReader() {
        return new AeronLogReader(files, this::recordedPosition, () -> firstPosition, index);
    }

    @Override
    public LogDescription describe() {
        final LogDescription opened = describedAtOpen;
        final long first = firstPosition;
        final long recorded = recordedPosition;
        final int segmentBytes = opened.segmentBytes();
        return new LogDescription(
            opened.folder(),
            logId,
            opened.epoch(),
            first,
            recorded,
            first == opened.startPosition() && opened.firstSequence() >= 0 ? opened.firstSequence() : -1,
            recordedNextSequence,
            first == opened.startPosition() ? opened.firstTimeNs() : 0,
            recordedTimeNs,
            (int)((Math.max(first, recorded - 1) / segmentBytes) - first / segmentBytes) + 1,
            segmentBytes);
    }

    LogStorage storage() {
        return storage;
    }

    Retention retention() {
        return retention;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        final boolean interrupted = Thread.interrupted();
        try {
            recordTheRest();
        } finally {
            closed = true;
            CloseHelper.closeAll(storage.errors(), index, storage);
            restore(interrupted);
        }
    }

    private void recordTheRest() {
        final long deadlineNs = nanoClock.getAsLong() + CLOSE_TIMEOUT_NS;
        while (failure == null
            && recordedPosition < writer.appendedPosition()
            && nanoClock.getAsLong() - deadlineNs < 0) {
            if (record() == 0) {
                Thread.onSpinWait();
            }
        }
        if (failure == null && recordedPosition < writer.appendedPosition()) {
            LOG.error("event log {}: closed with {} bytes that were not recorded in time",
                context.folder(), writer.appendedPosition() - recordedPosition);
        }
    }
}
