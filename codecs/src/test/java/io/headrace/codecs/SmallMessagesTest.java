package io.headrace.codecs;

import static io.headrace.codecs.Models.copy;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.headrace.codecs.Models.DocumentModel;
import io.headrace.codecs.Models.MarkModel;
import io.headrace.codecs.Models.ReadingModel;
import io.headrace.codecs.sbe.DocumentDecoder;
import io.headrace.codecs.sbe.Mark;
import io.headrace.codecs.sbe.MessageHeaderDecoder;
import io.headrace.codecs.sbe.Quality;
import io.headrace.codecs.sbe.ReadingDecoder;
import io.headrace.codecs.sbe.ReadingEncoder;
import io.headrace.codecs.sbe.ReadingType;
import io.headrace.codecs.sbe.TransactionMarkDecoder;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.agrona.ExpandableArrayBuffer;
import org.junit.jupiter.api.Test;

/** Round trips of the messages without groups: Reading, Document and TransactionMark. */
class SmallMessagesTest {
    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();

    @Provide
    Arbitrary<ReadingModel> readings() {
        return Models.readings();
    }

    @Provide
    Arbitrary<DocumentModel> documents() {
        return Models.documents();
    }

    @Provide
    Arbitrary<MarkModel> marks() {
        return Models.marks();
    }

    @Property(tries = 300)
    void shouldReadTheReadingThatWasWritten(
        @ForAll("readings") final ReadingModel reading, @ForAll @IntRange(max = 70) final int offset) {
        buffer.setMemory(0, buffer.capacity(), (byte)0xA5);
        final int length = reading.write(new ReadingWriter(), buffer, offset);
        final ReadingView view = new ReadingView();
        assertSame(DecodeError.NONE, view.wrap(buffer, offset, length));
        assertViewShows(reading, view);

        final ReadingDecoder decoder = new ReadingDecoder().wrapAndApplyHeader(buffer, offset, header);
        assertEquals(reading.timeNs(), decoder.timeNs());
        assertEquals(reading.type(), decoder.readingType());
        assertEquals(reading.quality(), decoder.quality());
        assertEquals(reading.doubleValue(), decoder.doubleValue());
        assertEquals(reading.longValue(), decoder.longValue());
        assertEquals(reading.sensorId(), decoder.sensorId());
        assertEquals(reading.unit(), decoder.unit());
        assertEquals(reading.text(), decoder.text());
        assertEquals(length, MessageHeaderDecoder.ENCODED_LENGTH + decoder.encodedLength());
    }

    @Property(tries = 200)
    void shouldReadTheDocumentThatWasWritten(
        @ForAll("documents") final DocumentModel document, @ForAll @IntRange(max = 70) final int offset) {
        final int length = document.write(new DocumentWriter(), buffer, offset);
        final DocumentView view = new DocumentView();
        assertSame(DecodeError.NONE, view.wrap(buffer, offset, length));
        assertEquals(document.contentType(), view.contentType());
        assertEquals(document.schemaReference(), view.schemaReference());
        assertArrayEquals(document.body(), copy(buffer, view.bodyOffset(), view.bodyLength()));

        final DocumentDecoder decoder = new DocumentDecoder().wrapAndApplyHeader(buffer, offset, header);
        assertEquals(document.contentType(), decoder.contentType());
        assertEquals(document.schemaReference(), decoder.schemaReference());
        final byte[] body = new byte[decoder.bodyLength()];
        decoder.getBody(body, 0, body.length);
        assertArrayEquals(document.body(), body);
        assertEquals(length, MessageHeaderDecoder.ENCODED_LENGTH + decoder.encodedLength());
    }

    @Property(tries = 200)
    void shouldReadTheTransactionMarkThatWasWritten(
        @ForAll("marks") final MarkModel mark, @ForAll @IntRange(max = 70) final int offset) {
        final int length = mark.write(new TransactionMarkWriter(), buffer, offset);
        final TransactionMarkView view = new TransactionMarkView();
        assertSame(DecodeError.NONE, view.wrap(buffer, offset, length));
        assertEquals(mark, new MarkModel(
            view.mark(), view.transactionId(), view.commitTimeNs(), view.commitLsn(), view.eventCount()));

        final TransactionMarkDecoder decoder =
            new TransactionMarkDecoder().wrapAndApplyHeader(buffer, offset, header);
        assertEquals(mark, new MarkModel(
            decoder.mark(), decoder.transactionId(), decoder.commitTimeNs(), decoder.commitLsn(),
            decoder.eventCount()));
        assertEquals(length, MessageHeaderDecoder.ENCODED_LENGTH + decoder.encodedLength());
    }

    @Test
    void shouldEncodeABodyInPlace() {
        final DocumentWriter writer = new DocumentWriter().wrap(buffer, 8, 200);
        writer.contentType("application/json".getBytes(UTF_8));
        final int at = writer.beginBody();
        buffer.putStringWithoutLengthAscii(at, "{\"a\":1}");
        final int length = writer.endBody(7).length();
        final DocumentView view = new DocumentView();
        assertSame(DecodeError.NONE, view.wrap(buffer, 8, length));
        assertEquals("{\"a\":1}", buffer.getStringWithoutLengthUtf8(view.bodyOffset(), view.bodyLength()));
        assertEquals("", view.schemaReference());
    }

    @Test
    void shouldTakeAReadingForGoodUnlessItIsSaidOtherwise() {
        final int length = new ReadingWriter().wrap(buffer, 0).boolValue(true).length();
        final ReadingView view = new ReadingView();
        assertSame(DecodeError.NONE, view.wrap(buffer, 0, length));
        assertEquals(Quality.GOOD, view.quality());
        assertEquals(ReadingType.BOOLEAN, view.readingType());
        assertEquals(true, view.boolValue());
    }

    @Test
    void shouldRefuseABooleanReadingThatIsNeitherTrueNorFalse() {
        final int length = new ReadingWriter().wrap(buffer, 0).boolValue(true).length();
        buffer.putByte(MessageHeaderDecoder.ENCODED_LENGTH + ReadingEncoder.longValueEncodingOffset(), (byte)2);
        final ReadingView view = new ReadingView();
        assertSame(DecodeError.BAD_VALUE, view.wrap(buffer, 0, length));
        assertNull(view.readingType());
        assertEquals(0, view.longValue());
    }

    @Test
    void shouldRefuseMessagesWithoutTheirRequiredField() {
        final int readingLength = new ReadingWriter().wrap(buffer, 0).length();
        assertSame(DecodeError.BAD_ENUM, new ReadingView().wrap(buffer, 0, readingLength));
        final TransactionMarkView view = new TransactionMarkView();
        final TransactionMarkWriter writer = new TransactionMarkWriter();
        final int begin = writer.wrap(buffer, 0, 41).mark(Mark.BEGIN).length();
        assertSame(DecodeError.NONE, view.wrap(buffer, 0, begin));
        assertSame(DecodeError.BAD_ENUM, view.wrap(buffer, 0, writer.wrap(buffer, 0).length()));
        assertNull(view.mark());
    }

    static void assertViewShows(final ReadingModel reading, final ReadingView view) {
        assertEquals(reading, new ReadingModel(
            view.timeNs(), view.readingType(), view.quality(), view.doubleValue(), view.longValue(),
            view.sensorId(), view.unit(), view.text()));
        assertEquals(reading.longValue() != 0, view.boolValue());
        assertEquals(reading.sensorId().getBytes(UTF_8).length, view.sensorIdLength());
    }
}
