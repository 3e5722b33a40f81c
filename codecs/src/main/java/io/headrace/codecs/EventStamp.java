package io.headrace.codecs;

import java.nio.ByteOrder;

import io.headrace.codecs.sbe.EventDecoder;
import io.headrace.codecs.sbe.EventEncoder;
import io.headrace.codecs.sbe.MessageHeaderEncoder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * The publisher's thread stamps, any thread that may read the memory reads; no state: the fixed fields of an Event at
 * their place in a raw buffer, for the bus, which writes and reads them once per event and has no need of a view.
 *
 * <p>Nothing is checked here: the offsets must be those of events that an {@link EventWriter} wrote or an
 * {@link EventView} accepted.
 */
public final class EventStamp {
    private static final int BLOCK = MessageHeaderEncoder.ENCODED_LENGTH;
    private static final int SEQUENCE = BLOCK + EventEncoder.sequenceEncodingOffset();
    private static final int PUBLISH_TIME = BLOCK + EventEncoder.publishTimeNsEncodingOffset();
    private static final int SOURCE_TIME = BLOCK + EventDecoder.sourceTimeNsEncodingOffset();
    private static final int KEY_HASH = BLOCK + EventDecoder.keyHashEncodingOffset();
    private static final int KIND = BLOCK + EventDecoder.kindEncodingOffset();
    private static final int FLAGS = BLOCK + EventDecoder.flagsEncodingOffset();
    private static final int BLOCK_LENGTH = MessageHeaderEncoder.blockLengthEncodingOffset();
    private static final int FIELDS_BEFORE_MESSAGE_ID = 2;

    private EventStamp() {
    }

    /**
     * Writes what only the bus knows: the event's place in the total order, and when it got it.
     *
     * @param buffer         that holds the event.
     * @param eventOffset    of the event's SBE header.
     * @param sequence       in the bus's total order.
     * @param publishTimeNs  since the Unix epoch.
     */
    public static void stamp(
        final MutableDirectBuffer buffer, final int eventOffset, final long sequence, final long publishTimeNs) {
        buffer.putLong(eventOffset + SEQUENCE, sequence, ByteOrder.LITTLE_ENDIAN);
        buffer.putLong(eventOffset + PUBLISH_TIME, publishTimeNs, ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Place in the bus's total order.
     *
     * @param buffer       that holds the event.
     * @param eventOffset  of the event's SBE header.
     * @return the sequence; 0 as long as nobody stamped it.
     */
    public static long sequence(final DirectBuffer buffer, final int eventOffset) {
        return buffer.getLong(eventOffset + SEQUENCE, ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * When the event was committed to the bus.
     *
     * @param buffer       that holds the event.
     * @param eventOffset  of the event's SBE header.
     * @return nanoseconds since the Unix epoch; 0 as long as nobody stamped it.
     */
    public static long publishTimeNs(final DirectBuffer buffer, final int eventOffset) {
        return buffer.getLong(eventOffset + PUBLISH_TIME, ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * When the event happened, by its source's clock.
     *
     * @param buffer       that holds the event.
     * @param eventOffset  of the event's SBE header.
     * @return nanoseconds since the Unix epoch.
     */
    public static long sourceTimeNs(final DirectBuffer buffer, final int eventOffset) {
        return buffer.getLong(eventOffset + SOURCE_TIME, ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Hash of the event's key.
     *
     * @param buffer       that holds the event.
     * @param eventOffset  of the event's SBE header.
     * @return as {@link KeyHash} computed it; 0 without a key.
     */
    public static long keyHash(final DirectBuffer buffer, final int eventOffset) {
        return buffer.getLong(eventOffset + KEY_HASH, ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Kind of the event's payload.
     *
     * @param buffer       that holds the event.
     * @param eventOffset  of the event's SBE header.
     * @return the encoded value of an {@link io.headrace.codecs.sbe.EventKind}, 0 to 255.
     */
    public static int kind(final DirectBuffer buffer, final int eventOffset) {
        return buffer.getByte(eventOffset + KIND) & 0xFF;
    }

    /**
     * Flags of the event.
     *
     * @param buffer       that holds the event.
     * @param eventOffset  of the event's SBE header.
     * @return bits, see {@link EventWriter#SNAPSHOT} and {@link EventWriter#IN_TRANSACTION}.
     */
    public static int flags(final DirectBuffer buffer, final int eventOffset) {
        return buffer.getShort(eventOffset + FLAGS, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
    }

    /**
     * Where the event's message id is. Reads nothing outside of the event, whatever its bytes hold.
     *
     * @param buffer       that holds the event.
     * @param eventOffset  of the event's SBE header.
     * @param eventLength  of the event in bytes, at least that of an empty one.
     * @return the offset of the id's first byte; -1 for an event without one, and for what is no event.
     */
    public static int messageIdOffset(final DirectBuffer buffer, final int eventOffset, final int eventLength) {
        final int limit = eventOffset + eventLength;
        int at = eventOffset + BLOCK + length(buffer, eventOffset + BLOCK_LENGTH);
        for (int i = 0; i < FIELDS_BEFORE_MESSAGE_ID && at <= limit - Short.BYTES; i++) {
            at += Short.BYTES + length(buffer, at);
        }
        if (at > limit - Short.BYTES) {
            return -1;
        }
        final int idLength = length(buffer, at);
        return idLength == 0 || idLength > limit - at - Short.BYTES ? -1 : at + Short.BYTES;
    }

    /**
     * How long the event's message id is.
     *
     * @param buffer          that holds the event.
     * @param messageIdOffset as {@link #messageIdOffset(DirectBuffer, int, int)} answered, not -1.
     * @return the length in bytes, at least 1.
     */
    public static int messageIdLength(final DirectBuffer buffer, final int messageIdOffset) {
        return length(buffer, messageIdOffset - Short.BYTES);
    }

    private static int length(final DirectBuffer buffer, final int at) {
        return buffer.getShort(at, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
    }
}
