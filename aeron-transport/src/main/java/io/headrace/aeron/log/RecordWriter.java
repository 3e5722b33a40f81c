package io.headrace.aeron.log;

import io.aeron.ChannelUriStringBuilder;
import io.aeron.ExclusivePublication;
import io.aeron.Publication;
import io.aeron.archive.codecs.SourceLocation;
import io.aeron.archive.status.RecordingPos;
import io.aeron.logbuffer.BufferClaim;
import io.aeron.logbuffer.FrameDescriptor;
import io.headrace.bus.log.EventLog;
import io.headrace.bus.log.LogException;
import io.headrace.bus.log.LogException.Category;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.CountersReader;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;

/**
 * Appends records to the log's one recording, from its end on, and follows how far the archive has come. Owned by the
 * log thread. It lives until the recording goes wrong; then {@link AeronEventLog} makes another.
 *
 * <p>A publication goes on taking records for half a term after the archive has stopped recording them. So what counts
 * is the recording's own counter: where it stands, and that it is still there.
 */
final class RecordWriter {
    static final int STREAM_ID = 1;

    private static final int MAX_MTU_BYTES = 65_504;
    private static final long START_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(30);
    private static final int ATTEMPT_COUNT = 3;

    private final ArchiveHost host;
    private final ExclusivePublication publication;
    private final CountersReader counters;
    private final int counterId;
    private final long recordingId;
    private final int maxPayloadLengthBytes;
    private final InFlightRecords inFlight = new InFlightRecords();
    private final BufferClaim claim = new BufferClaim();
    private final CRC32C crc = new CRC32C();
    private MutableDirectBuffer longRecord;
    private long appendedPosition;
    private long recordedPosition;
    private String fault;

    private RecordWriter(final ArchiveHost host, final ExclusivePublication publication, final int counterId) {
        this.host = host;
        this.publication = publication;
        this.counterId = counterId;
        counters = host.aeron().countersReader();
        recordingId = RecordingPos.getRecordingId(counters, counterId);
        maxPayloadLengthBytes = publication.maxPayloadLength();
        appendedPosition = publication.position();
        recordedPosition = appendedPosition;
    }

    /**
     * Begins a new recording.
     *
     * @param host            that runs.
     * @param alias           that the catalog keeps with it.
     * @param termLengthBytes of the publication.
     * @return the writer, at position 0.
     */
    static RecordWriter begin(final ArchiveHost host, final String alias, final int termLengthBytes) {
        final ChannelUriStringBuilder channel = new ChannelUriStringBuilder()
            .media("ipc")
            .alias(alias)
            .termLength(termLengthBytes)
            .mtu(mtuBytes(termLengthBytes));
        final ExclusivePublication publication = host.aeron().addExclusivePublication(channel.build(), STREAM_ID);
        host.control().startRecording(
            sessionChannel(alias, publication), STREAM_ID, SourceLocation.LOCAL, true);
        return new RecordWriter(host, publication, awaitCounter(host, publication));
    }

    /**
     * Goes on with a recording that stopped.
     *
     * @param host      that runs.
     * @param alias     of its channel.
     * @param recording as the catalog describes it.
     * @param mtuBytes  of the publication that it began with.
     * @param position  where it stopped: the end of the last whole record.
     * @return the writer, at that position.
     */
    static RecordWriter extend(
        final ArchiveHost host,
        final String alias,
        final Recording recording,
        final int mtuBytes,
        final long position) {
        final ChannelUriStringBuilder channel = new ChannelUriStringBuilder()
            .media("ipc")
            .alias(alias)
            .mtu(mtuBytes)
            .initialPosition(position, recording.initialTermId(), recording.termLengthBytes());
        final ExclusivePublication publication = host.aeron().addExclusivePublication(channel.build(), STREAM_ID);
        host.control().extendRecording(
            recording.recordingId(), sessionChannel(alias, publication), STREAM_ID, SourceLocation.LOCAL, true);
        return new RecordWriter(host, publication, awaitCounter(host, publication));
    }

    private static String sessionChannel(final String alias, final ExclusivePublication publication) {
        return new ChannelUriStringBuilder().media("ipc").alias(alias).sessionId(publication.sessionId()).build();
    }

    /** As large as the term allows, so that few records take more than one frame. */
    private static int mtuBytes(final int termLengthBytes) {
        return Math.min(MAX_MTU_BYTES, FrameDescriptor.computeMaxMessageLength(termLengthBytes));
    }

    /** Nothing may be appended before: the archive records from where it joins. */
    private static int awaitCounter(final ArchiveHost host, final ExclusivePublication publication) {
        final long deadlineNs = System.nanoTime() + START_TIMEOUT_NS;
        final CountersReader counters = host.aeron().countersReader();
        while (true) {
            final int counterId = RecordingPos.findCounterIdBySession(
                counters, publication.sessionId(), host.control().archiveId());
            if (counterId != CountersReader.NULL_COUNTER_ID && publication.isConnected()) {
                return counterId;
            }
            host.doWork();
            final String error = host.control().pollForErrorResponse();
            if (error != null) {
                throw new LogException(Category.STORAGE, "the archive does not record: " + error, null);
            }
            if (!host.isRunning() || System.nanoTime() - deadlineNs >= 0) {
                throw new LogException(Category.STORAGE, "the archive has not begun to record in time", null);
            }
            Thread.yield();
        }
    }

    /** The same contract as {@link EventLog#append}. */
    long append(
        final int typeCode,
        final long sequence,
        final long nextSequence,
        final long timeNs,
        final DirectBuffer buffer,
        final int offset,
        final int lengthBytes) {
        if (fault != null) {
            return EventLog.FAILED;
        }
        if (inFlight.isFull()) {
            return EventLog.BACK_PRESSURED;
        }
        final int recordLength = RecordDescriptor.HEADER_LENGTH + lengthBytes;
        final long position;
        if (recordLength <= maxPayloadLengthBytes) {
            position = claim(recordLength);
            if (position > 0) {
                put(claim.buffer(), claim.offset(), typeCode, sequence, nextSequence, timeNs, buffer, offset,
                    lengthBytes);
                claim.commit();
            }
        } else if (publication.availableWindow() <= 0) {
            // Before a long record is copied for nothing, and again with each attempt.
            position = publication.isConnected() ? Publication.BACK_PRESSURED : Publication.NOT_CONNECTED;
        } else {
            final MutableDirectBuffer record = longRecord();
            put(record, 0, typeCode, sequence, nextSequence, timeNs, buffer, offset, lengthBytes);
            position = offer(record, recordLength);
        }
        if (position > 0) {
            appendedPosition = position;
            inFlight.add(position);
            return position;
        }
        return refusal(position);
    }

    /** Asks again when the publication has only just moved on to the next term. */
    private long claim(final int lengthBytes) {
        long position = Publication.ADMIN_ACTION;
        for (int i = 0; i < ATTEMPT_COUNT && position == Publication.ADMIN_ACTION; i++) {
            position = publication.tryClaim(lengthBytes, claim);
        }
        return position;
    }

    private long offer(final DirectBuffer record, final int lengthBytes) {
        long position = Publication.ADMIN_ACTION;
        for (int i = 0; i < ATTEMPT_COUNT && position == Publication.ADMIN_ACTION; i++) {
            position = publication.offer(record, 0, lengthBytes, null);
        }
        return position;
    }

    private long refusal(final long code) {
        if (code == Publication.BACK_PRESSURED || code == Publication.ADMIN_ACTION) {
            return EventLog.BACK_PRESSURED;
        }
        fault = "the publication refuses records: " + Publication.errorString(code);
        return EventLog.FAILED;
    }

    private void put(
        final MutableDirectBuffer target,
        final int targetOffset,
        final int typeCode,
        final long sequence,
        final long nextSequence,
        final long timeNs,
        final DirectBuffer buffer,
        final int offset,
        final int lengthBytes) {
        RecordDescriptor.putHeader(target, targetOffset, typeCode, sequence, nextSequence, timeNs);
        target.putBytes(targetOffset + RecordDescriptor.HEADER_LENGTH, buffer, offset, lengthBytes);
        final ByteBuffer bytes = target.byteBuffer();
        final int start = target.wrapAdjustment() + targetOffset;
        bytes.limit(start + RecordDescriptor.HEADER_LENGTH + lengthBytes)
            .position(start + RecordDescriptor.CHECKED_FROM_OFFSET);
        crc.reset();
        crc.update(bytes);
        RecordDescriptor.putChecksum(target, targetOffset, (int)crc.getValue());
    }

    private MutableDirectBuffer longRecord() {
        if (longRecord == null) {
            longRecord = new UnsafeBuffer(ByteBuffer.allocateDirect(publication.maxMessageLength()));
        }
        return longRecord;
    }

    /**
     * Looks how far the archive has come, and whether it still records.
     *
     * @return the number of records that are recorded since the last call.
     */
    int poll() {
        if (fault != null) {
            return 0;
        }
        if (!host.isRunning() || publication.isClosed()) {
            fault = "the archive or its client has stopped";
            return 0;
        }
        final long position = counters.getCounterValue(counterId);
        // Only now: a counter that was freed, and perhaps given to somebody else, has told nothing.
        if (!RecordingPos.isActive(counters, counterId, recordingId)) {
            fault = "the archive has stopped recording";
            return 0;
        }
        final int countBefore = inFlight.size();
        recordedPosition = inFlight.removeUpTo(position, recordedPosition);
        return countBefore - inFlight.size();
    }

    long appendedPosition() {
        return appendedPosition;
    }

    /** {@return the end of the last record that the archive has} */
    long recordedPosition() {
        return recordedPosition;
    }

    long recordingId() {
        return recordingId;
    }

    int maxRecordLengthBytes() {
        return publication.maxMessageLength() - RecordDescriptor.HEADER_LENGTH;
    }

    /** {@return why it takes no more records, or null} */
    String fault() {
        return fault;
    }

    /** Stops the recording where it is. */
    void stop() {
        if (host.isRunning() && fault == null) {
            host.control().tryStopRecordingByIdentity(recordingId);
        }
        fault = "closed";
        publication.close();
    }
}
