package io.headrace.client.link;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headrace.codecs.sbe.link.FollowRequestDecoder;
import io.headrace.codecs.sbe.link.FollowRequestEncoder;
import io.headrace.codecs.sbe.link.LinkAliveDecoder;
import io.headrace.codecs.sbe.link.LinkAliveEncoder;
import io.headrace.codecs.sbe.link.LinkHelloDecoder;
import io.headrace.codecs.sbe.link.LinkHelloEncoder;
import io.headrace.codecs.sbe.link.LinkRole;
import io.headrace.codecs.sbe.link.MessageHeaderEncoder;
import io.headrace.codecs.sbe.link.PublishEventDecoder;
import io.headrace.codecs.sbe.link.PublishEventEncoder;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Run by JUnit's thread: every message is read as it was written, and nothing else is. */
class LinkMessageTest {
    private static final int HEADER_BYTES = MessageHeaderEncoder.ENCODED_LENGTH;
    private static final int OFFSET = 24;

    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[1_024]);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final LinkMessage message = new LinkMessage();

    private int hello() {
        return HEADER_BYTES + new LinkHelloEncoder().wrapAndApplyHeader(buffer, OFFSET, header)
            .linkId(-5).protocolVersion(1).role(LinkRole.REPLICA).answerPort(700).answerStreamId(9)
            .name("line-7").encodedLength();
    }

    private int publish(final byte[] event) {
        return HEADER_BYTES + new PublishEventEncoder().wrapAndApplyHeader(buffer, OFFSET, header)
            .linkId(6).correlationId(7).putEventBytes(event, 0, event.length).encodedLength();
    }

    private int follow() {
        final FollowRequestEncoder encoder = new FollowRequestEncoder().wrapAndApplyHeader(buffer, OFFSET, header)
            .linkId(6).logId(8).nextSequence(100).slotBytes(256);
        encoder.epochsCount(2).next().firstSequence(0).startTimeNs(11).next().firstSequence(50).startTimeNs(12);
        return HEADER_BYTES + encoder.encodedLength();
    }

    @Test
    void shouldReadAMessageWithText() {
        assertTrue(message.wrap(buffer, OFFSET, hello()));
        assertEquals(LinkHelloDecoder.TEMPLATE_ID, message.templateId());
        assertEquals(-5, message.linkId());
        assertEquals("line-7", message.dataText());
        final LinkHelloDecoder decoder = new LinkHelloDecoder().wrap(
            message.buffer(), message.blockOffset(), message.blockLengthBytes(), message.version());
        assertEquals(LinkRole.REPLICA, decoder.role());
        assertEquals("line-7", decoder.name());
    }

    @Test
    void shouldReadAMessageWithBytes() {
        final byte[] event = "an event".getBytes(StandardCharsets.UTF_8);
        assertTrue(message.wrap(buffer, OFFSET, publish(event)));
        assertEquals(PublishEventDecoder.TEMPLATE_ID, message.templateId());
        assertArrayEquals(event, message.dataBytes());
    }

    @Test
    void shouldReadAMessageWithEpochs() {
        assertTrue(message.wrap(buffer, OFFSET, follow()));
        assertEquals(FollowRequestDecoder.TEMPLATE_ID, message.templateId());
        assertEquals(2, message.epochCount());
        assertEquals(50, message.epochFirstSequence(1));
        assertEquals(11, message.epochStartTimeNs(0));
        assertThrows(IllegalArgumentException.class, () -> message.epochStartTimeNs(2));
    }

    @Test
    void shouldRefuseEveryTruncationAndEveryByteTooMany() {
        for (final int lengthBytes : new int[] {hello(), publish(new byte[9]), follow()}) {
            for (int cut = 0; cut < lengthBytes; cut++) {
                buffer.setMemory(0, buffer.capacity(), (byte)0);
                final int length = lengthBytes == hello() ? hello()
                    : lengthBytes == publish(new byte[9]) ? publish(new byte[9]) : follow();
                assertTrue(message.wrap(buffer, OFFSET, length));
                assertFalse(message.wrap(buffer, OFFSET, cut), "cut=" + cut);
                assertEquals(0, message.templateId());
            }
        }
        final int length = hello();
        assertFalse(message.wrap(buffer, OFFSET, length + 1));
    }

    @Test
    void shouldRefuseARangeOutsideOfItsBuffer() {
        assertFalse(message.wrap(buffer, -1, hello()));
        assertFalse(message.wrap(buffer, buffer.capacity() - 4, 100));
        assertFalse(message.wrap(buffer, OFFSET, -1));
    }

    @Test
    void shouldAcceptALongerMessageOfANewerVersion() {
        new LinkAliveEncoder().wrapAndApplyHeader(buffer, OFFSET, header).linkId(3);
        header.wrap(buffer, OFFSET).version(2).blockLength(LinkAliveDecoder.BLOCK_LENGTH + 8);
        assertTrue(message.wrap(buffer, OFFSET, HEADER_BYTES + LinkAliveDecoder.BLOCK_LENGTH + 8));
        assertTrue(message.wrap(buffer, OFFSET, HEADER_BYTES + LinkAliveDecoder.BLOCK_LENGTH + 20));
        header.wrap(buffer, OFFSET).version(0);
        assertFalse(message.wrap(buffer, OFFSET, HEADER_BYTES + LinkAliveDecoder.BLOCK_LENGTH + 8));
    }

    @Property
    void shouldNeverReadOutsideOfRandomBytes(
        @ForAll @Size(max = 200) final byte[] bytes,
        @ForAll @IntRange(max = 32) final int templateId,
        @ForAll final boolean ourHeader) {
        final byte[] copy = Arrays.copyOf(bytes, bytes.length);
        if (ourHeader && copy.length >= HEADER_BYTES) {
            header.wrap(new UnsafeBuffer(copy), 0)
                .templateId(templateId).schemaId(MessageHeaderEncoder.SCHEMA_ID).version(1);
        }
        final UnsafeBuffer exact = new UnsafeBuffer(copy);
        if (message.wrap(exact, 0, copy.length)) {
            assertTrue(message.dataOffset() + message.dataLengthBytes() <= copy.length);
            assertEquals(message.dataLengthBytes(), message.dataBytes().length);
            for (int i = 0; i < message.epochCount(); i++) {
                assertEquals(exact.getLong(message.dataOffset()), message.epochFirstSequence(0));
                message.epochStartTimeNs(i);
            }
        }
    }
}
