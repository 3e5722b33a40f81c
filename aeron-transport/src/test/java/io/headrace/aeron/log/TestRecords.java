package io.headrace.aeron.log;

import io.headrace.bus.log.EventLog;
import io.headrace.bus.log.LogReader;
import io.headrace.bus.log.RecordType;
import io.headrace.codecs.sbe.CheckpointEndEncoder;
import io.headrace.codecs.sbe.MessageHeaderEncoder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Appends events whose bytes follow from their sequence, and finds out whether a log gives back just those. Each event
 * takes one sequence. Owned by the thread that plays the log thread.
 */
final class TestRecords {
    private static final long TIME_NS = 1_700_000_000_000_000_000L;

    private final EventLog log;
    private final UnsafeBuffer buffer = new UnsafeBuffer(ByteBuffer.allocateDirect(2 << 20));
    private final ArrayDeque<Long> inFlightPositions = new ArrayDeque<>();
    private long nextSequence;

    TestRecords(final EventLog log) {
        this.log = log;
        nextSequence = log.nextSequence();
    }

    long nextSequence() {
        return nextSequence;
    }

    static long timeNs(final long sequence) {
        return TIME_NS + sequence * 1_000_000;
    }

    /** Appends one event, and does the log's work as long as it does not take it. */
    void append(final int lengthBytes) {
        while (!tryAppend(lengthBytes)) {
            log.doWork();
        }
    }

    /** Appends events of one length. */
    void append(final int count, final int lengthBytes) {
        for (int i = 0; i < count; i++) {
            append(lengthBytes);
        }
    }

    /** {@return whether the log took one more event} */
    boolean tryAppend(final int lengthBytes) {
        fill(buffer, nextSequence, lengthBytes);
        final long position = log.append(
            RecordType.EVENT, nextSequence, nextSequence + 1, timeNs(nextSequence), buffer, 0, lengthBytes);
        if (position > 0) {
            assertEquals(position, log.appendedPosition());
            inFlightPositions.add(position);
            nextSequence++;
        }
        return position > 0;
    }

    /** Appends the record that closes a checkpoint. */
    void checkpoint(final long startPosition) {
        final UnsafeBuffer message = new UnsafeBuffer(
            new byte[MessageHeaderEncoder.ENCODED_LENGTH + CheckpointEndEncoder.BLOCK_LENGTH]);
        new CheckpointEndEncoder().wrapAndApplyHeader(message, 0, new MessageHeaderEncoder())
            .startPosition(startPosition);
        while (log.append(RecordType.CHECKPOINT_END, nextSequence, nextSequence, timeNs(nextSequence),
            message, 0, message.capacity()) < 0) {
            log.doWork();
        }
    }

    /** {@return one past the last sequence that counts as recorded} */
    long recordedSequence() {
        while (!inFlightPositions.isEmpty() && inFlightPositions.peek() <= log.recordedPosition()) {
            inFlightPositions.poll();
        }
        return nextSequence - inFlightPositions.size();
    }

    /** Goes back to a sequence, as a caller does whose last events were not recorded. */
    void goTo(final long sequence) {
        nextSequence = sequence;
        inFlightPositions.clear();
    }

    /** Does the log's work until everything appended is recorded. */
    void awaitRecorded() {
        while (log.recordedPosition() < log.appendedPosition()) {
            log.doWork();
        }
    }

    /** Reads everything and compares it with what events of these sequences have to be. */
    static void verify(final EventLog log, final long firstSequence, final long nextSequence) {
        try (LogReader reader = log.newReader()) {
            assertEquals(nextSequence, verify(reader, firstSequence));
            assertTrue(reader.nextPosition() <= log.recordedPosition());
        }
    }

    /** {@return one past the last sequence that could be read} */
    static long verify(final LogReader reader, final long firstSequence) {
        final UnsafeBuffer expected = new UnsafeBuffer(ByteBuffer.allocateDirect(2 << 20));
        long sequence = firstSequence;
        while (reader.next()) {
            assertEquals(RecordType.EVENT, reader.type());
            assertEquals(sequence, reader.sequence());
            assertEquals(sequence + 1, reader.nextSequence());
            final int length = reader.lengthBytes();
            fill(expected, sequence, length);
            assertTrue(equal(expected, length, reader.buffer(), reader.offset()), "sequence=" + sequence);
            sequence++;
        }
        return sequence;
    }

    private static void fill(final UnsafeBuffer buffer, final long sequence, final int lengthBytes) {
        for (int i = 0; i + Long.BYTES <= lengthBytes; i += Long.BYTES) {
            buffer.putLong(i, sequence * 31 + i);
        }
        for (int i = lengthBytes & ~7; i < lengthBytes; i++) {
            buffer.putByte(i, (byte)(sequence + i));
        }
    }

    private static boolean equal(
        final UnsafeBuffer expected, final int lengthBytes, final DirectBuffer found, final int offset) {
        return new UnsafeBuffer(expected, 0, lengthBytes).equals(new UnsafeBuffer(found, offset, lengthBytes));
    }
}
