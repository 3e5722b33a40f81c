package io.headrace.bus.simulation;

import io.headrace.bus.log.LogException;
import io.headrace.bus.log.LogReader;
import io.headrace.bus.log.RecordType;
import org.agrona.DirectBuffer;

/** Reads what is recorded on a simulated disk. Owned by the thread of the simulation. */
final class SimulatedLogReader implements LogReader {
    private final SimulatedDisk disk;
    private int nextIndex;
    private SimulatedDisk.Entry entry;
    private boolean closed;

    SimulatedLogReader(final SimulatedDisk disk) {
        this.disk = disk;
        nextIndex = disk.firstIndex();
    }

    @Override
    public void seekSequence(final long sequence) {
        if (disk.firstIndex() > 0 && sequence < disk.entry(disk.firstIndex() - 1).nextSequence()) {
            // An event from there on may be among the purged ones.
            for (int i = disk.firstIndex() - 1; i >= 0 && disk.entry(i).nextSequence() > sequence; i--) {
                if (disk.entry(i).type() == RecordType.EVENT) {
                    throw purged("sequence " + sequence);
                }
            }
        }
        nextIndex = disk.firstIndex();
        while (nextIndex < disk.size() && !isEventFrom(nextIndex, sequence)) {
            nextIndex++;
        }
    }

    private boolean isEventFrom(final int index, final long sequence) {
        return disk.entry(index).type() == RecordType.EVENT && disk.entry(index).sequence() >= sequence;
    }

    @Override
    public void seekTime(final long timeNs) {
        nextIndex = disk.firstIndex();
        while (nextIndex < disk.size()
            && (disk.entry(nextIndex).type() != RecordType.EVENT || disk.entry(nextIndex).timeNs() < timeNs)) {
            nextIndex++;
        }
    }

    @Override
    public void seekPosition(final long position) {
        nextIndex = disk.indexOf(position);
        if (nextIndex < disk.firstIndex()) {
            throw purged("log position " + position);
        }
    }

    private LogException purged(final String what) {
        return new LogException(LogException.Category.PURGED, what + " is purged; the first kept one is "
            + disk.startPosition(), null);
    }

    @Override
    public boolean next() {
        if (closed) {
            throw new AssertionError("A closed reader is read");
        }
        if (nextIndex < disk.firstIndex()) {
            throw purged("record " + nextIndex);
        }
        if (nextIndex == disk.size()) {
            return false;
        }
        entry = disk.entry(nextIndex++);
        return true;
    }

    @Override
    public RecordType type() {
        return entry.type();
    }

    @Override
    public long sequence() {
        return entry.sequence();
    }

    @Override
    public long nextSequence() {
        return entry.nextSequence();
    }

    @Override
    public long position() {
        return entry.position();
    }

    @Override
    public long nextPosition() {
        return entry.endPosition();
    }

    @Override
    public DirectBuffer buffer() {
        return entry.bytes();
    }

    @Override
    public int offset() {
        return 0;
    }

    @Override
    public int lengthBytes() {
        return entry.bytes().capacity();
    }

    @Override
    public void close() {
        closed = true;
    }
}
