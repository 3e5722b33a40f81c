package io.headrace.aeron.log;

import io.aeron.protocol.DataHeaderFlyweight;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;

import java.nio.ByteOrder;

import static io.aeron.logbuffer.FrameDescriptor.FRAME_ALIGNMENT;
import static io.aeron.protocol.DataHeaderFlyweight.HEADER_LENGTH;

/** What Aeron's data header says of a frame, and whether it fits the frame's place in the log. For any thread. */
final class FrameLayout {
    private static final int BEGIN = 0x80;
    private static final int END = 0x40;

    private FrameLayout() {
    }

    /** {@return the frame's length with its header, in bytes; 0 where nothing was written} */
    static int length(final DirectBuffer buffer, final int index) {
        return buffer.getInt(index + DataHeaderFlyweight.FRAME_LENGTH_FIELD_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    /** {@return the frame's length up to where the next one begins} */
    static int alignedLength(final DirectBuffer buffer, final int index) {
        return BitUtil.align(length(buffer, index), FRAME_ALIGNMENT);
    }

    /** {@return whether it holds no data} */
    static boolean isPadding(final DirectBuffer buffer, final int index) {
        return type(buffer, index) == DataHeaderFlyweight.HDR_TYPE_PAD;
    }

    /** {@return whether a message begins with the frame} */
    static boolean begins(final DirectBuffer buffer, final int index) {
        return (flags(buffer, index) & BEGIN) != 0;
    }

    /** {@return whether a message ends with the frame} */
    static boolean ends(final DirectBuffer buffer, final int index) {
        return (flags(buffer, index) & END) != 0;
    }

    /**
     * Compares a header with its place.
     *
     * @param buffer    that holds the header.
     * @param index     where.
     * @param recording of the log.
     * @param position  the frame's log position.
     * @return what is wrong, or null when it can be a frame.
     */
    static String check(
        final DirectBuffer buffer, final int index, final Recording recording, final long position) {
        final int length = length(buffer, index);
        final int termOffset = recording.termOffset(position);
        if (length < HEADER_LENGTH || length > recording.termLengthBytes() - termOffset) {
            return "a frame of an impossible length";
        }
        final int type = type(buffer, index);
        final int flags = flags(buffer, index);
        final boolean isData = type == DataHeaderFlyweight.HDR_TYPE_DATA && length <= SegmentWindow.CAPACITY;
        final boolean isPadding = type == DataHeaderFlyweight.HDR_TYPE_PAD && flags == (BEGIN | END);
        final boolean fits = (isData || isPadding)
            && (flags & ~(BEGIN | END)) == 0
            && buffer.getByte(index + DataHeaderFlyweight.VERSION_FIELD_OFFSET) == 0
            && word(buffer, index + DataHeaderFlyweight.TERM_OFFSET_FIELD_OFFSET) == termOffset
            && word(buffer, index + DataHeaderFlyweight.TERM_ID_FIELD_OFFSET) == recording.termId(position);
        return fits ? null : "a frame whose header does not fit its place";
    }

    private static int word(final DirectBuffer buffer, final int index) {
        return buffer.getInt(index, ByteOrder.LITTLE_ENDIAN);
    }

    private static int flags(final DirectBuffer buffer, final int index) {
        return buffer.getByte(index + DataHeaderFlyweight.FLAGS_FIELD_OFFSET) & 0xFF;
    }

    private static int type(final DirectBuffer buffer, final int index) {
        return buffer.getShort(index + DataHeaderFlyweight.TYPE_FIELD_OFFSET, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
    }
}
