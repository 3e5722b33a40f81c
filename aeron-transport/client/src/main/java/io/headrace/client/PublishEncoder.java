package io.headrace.client;

import io.headrace.codecs.sbe.link.MessageHeaderEncoder;
import io.headrace.codecs.sbe.link.PublishEventEncoder;
import io.headrace.codecs.sbe.link.PublishPartEncoder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteOrder;

/** Whoever holds the publisher's lock: encodes what stands in front of an event's bytes, which are not copied. */
final class PublishEncoder {
    static final byte NO_CONFIRM = (byte)io.headrace.codecs.sbe.link.Confirm.NONE.value();
    static final int EVENT_HEAD_BYTES =
        MessageHeaderEncoder.ENCODED_LENGTH + PublishEventEncoder.BLOCK_LENGTH + Integer.BYTES;
    static final int PART_HEAD_BYTES =
        MessageHeaderEncoder.ENCODED_LENGTH + PublishPartEncoder.BLOCK_LENGTH + Integer.BYTES;

    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[Math.max(EVENT_HEAD_BYTES, PART_HEAD_BYTES)]);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final PublishEventEncoder event = new PublishEventEncoder();
    private final PublishPartEncoder part = new PublishPartEncoder();
    private long linkId;

    static byte code(final Confirm confirm) {
        switch (confirm) {
            case PUBLISHED:
                return (byte)io.headrace.codecs.sbe.link.Confirm.PUBLISHED.value();
            case RECORDED:
                return (byte)io.headrace.codecs.sbe.link.Confirm.RECORDED.value();
            default:
                return (byte)io.headrace.codecs.sbe.link.Confirm.REPLICATED.value();
        }
    }

    void linkId(final long id) {
        linkId = id;
    }

    void event(final long correlationId, final byte confirm, final int lengthBytes) {
        event.wrapAndApplyHeader(buffer, 0, header)
            .linkId(linkId)
            .correlationId(correlationId)
            .confirm(io.headrace.codecs.sbe.link.Confirm.get(confirm));
        buffer.putInt(EVENT_HEAD_BYTES - Integer.BYTES, lengthBytes, ByteOrder.LITTLE_ENDIAN);
    }

    void part(final int lengthBytes) {
        part.wrapAndApplyHeader(buffer, 0, header).linkId(linkId);
        buffer.putInt(PART_HEAD_BYTES - Integer.BYTES, lengthBytes, ByteOrder.LITTLE_ENDIAN);
    }

    DirectBuffer buffer() {
        return buffer;
    }
}
