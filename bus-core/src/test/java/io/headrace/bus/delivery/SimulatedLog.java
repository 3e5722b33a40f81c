package io.headrace.bus.delivery;

import io.headrace.bus.log.ControlAppender;
import io.headrace.bus.log.LogException;
import io.headrace.bus.log.LogReader;
import io.headrace.bus.log.ParkedEvents;
import io.headrace.bus.log.RecordType;
import io.headrace.codecs.DecodeError;
import io.headrace.codecs.ParkedResolvedView;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A simulation of an event log: control messages in memory, recorded at once. It shows each to the parked events, as
 * the log thread does. Owned by the test's thread.
 */
final class SimulatedLog implements ControlAppender {
    private static final int ALIGNMENT = 32;

    private final TreeMap<Long, byte[]> records = new TreeMap<>();
    private final Set<Long> resolvedSequences = new HashSet<>();
    private final ParkedResolvedView resolved = new ParkedResolvedView();
    private final int maxEvents;
    private ParkedEvents parkedEvents;
    private long endPosition;
    private int maxLengthBytes = 1 << 20;
    private boolean closed;
    private int failAfter = Integer.MAX_VALUE;

    SimulatedLog(final int maxEvents) {
        this.maxEvents = maxEvents;
        parkedEvents = new ParkedEvents(maxEvents);
    }

    /** What a process finds that starts after a crash: the same records, and nothing else. */
    void restart() {
        parkedEvents = new ParkedEvents(maxEvents);
        closed = false;
        failAfter = Integer.MAX_VALUE;
        for (final Map.Entry<Long, byte[]> record : records.entrySet()) {
            parkedEvents.onControl(
                new UnsafeBuffer(record.getValue()), 0, record.getValue().length, record.getKey());
        }
    }

    @Override
    public void append(final DirectBuffer buffer, final int offset, final int lengthBytes) {
        if (closed || failAfter-- <= 0) {
            closed = true;
            throw new LogException(LogException.Category.STORAGE, "It is closed.", null);
        }
        final byte[] record = new byte[lengthBytes];
        buffer.getBytes(offset, record);
        records.put(endPosition, record);
        if (resolved.wrap(buffer, offset, lengthBytes) == DecodeError.NONE) {
            resolvedSequences.add(resolved.sequence());
        }
        parkedEvents.onControl(new UnsafeBuffer(record), 0, lengthBytes, endPosition);
        endPosition += (lengthBytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT + ALIGNMENT;
    }

    /** Appends the record at a position again and forgets it there, as before a segment is purged. */
    void moveToEnd(final long position) {
        final byte[] record = records.remove(position);
        append(new UnsafeBuffer(record), 0, record.length);
    }

    void forget(final long position) {
        records.remove(position);
    }

    void close() {
        closed = true;
    }

    /** As a crash that comes after some more records. */
    void failAfter(final int moreRecords) {
        failAfter = moreRecords;
    }

    void maxLengthBytes(final int value) {
        maxLengthBytes = value;
    }

    @Override
    public int maxLengthBytes() {
        return maxLengthBytes;
    }

    ParkedEvents parkedEvents() {
        return parkedEvents;
    }

    /** What was ever resolved. */
    Set<Long> resolvedSequences() {
        return resolvedSequences;
    }

    int recordCount() {
        return records.size();
    }

    LogReader newReader() {
        return new Reader();
    }

    private final class Reader implements LogReader {
        private long position;
        private UnsafeBuffer record = new UnsafeBuffer(0, 0);

        @Override
        public void seekSequence(final long sequence) {
            throw new UnsupportedOperationException("there are no events in this log");
        }

        @Override
        public void seekTime(final long timeNs) {
            throw new UnsupportedOperationException("there are no events in this log");
        }

        @Override
        public void seekPosition(final long wantedPosition) {
            if (!records.containsKey(wantedPosition)) {
                throw new LogException(LogException.Category.PURGED, "It is purged.", null);
            }
            position = wantedPosition;
        }

        @Override
        public boolean next() {
            record = new UnsafeBuffer(records.get(position));
            return true;
        }

        @Override
        public RecordType type() {
            return RecordType.CONTROL;
        }

        @Override
        public long sequence() {
            return 0;
        }

        @Override
        public long nextSequence() {
            return 0;
        }

        @Override
        public long position() {
            return position;
        }

        @Override
        public long nextPosition() {
            return position + record.capacity();
        }

        @Override
        public DirectBuffer buffer() {
            return record;
        }

        @Override
        public int offset() {
            return 0;
        }

        @Override
        public int lengthBytes() {
            return record.capacity();
        }

        @Override
        public void close() {
        }
    }
}
