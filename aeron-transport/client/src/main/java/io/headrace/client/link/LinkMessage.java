package io.headrace.client.link;

import io.headrace.codecs.sbe.link.FeedEventDecoder;
import io.headrace.codecs.sbe.link.FeedPartDecoder;
import io.headrace.codecs.sbe.link.FeedRequestDecoder;
import io.headrace.codecs.sbe.link.FeedStateDecoder;
import io.headrace.codecs.sbe.link.FollowAcceptedDecoder;
import io.headrace.codecs.sbe.link.FollowRequestDecoder;
import io.headrace.codecs.sbe.link.LinkAliveDecoder;
import io.headrace.codecs.sbe.link.LinkByeDecoder;
import io.headrace.codecs.sbe.link.LinkChallengeDecoder;
import io.headrace.codecs.sbe.link.LinkHelloDecoder;
import io.headrace.codecs.sbe.link.LinkProofDecoder;
import io.headrace.codecs.sbe.link.LinkRefusedDecoder;
import io.headrace.codecs.sbe.link.LinkWelcomeDecoder;
import io.headrace.codecs.sbe.link.LiveEventDecoder;
import io.headrace.codecs.sbe.link.MessageHeaderDecoder;
import io.headrace.codecs.sbe.link.PublishAnswerDecoder;
import io.headrace.codecs.sbe.link.PublishEventDecoder;
import io.headrace.codecs.sbe.link.PublishPartDecoder;
import io.headrace.codecs.sbe.link.ReplicaStateDecoder;
import io.headrace.codecs.sbe.link.StepDownRequestDecoder;
import io.headrace.codecs.sbe.link.SteppedDownDecoder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteOrder;

/**
 * The thread of the link that it belongs to: a message of {@code link.xml} that somebody else wrote. {@link #wrap}
 * checks every length once, against the range and not the buffer; after it answered true, the generated decoder of the
 * {@link #templateId()} may be wrapped at {@link #blockOffset()} and read to its end. Never throws for what the bytes
 * hold, copies nothing, and is valid as long as the bytes are.
 */
public final class LinkMessage {
    private static final int HEADER_BYTES = MessageHeaderDecoder.ENCODED_LENGTH;
    private static final int FIRST_VERSION = 1;
    private static final int EPOCH_BYTES = 2 * Long.BYTES;
    private static final int GROUP_SIZE_BYTES = 2 * Short.BYTES;
    private static final int MAX_TEMPLATE_ID = 29;
    private static final Layout[] LAYOUTS = new Layout[MAX_TEMPLATE_ID + 1];
    private static final DirectBuffer NOTHING = new UnsafeBuffer(new byte[0]);

    static {
        LAYOUTS[LinkHelloDecoder.TEMPLATE_ID] = new Layout(LinkHelloDecoder.BLOCK_LENGTH, Tail.SHORT);
        LAYOUTS[LinkProofDecoder.TEMPLATE_ID] = new Layout(LinkProofDecoder.BLOCK_LENGTH, Tail.SHORT);
        LAYOUTS[LinkAliveDecoder.TEMPLATE_ID] = new Layout(LinkAliveDecoder.BLOCK_LENGTH, Tail.NONE);
        LAYOUTS[LinkByeDecoder.TEMPLATE_ID] = new Layout(LinkByeDecoder.BLOCK_LENGTH, Tail.NONE);
        LAYOUTS[PublishEventDecoder.TEMPLATE_ID] = new Layout(PublishEventDecoder.BLOCK_LENGTH, Tail.LONG);
        LAYOUTS[FeedRequestDecoder.TEMPLATE_ID] = new Layout(FeedRequestDecoder.BLOCK_LENGTH, Tail.SHORT);
        LAYOUTS[FollowRequestDecoder.TEMPLATE_ID] = new Layout(FollowRequestDecoder.BLOCK_LENGTH, Tail.EPOCHS);
        LAYOUTS[ReplicaStateDecoder.TEMPLATE_ID] = new Layout(ReplicaStateDecoder.BLOCK_LENGTH, Tail.NONE);
        LAYOUTS[StepDownRequestDecoder.TEMPLATE_ID] = new Layout(StepDownRequestDecoder.BLOCK_LENGTH, Tail.NONE);
        LAYOUTS[PublishPartDecoder.TEMPLATE_ID] = new Layout(PublishPartDecoder.BLOCK_LENGTH, Tail.LONG);
        LAYOUTS[LinkChallengeDecoder.TEMPLATE_ID] = new Layout(LinkChallengeDecoder.BLOCK_LENGTH, Tail.SHORT);
        LAYOUTS[LinkWelcomeDecoder.TEMPLATE_ID] = new Layout(LinkWelcomeDecoder.BLOCK_LENGTH, Tail.SHORT);
        LAYOUTS[LinkRefusedDecoder.TEMPLATE_ID] = new Layout(LinkRefusedDecoder.BLOCK_LENGTH, Tail.SHORT);
        LAYOUTS[PublishAnswerDecoder.TEMPLATE_ID] = new Layout(PublishAnswerDecoder.BLOCK_LENGTH, Tail.NONE);
        LAYOUTS[FeedEventDecoder.TEMPLATE_ID] = new Layout(FeedEventDecoder.BLOCK_LENGTH, Tail.LONG);
        LAYOUTS[FeedStateDecoder.TEMPLATE_ID] = new Layout(FeedStateDecoder.BLOCK_LENGTH, Tail.NONE);
        LAYOUTS[FollowAcceptedDecoder.TEMPLATE_ID] = new Layout(FollowAcceptedDecoder.BLOCK_LENGTH, Tail.EPOCHS);
        LAYOUTS[SteppedDownDecoder.TEMPLATE_ID] = new Layout(SteppedDownDecoder.BLOCK_LENGTH, Tail.NONE);
        LAYOUTS[FeedPartDecoder.TEMPLATE_ID] = new Layout(FeedPartDecoder.BLOCK_LENGTH, Tail.LONG);
        LAYOUTS[LiveEventDecoder.TEMPLATE_ID] = new Layout(LiveEventDecoder.BLOCK_LENGTH, Tail.LONG);
    }

    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private DirectBuffer buffer = NOTHING;
    private int templateId;
    private int blockOffset;
    private int blockLengthBytes;
    private int version;
    private int dataOffset;
    private int dataLengthBytes;
    private int epochCount;
    private int epochLengthBytes;

    /** What follows the fixed block. */
    private enum Tail { NONE, SHORT, LONG, EPOCHS }

    private record Layout(int blockLengthBytes, Tail tail) {
    }

    /**
     * Checks a message.
     *
     * @param source      that holds it.
     * @param offset      where its header begins.
     * @param lengthBytes its length, exactly.
     * @return false when it is none of the schema, or not whole; nothing of it may be read then.
     */
    public boolean wrap(final DirectBuffer source, final int offset, final int lengthBytes) {
        templateId = 0;
        if (offset < 0 || lengthBytes < HEADER_BYTES || lengthBytes > source.capacity() - offset) {
            return false;
        }
        header.wrap(source, offset);
        final int id = header.templateId();
        final Layout layout = id <= MAX_TEMPLATE_ID ? LAYOUTS[id] : null;
        if (header.schemaId() != MessageHeaderDecoder.SCHEMA_ID || layout == null) {
            return false;
        }
        version = header.version();
        blockLengthBytes = header.blockLength();
        blockOffset = offset + HEADER_BYTES;
        final int limit = offset + lengthBytes;
        if (version < FIRST_VERSION || blockLengthBytes < layout.blockLengthBytes
            || blockLengthBytes > limit - blockOffset) {
            return false;
        }
        buffer = source;
        final int end = tailEnd(layout.tail, blockOffset + blockLengthBytes, limit);
        if (end < 0 || version <= MessageHeaderDecoder.SCHEMA_VERSION && end != limit) {
            return false;
        }
        templateId = id;
        return true;
    }

    /** Where what follows the block ends; negative when that is behind the limit. */
    private int tailEnd(final Tail tail, final int position, final int limit) {
        dataOffset = position;
        dataLengthBytes = 0;
        epochCount = 0;
        switch (tail) {
            case SHORT:
                return limit - position < Short.BYTES ? -1 : dataEnd(
                    position + Short.BYTES, buffer.getShort(position, ByteOrder.LITTLE_ENDIAN) & 0xFFFF, limit);
            case LONG:
                return limit - position < Integer.BYTES ? -1 : dataEnd(
                    position + Integer.BYTES, buffer.getInt(position, ByteOrder.LITTLE_ENDIAN), limit);
            case EPOCHS:
                return limit - position < GROUP_SIZE_BYTES ? -1 : epochsEnd(position, limit);
            default:
                return position;
        }
    }

    /** An unsigned length of 32 bits above 2 GiB is negative here, and refused as such. */
    private int dataEnd(final int position, final int lengthBytes, final int limit) {
        if (lengthBytes < 0 || lengthBytes > limit - position) {
            return -1;
        }
        dataOffset = position;
        dataLengthBytes = lengthBytes;
        return position + lengthBytes;
    }

    private int epochsEnd(final int position, final int limit) {
        epochLengthBytes = buffer.getShort(position, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
        final int count = buffer.getShort(position + Short.BYTES, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
        final int begin = position + GROUP_SIZE_BYTES;
        if (count > 0 && epochLengthBytes < EPOCH_BYTES || (long)count * epochLengthBytes > limit - begin) {
            return -1;
        }
        dataOffset = begin;
        epochCount = count;
        return begin + count * epochLengthBytes;
    }

    /** {@return which message it is; 0 when none is wrapped} */
    public int templateId() {
        return templateId;
    }

    /** {@return the buffer that holds it} */
    public DirectBuffer buffer() {
        return buffer;
    }

    /** {@return where its fixed block begins, which is where its decoder is wrapped} */
    public int blockOffset() {
        return blockOffset;
    }

    /** {@return the length of its fixed block in bytes, for its decoder} */
    public int blockLengthBytes() {
        return blockLengthBytes;
    }

    /** {@return the version of the schema that its writer knew, for its decoder} */
    public int version() {
        return version;
    }

    /** {@return the first field: in every message but those of the live stream, the link that it belongs to} */
    public long linkId() {
        return buffer.getLong(blockOffset, ByteOrder.LITTLE_ENDIAN);
    }

    /** {@return where its one field of variable length begins} */
    public int dataOffset() {
        return dataOffset;
    }

    /** {@return the length of that field in bytes; 0 when the message has none} */
    public int dataLengthBytes() {
        return dataLengthBytes;
    }

    /** {@return that field as text; bytes that are no UTF-8 are replaced} */
    public String dataText() {
        return buffer.getStringWithoutLengthUtf8(dataOffset, dataLengthBytes);
    }

    /** {@return a copy of that field} */
    public byte[] dataBytes() {
        final byte[] bytes = new byte[dataLengthBytes];
        buffer.getBytes(dataOffset, bytes);
        return bytes;
    }

    /** {@return how many epochs it names} */
    public int epochCount() {
        return epochCount;
    }

    /**
     * Where an epoch begins.
     *
     * @param index from 0, below the count.
     * @return the first sequence of it.
     */
    public long epochFirstSequence(final int index) {
        return buffer.getLong(epochOffset(index), ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * When an epoch began.
     *
     * @param index from 0, below the count.
     * @return nanoseconds since the Unix epoch.
     */
    public long epochStartTimeNs(final int index) {
        return buffer.getLong(epochOffset(index) + Long.BYTES, ByteOrder.LITTLE_ENDIAN);
    }

    private int epochOffset(final int index) {
        if (index < 0 || index >= epochCount) {
            throw new IllegalArgumentException("index=" + index + " is not within 0.." + (epochCount - 1));
        }
        return dataOffset + index * epochLengthBytes;
    }
}
