package io.headrace.codecs;

import static io.headrace.codecs.Models.copy;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Arrays;

import io.headrace.codecs.Models.EventModel;
import io.headrace.codecs.sbe.EventDecoder;
import io.headrace.codecs.sbe.EventKind;
import io.headrace.codecs.sbe.MessageHeaderDecoder;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class EventTest {
    private static final byte NOISE = (byte)0xA5;

    private final EventWriter writer = new EventWriter();
    private final EventView view = new EventView();

    @Provide
    Arbitrary<EventModel> events() {
        return Models.events();
    }

    @Property(tries = 400)
    void shouldReadWhatWasWritten(
        @ForAll("events") final EventModel event, @ForAll @IntRange(max = 70) final int offset) {
        final int expectedLength = EventWriter.overheadLength(
            event.topic().length, event.source().length, event.messageId().length, event.correlationId().length,
            event.sourcePosition().length, event.key().length) + event.payload().length;
        final UnsafeBuffer heap = new UnsafeBuffer(new byte[offset + expectedLength]);
        final UnsafeBuffer direct = new UnsafeBuffer(ByteBuffer.allocateDirect(offset + expectedLength));
        for (final MutableDirectBuffer buffer : new MutableDirectBuffer[]{
            heap, direct, new ExpandableArrayBuffer(16)}) {
            buffer.setMemory(0, Math.min(buffer.capacity(), offset + expectedLength), NOISE);
            assertEquals(expectedLength, event.write(writer, buffer, offset));
            assertSame(DecodeError.NONE, view.wrap(buffer, offset, expectedLength));
            assertSame(buffer, view.buffer());
            assertEquals(offset, view.offset());
            assertEquals(expectedLength, view.length());
            assertViewShows(event, view);
            assertStampShows(event, buffer, offset);
        }
        assertArrayEquals(heap.byteArray(), copy(direct, 0, direct.capacity()));
    }

    @Property(tries = 100)
    void shouldWriteWhatTheGeneratedDecoderReads(@ForAll("events") final EventModel event) {
        final MutableDirectBuffer buffer = new ExpandableArrayBuffer();
        final int length = event.write(writer, buffer, 3);
        final EventDecoder decoder = new EventDecoder().wrapAndApplyHeader(buffer, 3, new MessageHeaderDecoder());
        assertEquals(0, decoder.sequence());
        assertEquals(0, decoder.publishTimeNs());
        assertEquals(event.sourceTimeNs(), decoder.sourceTimeNs());
        assertEquals(KeyHash.of(event.key()), decoder.keyHash());
        assertEquals(event.kind(), decoder.kind());
        assertEquals((event.flags() & 1) != 0, decoder.flags().snapshot());
        assertEquals((event.flags() & 2) != 0, decoder.flags().inTransaction());
        final byte[] read = new byte[length];
        assertSameBytes(event.topic(), read, decoder.getTopic(read, 0, length));
        assertSameBytes(event.source(), read, decoder.getSource(read, 0, length));
        assertSameBytes(event.messageId(), read, decoder.getMessageId(read, 0, length));
        assertSameBytes(event.correlationId(), read, decoder.getCorrelationId(read, 0, length));
        assertSameBytes(event.sourcePosition(), read, decoder.getSourcePosition(read, 0, length));
        assertSameBytes(event.key(), read, decoder.getKey(read, 0, length));
        assertSameBytes(event.payload(), read, decoder.getPayload(read, 0, length));
        assertEquals(length, MessageHeaderDecoder.ENCODED_LENGTH + decoder.encodedLength());
    }

    @Test
    void shouldEncodeAPayloadInPlaceAndStampItLater() {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[512]);
        writer.wrap(buffer, 16, 400).kind(EventKind.READING).topic("machine/7".getBytes(UTF_8));
        final int at = writer.beginPayload();
        final int payloadLength = new ReadingWriter().wrap(buffer, at, 416 - at).longValue(-5).length();
        final int length = writer.endPayload(payloadLength).length();
        EventStamp.stamp(buffer, 16, 99, 123_456_789_012_345L);

        assertSame(DecodeError.NONE, view.wrap(buffer, 16, length));
        assertEquals(99, view.sequence());
        assertEquals(123_456_789_012_345L, view.publishTimeNs());
        assertEquals(99, EventStamp.sequence(buffer, 16));
        assertEquals(123_456_789_012_345L, EventStamp.publishTimeNs(buffer, 16));
        assertEquals("machine/7", view.topic());
        assertEquals("", view.source());
        assertEquals(at, view.payloadOffset());
        final ReadingView reading = new ReadingView();
        assertSame(DecodeError.NONE, reading.wrap(buffer, view.payloadOffset(), view.payloadLength()));
        assertEquals(-5, reading.longValue());
    }

    @Test
    void shouldWriteOmittedFieldsEmpty() {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[128]);
        final byte[] padded = "..key..".getBytes(UTF_8);
        final int length = writer.wrap(buffer, 0).kind(EventKind.DOCUMENT)
            .key(new UnsafeBuffer(padded), 2, 3).length();
        assertEquals(EventWriter.overheadLength(0, 0, 0, 0, 0, 3), length);
        assertEquals(length, writer.length());
        assertSame(DecodeError.NONE, view.wrap(buffer, 0, length));
        assertEquals("", view.topic());
        assertEquals(0, view.messageIdLength());
        assertEquals(0, view.payloadLength());
        assertEquals(KeyHash.of("key".getBytes(UTF_8)), view.keyHash());
        assertFalse(view.snapshot());
        assertFalse(view.inTransaction());
    }

    @Test
    void shouldForgetTheLastEventWhenItRefusesTheNext() {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[128]);
        final int length = writer.wrap(buffer, 0).kind(EventKind.DOCUMENT).flags(EventWriter.SNAPSHOT)
            .topic("t".getBytes(UTF_8)).length();
        assertNull(view.kind());
        assertSame(DecodeError.NONE, view.wrap(buffer, 0, length));
        assertTrue(view.snapshot());
        assertSame(DecodeError.TRUNCATED, view.wrap(buffer, 0, length - 1));
        assertNull(view.kind());
        assertEquals("", view.topic());
        assertEquals(0, view.length());
        assertFalse(view.snapshot());
    }

    @Test
    void shouldRefuseAnEventWithoutKind() {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[128]);
        assertSame(DecodeError.BAD_ENUM, view.wrap(buffer, 0, writer.wrap(buffer, 0).length()));
    }

    static void assertViewShows(final EventModel event, final EventView view) {
        final DirectBuffer buffer = view.buffer();
        assertEquals(event.kind(), view.kind());
        assertEquals(event.flags(), view.flags());
        assertEquals((event.flags() & EventWriter.SNAPSHOT) != 0, view.snapshot());
        assertEquals((event.flags() & EventWriter.IN_TRANSACTION) != 0, view.inTransaction());
        assertEquals(event.sourceTimeNs(), view.sourceTimeNs());
        assertEquals(KeyHash.of(event.key()), view.keyHash());
        assertEquals(new String(event.topic(), UTF_8), view.topic());
        assertEquals(new String(event.source(), UTF_8), view.source());
        assertArrayEquals(event.topic(), copy(buffer, view.topicOffset(), view.topicLength()));
        assertArrayEquals(event.source(), copy(buffer, view.sourceOffset(), view.sourceLength()));
        assertArrayEquals(event.messageId(), copy(buffer, view.messageIdOffset(), view.messageIdLength()));
        assertArrayEquals(
            event.correlationId(), copy(buffer, view.correlationIdOffset(), view.correlationIdLength()));
        assertArrayEquals(
            event.sourcePosition(), copy(buffer, view.sourcePositionOffset(), view.sourcePositionLength()));
        assertArrayEquals(event.key(), copy(buffer, view.keyOffset(), view.keyLength()));
        assertArrayEquals(event.payload(), copy(buffer, view.payloadOffset(), view.payloadLength()));
    }

    private static void assertStampShows(final EventModel event, final DirectBuffer buffer, final int offset) {
        assertEquals(0, EventStamp.sequence(buffer, offset));
        assertEquals(0, EventStamp.publishTimeNs(buffer, offset));
        assertEquals(event.sourceTimeNs(), EventStamp.sourceTimeNs(buffer, offset));
        assertEquals(KeyHash.of(event.key()), EventStamp.keyHash(buffer, offset));
        assertEquals(event.kind().value(), EventStamp.kind(buffer, offset));
        assertEquals(event.flags(), EventStamp.flags(buffer, offset));
    }

    private static void assertSameBytes(final byte[] expected, final byte[] read, final int length) {
        assertArrayEquals(expected, Arrays.copyOf(read, length));
    }
}
