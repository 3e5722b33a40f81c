package io.headrace.aeron.log;

import io.aeron.logbuffer.FrameDescriptor;
import io.aeron.protocol.DataHeaderFlyweight;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

import java.nio.ByteOrder;

/**
 * The padding frames that a repair lays over a damaged range. Unlike the archive's own they may end anywhere in a term,
 * so each carries a mark in the frame's reserved value, made from its place and length: no flipped bit in another frame
 * makes one. For any thread.
 */
final class GivenUpRange {
    private static final long MARK = 0x4852_4749_5645_4e21L;

    private GivenUpRange() {
    }

    /** {@return whether the padding frame's mark fits its place and length} */
    static boolean isMark(final DirectBuffer buffer, final int index, final long position) {
        return buffer.getLong(index + DataHeaderFlyweight.RESERVED_VALUE_OFFSET, ByteOrder.LITTLE_ENDIAN)
            == mark(position, FrameLayout.length(buffer, index));
    }

    /** Writes the header of one padding frame. */
    static void putFrame(
        final MutableDirectBuffer buffer,
        final int index,
        final Recording recording,
        final long position,
        final int lengthBytes) {
        buffer.setMemory(index, DataHeaderFlyweight.HEADER_LENGTH, (byte)0);
        putInt(buffer, index + DataHeaderFlyweight.FRAME_LENGTH_FIELD_OFFSET, lengthBytes);
        buffer.putByte(index + DataHeaderFlyweight.FLAGS_FIELD_OFFSET, FrameDescriptor.UNFRAGMENTED);
        putInt(buffer, index + DataHeaderFlyweight.TERM_OFFSET_FIELD_OFFSET, recording.termOffset(position));
        putInt(buffer, index + DataHeaderFlyweight.SESSION_ID_FIELD_OFFSET, recording.sessionId());
        putInt(buffer, index + DataHeaderFlyweight.STREAM_ID_FIELD_OFFSET, recording.streamId());
        putInt(buffer, index + DataHeaderFlyweight.TERM_ID_FIELD_OFFSET, recording.termId(position));
        buffer.putLong(
            index + DataHeaderFlyweight.RESERVED_VALUE_OFFSET, mark(position, lengthBytes), ByteOrder.LITTLE_ENDIAN);
    }

    private static void putInt(final MutableDirectBuffer buffer, final int index, final int value) {
        buffer.putInt(index, value, ByteOrder.LITTLE_ENDIAN);
    }

    private static long mark(final long position, final int lengthBytes) {
        return MARK ^ position ^ Long.rotateLeft(lengthBytes, 32);
    }
}
