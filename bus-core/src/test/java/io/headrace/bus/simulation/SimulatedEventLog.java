package io.headrace.bus.simulation;

import io.headrace.bus.log.EventLog;
import io.headrace.bus.log.LogDescription;
import io.headrace.bus.log.LogReader;
import io.headrace.bus.log.LogRecordHandler;
import io.headrace.bus.log.RecordType;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.file.Path;
import java.util.ArrayDeque;

/**
 * A simulated event log: what is appended waits until some turn of the storage records it, finds no room at times, and
 * is lost when the storage fails or the process crashes. Owned by the thread of the simulation.
 */
public final class SimulatedEventLog implements EventLog {
    private static final int MAX_RECORD_BYTES = 1040;
    private static final int MAX_PENDING = 64;
    private static final long TURN_NS = 10_000;

    private final SimulatedDisk disk;
    private final StorageFaults faults;
    private final ManualClock clock;
    private final ArrayDeque<SimulatedDisk.Entry> pending = new ArrayDeque<>();
    private final long nextSequence;
    private long appendedPosition;
    private long appendedSequence;
    private String failure;
    private int failureTurns;
    private boolean gone;
    private boolean held;
    private boolean full;
    private boolean breaking;
    private int roomPerTurn = -1;
    private int room = -1;

    /** Opens the log of a disk. */
    public SimulatedEventLog(final SimulatedDisk disk, final StorageFaults faults, final ManualClock clock) {
        this.disk = disk;
        this.faults = faults;
        this.clock = clock;
        nextSequence = disk.nextSequence();
        appendedPosition = disk.endPosition();
        appendedSequence = nextSequence;
    }

    @Override
    public long logId() {
        return disk.logId();
    }

    @Override
    public long nextSequence() {
        return nextSequence;
    }

    @Override
    public void recover(final LogRecordHandler handler) {
        disk.feed(disk.recoveryIndex(), handler);
    }

    @Override
    public long append(
        final RecordType type,
        final long sequence,
        final long followingSequence,
        final long timeNs,
        final DirectBuffer buffer,
        final int offset,
        final int lengthBytes) {
        if (breaking) {
            breaking = false;
            breakFor(1);
            return FAILED;
        }
        if (gone || full || room == 0 || faults.pressesBack() || pending.size() == MAX_PENDING) {
            return BACK_PRESSURED;
        }
        if (failure == null && faults.fails(8)) {
            fail();
        }
        if (failure != null) {
            return FAILED;
        }
        if (sequence < appendedSequence || followingSequence < sequence || lengthBytes > MAX_RECORD_BYTES) {
            throw new AssertionError("sequence=" + sequence + " followingSequence=" + followingSequence
                + " appendedSequence=" + appendedSequence + " lengthBytes=" + lengthBytes);
        }
        final byte[] bytes = new byte[lengthBytes];
        buffer.getBytes(offset, bytes);
        final SimulatedDisk.Entry entry = new SimulatedDisk.Entry(
            type, sequence, followingSequence, timeNs, appendedPosition, new UnsafeBuffer(bytes));
        pending.add(entry);
        room--;
        appendedPosition = entry.endPosition();
        appendedSequence = followingSequence;
        return appendedPosition;
    }

    /** A part of what is waiting gets recorded all the same. */
    private void fail() {
        record(faults.upTo(pending.size()));
        breakFor(faults.failureTurns());
    }

    /** Fails, and loses what it had not recorded. */
    public void breakFor(final int turns) {
        failureTurns = turns;
        pending.clear();
        failure = "The simulated disk is full.";
    }

    /** Records nothing as long as it is held. */
    public void hold(final boolean value) {
        held = value;
    }

    /** Finds no room as long as it is full. */
    public void full(final boolean value) {
        full = value;
    }

    /** Fails with the next record, and gets well with the next turn. */
    public void breakWithNextAppend() {
        breaking = true;
    }

    /** Each turn of the storage makes room for so many records; -1 for any number. */
    public void roomPerTurn(final int records) {
        roomPerTurn = records;
        room = records;
    }

    /** Records all that waits. */
    public void recordAll() {
        record(pending.size());
    }

    private int record(final int count) {
        for (int i = 0; i < count; i++) {
            disk.add(pending.poll());
        }
        return count;
    }

    @Override
    public long appendedPosition() {
        return appendedPosition;
    }

    @Override
    public long recordedPosition() {
        return disk.endPosition();
    }

    @Override
    public int doWork() {
        room = roomPerTurn;
        clock.advance(TURN_NS);
        if (gone) {
            return 0;
        }
        if (failure != null) {
            if (--failureTurns <= 0) {
                failure = null;
                appendedPosition = disk.endPosition();
                appendedSequence = Math.max(nextSequence, disk.nextSequence());
            }
            return 1;
        }
        if (faults.fails()) {
            fail();
            return 1;
        }
        return held ? 0 : record(faults.upTo(pending.size()));
    }

    @Override
    public String failure() {
        return failure;
    }

    @Override
    public long retain(final long neededSequence, final long neededPosition, final long nowNs) {
        if (!gone && faults.purges()) {
            disk.purge(neededSequence, neededPosition, faults.upTo(disk.size()));
        }
        return disk.startPosition();
    }

    @Override
    public int maxRecordLengthBytes() {
        return MAX_RECORD_BYTES;
    }

    @Override
    public LogReader newReader() {
        return new SimulatedLogReader(disk);
    }

    @Override
    public LogDescription describe() {
        return new LogDescription(Path.of("simulated"), disk.logId(), 0, disk.startPosition(), disk.endPosition(),
            -1, disk.nextSequence(), 0, 0, 1, 1 << 20);
    }

    /** The process is gone: what was not recorded is lost, or some of it is there after all. */
    public void crash() {
        gone = true;
        if (failure == null) {
            record(faults.upTo(pending.size()));
        }
        pending.clear();
    }

    @Override
    public void close() {
        gone = true;
        pending.clear();
    }
}
