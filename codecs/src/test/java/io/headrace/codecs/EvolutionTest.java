package io.headrace.codecs;

import static io.headrace.codecs.Samples.utf8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headrace.codecs.Models.ColumnModel;
import io.headrace.codecs.Models.EventModel;
import io.headrace.codecs.Models.ReadingModel;
import io.headrace.codecs.Models.RowChangeModel;
import io.headrace.codecs.sbe.Quality;
import io.headrace.codecs.sbe.next.ColumnType;
import io.headrace.codecs.sbe.next.EventDecoder;
import io.headrace.codecs.sbe.next.EventEncoder;
import io.headrace.codecs.sbe.next.EventKind;
import io.headrace.codecs.sbe.next.MessageHeaderDecoder;
import io.headrace.codecs.sbe.next.MessageHeaderEncoder;
import io.headrace.codecs.sbe.next.Operation;
import io.headrace.codecs.sbe.next.ReadingDecoder;
import io.headrace.codecs.sbe.next.ReadingEncoder;
import io.headrace.codecs.sbe.next.ReadingType;
import io.headrace.codecs.sbe.next.RowChangeDecoder;
import io.headrace.codecs.sbe.next.RowChangeEncoder;
import io.headrace.codecs.sbe.next.ValueState;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.agrona.ExpandableArrayBuffer;
import org.junit.jupiter.api.Test;

/**
 * This version against the next one (headrace-next.xml), which appends a field or data wherever that is allowed: our
 * views read what the next version's codecs write, and those read what our writers write.
 */
class EvolutionTest {
    private static final int OFFSET = 8;

    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final MessageHeaderDecoder headerDecoder = new MessageHeaderDecoder();

    @Provide
    Arbitrary<EventModel> events() {
        return Models.events();
    }

    @Provide
    Arbitrary<RowChangeModel> rowChanges() {
        return Models.rowChanges();
    }

    @Provide
    Arbitrary<ReadingModel> readings() {
        return Models.readings();
    }

    @Property(tries = 150)
    void shouldReadAnEventOfTheNextVersion(@ForAll("events") final EventModel event) {
        final int length = writeNextEvent(event);
        final EventView view = new EventView();
        assertSame(DecodeError.NONE, view.wrap(buffer, OFFSET, length));
        EventTest.assertViewShows(event, view);
        assertEquals(-1, view.sequence());
        assertEquals(-2, EventStamp.publishTimeNs(buffer, OFFSET));
    }

    @Property(tries = 150)
    void shouldReadARowChangeOfTheNextVersion(@ForAll("rowChanges") final RowChangeModel row) {
        final int length = writeNextRowChange(row);
        final RowChangeView view = new RowChangeView();
        assertSame(DecodeError.NONE, view.wrap(buffer, OFFSET, length));
        RowChangeTest.assertViewShows(row, view);
    }

    @Property(tries = 150)
    void shouldReadAReadingOfTheNextVersion(@ForAll("readings") final ReadingModel reading) {
        final int length = writeNextReading(reading);
        final ReadingView view = new ReadingView();
        assertSame(DecodeError.NONE, view.wrap(buffer, OFFSET, length));
        SmallMessagesTest.assertViewShows(reading, view);
    }

    @Property(tries = 150)
    void shouldWriteAnEventThatTheNextVersionReads(@ForAll("events") final EventModel event) {
        final int length = event.write(new EventWriter(), buffer, OFFSET);
        EventStamp.stamp(buffer, OFFSET, 5, 6);
        final EventDecoder decoder = new EventDecoder().wrapAndApplyHeader(buffer, OFFSET, headerDecoder);
        assertEquals(5, decoder.sequence());
        assertEquals(6, decoder.publishTimeNs());
        assertEquals(event.sourceTimeNs(), decoder.sourceTimeNs());
        assertEquals(EventDecoder.priorityNullValue(), decoder.priority());
        assertEquals(event.topic().length, decoder.skipTopic());
        assertEquals(event.source().length, decoder.skipSource());
        assertEquals(event.messageId().length, decoder.skipMessageId());
        assertEquals(event.correlationId().length, decoder.skipCorrelationId());
        assertEquals(event.sourcePosition().length, decoder.skipSourcePosition());
        assertEquals(event.key().length, decoder.skipKey());
        final byte[] payload = new byte[decoder.payloadLength()];
        decoder.getPayload(payload, 0, payload.length);
        assertArrayEquals(event.payload(), payload);
        assertEquals(0, decoder.traceContextLength());
        assertEquals(length, MessageHeaderDecoder.ENCODED_LENGTH + decoder.encodedLength());
    }

    @Property(tries = 150)
    void shouldWriteARowChangeThatTheNextVersionReads(@ForAll("rowChanges") final RowChangeModel row) {
        row.write(new RowChangeWriter(), buffer, OFFSET);
        final RowChangeDecoder decoder = new RowChangeDecoder().wrapAndApplyHeader(buffer, OFFSET, headerDecoder);
        assertEquals(row.operation().name(), decoder.operation().name());
        assertEquals(row.lsn(), decoder.lsn());
        assertEquals(RowChangeDecoder.tableVersionNullValue(), decoder.tableVersion());
        final RowChangeDecoder.ColumnsDecoder columns = decoder.columns();
        for (final ColumnModel column : row.columns()) {
            columns.next();
            assertEquals(column.type().name(), columns.columnType().name());
            assertEquals(RowChangeDecoder.ColumnsDecoder.ordinalNullValue(), columns.ordinal());
            assertEquals(column.name(), columns.name());
            assertEquals(column.typeName(), columns.typeName());
            assertEquals(column.before().bytes().length, columns.skipBefore());
            assertEquals(column.after().bytes().length, columns.skipAfter());
        }
        assertTrue(!columns.hasNext());
        assertEquals(row.schemaName(), decoder.schemaName());
        assertEquals(row.tableName(), decoder.tableName());
    }

    @Property(tries = 150)
    void shouldWriteAReadingThatTheNextVersionReads(@ForAll("readings") final ReadingModel reading) {
        reading.write(new ReadingWriter(), buffer, OFFSET);
        final ReadingDecoder decoder = new ReadingDecoder().wrapAndApplyHeader(buffer, OFFSET, headerDecoder);
        assertEquals(reading.timeNs(), decoder.timeNs());
        assertEquals(reading.sensorId(), decoder.sensorId());
        assertEquals(reading.unit(), decoder.unit());
        assertEquals(reading.text(), decoder.text());
        assertEquals("", decoder.location());
    }

    @Test
    void shouldRefuseMessagesOfTheNextVersionThatEndWithinWhatIsKnown() {
        final EventModel event = Models.events().sample();
        final int length = writeNextEvent(event);
        final int unknownTail = 2 + 3;
        final EventView view = new EventView();
        for (int shorter = 0; shorter < length - unknownTail; shorter++) {
            assertNotSame(DecodeError.NONE, view.wrap(buffer, OFFSET, shorter), "length=" + shorter);
        }
        assertSame(DecodeError.NONE, view.wrap(buffer, OFFSET, length - unknownTail));
    }

    @Test
    void shouldRefuseAnUnknownKindButReadAnUnknownQuality() {
        final int length = writeNextReading(new ReadingModel(
            1, io.headrace.codecs.sbe.ReadingType.FLOAT, Quality.BAD, 2.5, 0, "s", "u", ""));
        final int block = OFFSET + MessageHeaderDecoder.ENCODED_LENGTH;
        buffer.putByte(block + ReadingEncoder.qualityEncodingOffset(), (byte)4);
        final ReadingView view = new ReadingView();
        assertSame(DecodeError.NONE, view.wrap(buffer, OFFSET, length));
        assertSame(Quality.NULL_VAL, view.quality());
        assertEquals(2.5, view.doubleValue());
        buffer.putByte(block + ReadingEncoder.readingTypeEncodingOffset(), (byte)5);
        assertSame(DecodeError.BAD_ENUM, view.wrap(buffer, OFFSET, length));
    }

    private int writeNextEvent(final EventModel event) {
        final EventEncoder encoder = new EventEncoder().wrapAndApplyHeader(buffer, OFFSET, header);
        encoder.sequence(-1).publishTimeNs(-2).sourceTimeNs(event.sourceTimeNs()).keyHash(KeyHash.of(event.key()))
            .kind(EventKind.valueOf(event.kind().name()));
        final int flagsAt = encoder.offset() + EventEncoder.flagsEncodingOffset();
        buffer.putShort(flagsAt, (short)event.flags());
        encoder.priority(77)
            .putTopic(event.topic(), 0, event.topic().length)
            .putSource(event.source(), 0, event.source().length)
            .putMessageId(event.messageId(), 0, event.messageId().length)
            .putCorrelationId(event.correlationId(), 0, event.correlationId().length)
            .putSourcePosition(event.sourcePosition(), 0, event.sourcePosition().length)
            .putKey(event.key(), 0, event.key().length)
            .putPayload(event.payload(), 0, event.payload().length)
            .putTraceContext(utf8("abc"), 0, 3);
        return MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength();
    }

    private int writeNextRowChange(final RowChangeModel row) {
        final RowChangeEncoder encoder = new RowChangeEncoder().wrapAndApplyHeader(buffer, OFFSET, header);
        encoder.operation(Operation.valueOf(row.operation().name())).transactionId(row.transactionId())
            .commitTimeNs(row.commitTimeNs()).lsn(row.lsn()).indexInTransaction(row.indexInTransaction())
            .tableVersion(12);
        final RowChangeEncoder.ColumnsEncoder columns = encoder.columnsCount(row.columns().size());
        int ordinal = 1;
        for (final ColumnModel column : row.columns()) {
            columns.next().columnType(ColumnType.valueOf(column.type().name()))
                .beforeState(ValueState.valueOf(column.before().state().name()))
                .afterState(ValueState.valueOf(column.after().state().name()))
                .ordinal(ordinal++)
                .columnFlags().clear().key(column.key());
            columns.name(column.name()).typeName(column.typeName())
                .putBefore(column.before().bytes(), 0, column.before().bytes().length)
                .putAfter(column.after().bytes(), 0, column.after().bytes().length);
        }
        encoder.schemaName(row.schemaName()).tableName(row.tableName());
        return MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength();
    }

    private int writeNextReading(final ReadingModel reading) {
        final ReadingEncoder encoder = new ReadingEncoder().wrapAndApplyHeader(buffer, OFFSET, header);
        encoder.timeNs(reading.timeNs()).doubleValue(reading.doubleValue()).longValue(reading.longValue())
            .readingType(ReadingType.valueOf(reading.type().name()))
            .quality(io.headrace.codecs.sbe.next.Quality.valueOf(reading.quality().name()))
            .sensorId(reading.sensorId()).unit(reading.unit()).text(reading.text()).location("hall 3");
        return MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength();
    }
}
