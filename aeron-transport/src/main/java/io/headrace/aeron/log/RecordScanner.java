package io.headrace.aeron.log;

import io.headrace.bus.log.LogException;
import io.headrace.bus.log.RecordType;
import org.agrona.BitUtil;
import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

import static io.aeron.logbuffer.FrameDescriptor.FRAME_ALIGNMENT;
import static io.aeron.protocol.DataHeaderFlyweight.HEADER_LENGTH;

/**
 * Looks at one record after the other in the segment files: frames, fragments, checksum, header. Owned by one thread.
 * It tells what is at a position and judges nothing: whether what is not whole is a crash's trace or damage is for
 * {@link AeronLogReader}, {@link LogTail} and {@link LogVerifier} to say. Allocates nothing for a record, but for the
 * growing of the buffer that joins fragments.
 *
 * <p>Every field of a frame's header that matters is compared with what its place demands. So no flipped bit makes a
 * record vanish: one that turns a record into padding leaves a body behind the header, where real padding has zeros;
 * one in a padding frame's length makes it end elsewhere than at the term's end.
 */
final class RecordScanner implements AutoCloseable {
    /** What is at a position. */
    enum Result {
        /** A whole record, which the scanner now shows. */
        RECORD,
        /** The limit. */
        END,
        /** Nothing was written there. */
        EMPTY,
        /** Something that is not a whole record; {@link #reason()} says what. */
        BROKEN,
        /** The segment's file is not there. */
        ABSENT
    }

    private final SegmentFiles files;
    private final Recording recording;
    private final SegmentWindow window;
    private final CRC32C crc = new CRC32C();
    private final UnsafeBuffer joined = new UnsafeBuffer(0, 0);
    private ByteBuffer joinedBytes;

    private long segmentBase;
    private long limit;
    private long position;
    private long nextPosition;
    private long givenUpPosition = -1;
    private String reason = "";
    private DirectBuffer recordBuffer = joined;
    private int recordOffset;
    private int recordLength;

    RecordScanner(final SegmentFiles files) {
        this.files = files;
        this.recording = files.recording();
        this.window = new SegmentWindow(files);
    }

    /**
     * Looks at the record at a position. Padding is passed over.
     *
     * @param from          where a record begins.
     * @param limitPosition up to where the log may be read.
     * @return what is there; {@link #position()} is the place then, behind the padding.
     * @throws LogException when the file cannot be read, or a whole record is of a kind that this version cannot know.
     */
    Result step(final long from, final long limitPosition) {
        limit = limitPosition;
        position = from;
        final boolean mayBeStale = window.holdsBytes();
        final Result result = look();
        if (result == Result.RECORD || result == Result.END) {
            return result;
        }
        window.invalidate();
        if (!mayBeStale || result == Result.ABSENT) {
            return result;
        }
        position = from;
        return look();
    }

    /**
     * Looks for the next whole record, at every place where one can begin.
     *
     * @param from  the first place to look at.
     * @param until where to stop; a record that begins before it counts.
     * @return what is there: RECORD, or END when there is none.
     */
    Result find(final long from, final long until) {
        limit = Long.MAX_VALUE;
        window.invalidate();
        long place = BitUtil.align(from, FRAME_ALIGNMENT);
        while (place < until) {
            if (!open(place)) {
                place = segmentBase + recording.segmentLengthBytes();
                continue;
            }
            position = place;
            if (beginsRecord() && message() == Result.RECORD) {
                return Result.RECORD;
            }
            place += FRAME_ALIGNMENT;
        }
        position = place;
        return Result.END;
    }

    /** {@return the place that was looked at last} */
    long position() {
        return position;
    }

    /** {@return the position behind the record} */
    long nextPosition() {
        return nextPosition;
    }

    /** {@return where the last range was passed over that a repair gave up, or -1} */
    long givenUpPosition() {
        return givenUpPosition;
    }

    /** {@return why what is there is not a whole record} */
    String reason() {
        return reason;
    }

    /** {@return the code of the record's type} */
    RecordType type() {
        return RecordType.of(RecordDescriptor.typeCode(recordBuffer, recordOffset));
    }

    /** {@return the event's sequence; the next event's for other records} */
    long sequence() {
        return RecordDescriptor.sequence(recordBuffer, recordOffset);
    }

    /** {@return the first sequence that an event behind the record may have} */
    long nextSequence() {
        return RecordDescriptor.nextSequence(recordBuffer, recordOffset);
    }

    /** {@return the record's time since the Unix epoch} */
    long timeNs() {
        return RecordDescriptor.timeNs(recordBuffer, recordOffset);
    }

    /** {@return the buffer that holds the record, until the scanner looks elsewhere} */
    DirectBuffer buffer() {
        return recordBuffer;
    }

    /** {@return where in the buffer the event or message begins, behind the record's header} */
    int payloadOffset() {
        return recordOffset + RecordDescriptor.HEADER_LENGTH;
    }

    /** {@return the length of the event or message in bytes} */
    int payloadLength() {
        return recordLength - RecordDescriptor.HEADER_LENGTH;
    }

    /** Lets go of the open file, so that the next look opens what is there by then. */
    void release() {
        window.close();
    }

    @Override
    public void close() {
        joined.wrap(0, 0);
        recordBuffer = joined;
        if (joinedBytes != null) {
            BufferUtil.free(joinedBytes);
            joinedBytes = null;
        }
        window.free();
    }

    private Result look() {
        while (position < limit) {
            if (!open(position)) {
                return Result.ABSENT;
            }
            final int index = header(position);
            final UnsafeBuffer buffer = window.buffer();
            if (FrameLayout.length(buffer, index) == 0) {
                return Result.EMPTY;
            }
            reason = FrameLayout.check(buffer, index, recording, position);
            if (reason != null) {
                return Result.BROKEN;
            }
            if (!FrameLayout.isPadding(buffer, index)) {
                return message();
            }
            if (!pad(index)) {
                return Result.BROKEN;
            }
        }
        return Result.END;
    }

    private boolean open(final long place) {
        segmentBase = recording.segmentBase(place);
        return window.open(segmentBase);
    }

    private int header(final long place) {
        return frame(place, HEADER_LENGTH);
    }

    private int frame(final long place, final int length) {
        final int offset = (int)(place - segmentBase);
        final long untilLimit = limit - place;
        final int untilEnd = recording.segmentLengthBytes() - offset;
        window.ensure(offset, length, (int)Math.min(untilLimit, untilEnd));
        return window.index(offset);
    }

    private boolean pad(final int headerIndex) {
        final UnsafeBuffer buffer = window.buffer();
        final int length = FrameLayout.alignedLength(buffer, headerIndex);
        if (GivenUpRange.isMark(buffer, headerIndex, position)) {
            givenUpPosition = position;
        } else {
            if (recording.termOffset(position) + length != recording.termLengthBytes()) {
                reason = "a padding frame that does not end with its term";
                return false;
            }
            if (length > HEADER_LENGTH) {
                final int index = frame(position, HEADER_LENGTH + FRAME_ALIGNMENT) + HEADER_LENGTH;
                if (window.buffer().getLong(index, ByteOrder.LITTLE_ENDIAN) != 0) {
                    reason = "a padding frame over something that is no padding";
                    return false;
                }
            }
        }
        position += length;
        return true;
    }

    private boolean beginsRecord() {
        final int index = frame(position, HEADER_LENGTH);
        final UnsafeBuffer buffer = window.buffer();
        return FrameLayout.length(buffer, index) != 0
            && FrameLayout.check(buffer, index, recording, position) == null
            && !FrameLayout.isPadding(buffer, index)
            && FrameLayout.begins(buffer, index);
    }

    private Result message() {
        int index = header(position);
        final int frameLength = FrameLayout.length(window.buffer(), index);
        if (!FrameLayout.begins(window.buffer(), index)) {
            return broken("a fragment without the beginning of its record");
        }
        if (!FrameLayout.ends(window.buffer(), index)) {
            return fragments();
        }
        nextPosition = position + BitUtil.align(frameLength, FRAME_ALIGNMENT);
        if (nextPosition > limit) {
            return Result.END;
        }
        index = frame(position, frameLength);
        return check(window.buffer(), window.bytes(), index + HEADER_LENGTH, frameLength - HEADER_LENGTH);
    }

    private Result fragments() {
        int length = 0;
        long place = position;
        boolean ended = false;
        while (!ended) {
            if (place >= limit) {
                return Result.END;
            }
            if (recording.segmentBase(place) != segmentBase) {
                return broken("a record that goes on over its segment's end");
            }
            int index = header(place);
            final int frameLength = FrameLayout.length(window.buffer(), index);
            if (frameLength == 0) {
                return broken("a record without its last fragments");
            }
            final String fault = FrameLayout.check(window.buffer(), index, recording, place);
            if (fault != null) {
                return broken(fault);
            }
            if (FrameLayout.isPadding(window.buffer(), index)
                || FrameLayout.begins(window.buffer(), index) != (place == position)) {
                return broken("a record without its last fragments");
            }
            ended = FrameLayout.ends(window.buffer(), index);
            index = frame(place, frameLength);
            if (!join(index + HEADER_LENGTH, length, frameLength - HEADER_LENGTH)) {
                return broken("a record longer than " + recording.maxMessageLengthBytes() + " bytes");
            }
            length += frameLength - HEADER_LENGTH;
            place += BitUtil.align(frameLength, FRAME_ALIGNMENT);
        }
        if (place > limit) {
            return Result.END;
        }
        nextPosition = place;
        return check(joined, joinedBytes, 0, length);
    }

    private boolean join(final int index, final int joinedLength, final int fragmentLength) {
        final int length = joinedLength + fragmentLength;
        if (length > recording.maxMessageLengthBytes()) {
            return false;
        }
        if (length > joined.capacity()) {
            final int capacity = BitUtil.findNextPositivePowerOfTwo(Math.max(length, SegmentWindow.CAPACITY));
            final ByteBuffer longer = ByteBuffer.allocateDirect(capacity);
            if (joinedBytes != null) {
                joined.getBytes(0, longer, 0, joinedLength);
                BufferUtil.free(joinedBytes);
            }
            joinedBytes = longer;
            joined.wrap(longer);
        }
        joined.putBytes(joinedLength, window.buffer(), index, fragmentLength);
        return true;
    }

    private Result check(final DirectBuffer buffer, final ByteBuffer bytes, final int offset, final int length) {
        if (length < RecordDescriptor.HEADER_LENGTH) {
            return broken("a frame too short for a record");
        }
        if (!RecordDescriptor.hasMagic(buffer, offset)) {
            return broken("a frame that is no record");
        }
        bytes.limit(offset + length).position(offset + RecordDescriptor.CHECKED_FROM_OFFSET);
        crc.reset();
        crc.update(bytes);
        bytes.clear();
        if ((int)crc.getValue() != RecordDescriptor.checksum(buffer, offset)) {
            return broken("a record whose checksum is wrong");
        }
        if (!RecordDescriptor.hasHeader(buffer, offset, length)
            || RecordType.of(RecordDescriptor.typeCode(buffer, offset)) == null) {
            throw new LogException(
                LogException.Category.MISMATCH,
                "the record at position " + position + " in " + files.path(segmentBase)
                    + " was written by a newer version of Headrace: use that one",
                null);
        }
        recordBuffer = buffer;
        recordOffset = offset;
        recordLength = length;
        return Result.RECORD;
    }

    private Result broken(final String what) {
        reason = what;
        return Result.BROKEN;
    }
}
