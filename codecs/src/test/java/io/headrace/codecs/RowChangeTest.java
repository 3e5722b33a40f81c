package io.headrace.codecs;

import static io.headrace.codecs.Models.copy;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

import io.headrace.codecs.Models.ColumnModel;
import io.headrace.codecs.Models.RowChangeModel;
import io.headrace.codecs.Models.ValueModel;
import io.headrace.codecs.sbe.ColumnType;
import io.headrace.codecs.sbe.MessageHeaderDecoder;
import io.headrace.codecs.sbe.Operation;
import io.headrace.codecs.sbe.RowChangeDecoder;
import io.headrace.codecs.sbe.ValueState;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class RowChangeTest {
    private static final byte[] TEXT = "text".getBytes(UTF_8);

    private final RowChangeWriter writer = new RowChangeWriter();
    private final RowChangeView view = new RowChangeView();
    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();

    @Provide
    Arbitrary<RowChangeModel> rowChanges() {
        return Models.rowChanges();
    }

    @Property(tries = 300)
    void shouldReadWhatWasWritten(
        @ForAll("rowChanges") final RowChangeModel row, @ForAll @IntRange(max = 70) final int offset) {
        buffer.setMemory(0, buffer.capacity(), (byte)0xA5);
        final int length = row.write(writer, buffer, offset);
        assertSame(DecodeError.NONE, view.wrap(buffer, offset, length));
        assertEquals(offset, view.offset());
        assertEquals(length, view.length());
        assertViewShows(row, view);
    }

    @Property(tries = 100)
    void shouldWriteWhatTheGeneratedDecoderReads(@ForAll("rowChanges") final RowChangeModel row) {
        final int length = row.write(writer, buffer, 5);
        final RowChangeDecoder decoder =
            new RowChangeDecoder().wrapAndApplyHeader(buffer, 5, new MessageHeaderDecoder());
        assertEquals(row.operation(), decoder.operation());
        assertEquals(row.transactionId(), decoder.transactionId());
        assertEquals(row.commitTimeNs(), decoder.commitTimeNs());
        assertEquals(row.lsn(), decoder.lsn());
        assertEquals(row.indexInTransaction(), decoder.indexInTransaction());
        final RowChangeDecoder.ColumnsDecoder columns = decoder.columns();
        assertEquals(row.columns().size(), columns.count());
        for (final ColumnModel column : row.columns()) {
            columns.next();
            assertEquals(column.type(), columns.columnType());
            assertEquals(column.key(), columns.columnFlags().key());
            assertEquals(column.before().state(), columns.beforeState());
            assertEquals(column.after().state(), columns.afterState());
            assertEquals(column.name(), columns.name());
            assertEquals(column.typeName(), columns.typeName());
            final byte[] before = new byte[columns.beforeLength()];
            columns.getBefore(before, 0, before.length);
            assertArrayEquals(column.before().bytes(), before);
            final byte[] after = new byte[columns.afterLength()];
            columns.getAfter(after, 0, after.length);
            assertArrayEquals(column.after().bytes(), after);
        }
        assertEquals(row.schemaName(), decoder.schemaName());
        assertEquals(row.tableName(), decoder.tableName());
        assertEquals(length, MessageHeaderDecoder.ENCODED_LENGTH + decoder.encodedLength());
    }

    @Test
    void shouldGiveBackEachTypedValue() {
        writer.wrap(buffer, 0).operation(Operation.UPDATE).columnCount(5);
        column("amount", ColumnType.INT64).longValue(Long.MIN_VALUE).longValue(42);
        column("ratio", ColumnType.FLOAT64).doubleValue(-0.0).doubleValue(Double.NaN);
        column("open", ColumnType.BOOL).boolValue(false).boolValue(true);
        column("id", ColumnType.UUID).absent().uuidValue(0x0123456789ABCDEFL, -2);
        column("until", ColumnType.TIMESTAMP).nullValue()
            .sourceText(new UnsafeBuffer("infinity".getBytes(UTF_8)), 0, 8);
        final int length = writer.table("public".getBytes(UTF_8), "stock".getBytes(UTF_8)).length();

        assertSame(DecodeError.NONE, view.wrap(buffer, 0, length));
        assertEquals("infinity", view.column(4).after().text());
        assertFalse(view.column(4).after().present());
        assertEquals(ValueState.NULL_VALUE, view.column(4).before().state());
        assertEquals(0x0123456789ABCDEFL, view.column(3).after().uuidHi());
        assertEquals(-2, view.column(3).after().uuidLo());
        assertEquals(0x01, buffer.getByte(view.column(3).after().offset()));
        assertTrue(view.column(2).after().boolValue());
        assertFalse(view.column(2).before().boolValue());
        assertEquals(-0.0, view.column(1).before().doubleValue());
        assertTrue(Double.isNaN(view.column(1).after().doubleValue()));
        assertEquals(Long.MIN_VALUE, view.column(0).before().longValue());
        assertEquals(42, view.column(0).after().longValue());
        assertEquals(3, view.columnIndex("id".getBytes(UTF_8)));
        assertEquals(-1, view.columnIndex("ID".getBytes(UTF_8)));
        assertThrows(IllegalStateException.class, () -> view.column(4).after().longValue());
        assertThrows(IllegalStateException.class, () -> view.column(2).after().longValue());
        assertThrows(IllegalStateException.class, () -> view.column(3).before().uuidHi());
        assertThrows(IndexOutOfBoundsException.class, () -> view.column(5));
        assertThrows(IndexOutOfBoundsException.class, () -> view.column(-1));
    }

    @Test
    void shouldWriteATruncatedTableWithoutColumns() {
        final int length = writer.wrap(buffer, 0).operation(Operation.TRUNCATE).columnCount(0)
            .table(TEXT, TEXT).length();
        assertSame(DecodeError.NONE, view.wrap(buffer, 0, length));
        assertEquals(Operation.TRUNCATE, view.operation());
        assertEquals(0, view.columnCount());
        assertEquals("text", view.tableName());
    }

    @Test
    void shouldReadTheWidestTableThereCanBe() {
        final int count = 65534;
        writer.wrap(buffer, 0).operation(Operation.INSERT).columnCount(count);
        for (int i = 0; i < count; i++) {
            writer.column(ColumnType.INT32, i == 0, new UnsafeBuffer(TEXT), 1, 2, TEXT).absent().longValue(i);
        }
        final int length = writer.table(TEXT, TEXT).length();
        assertSame(DecodeError.NONE, view.wrap(buffer, 0, length));
        assertEquals(count, view.columnCount());
        for (int i = count - 1; i >= 0; i--) {
            final RowColumn column = view.column(i);
            assertEquals(i, column.after().longValue());
            assertEquals(i == 0, column.key());
        }
        assertTrue(view.column(7).nameEquals("ex".getBytes(UTF_8)));
        assertFalse(view.column(7).nameEquals("ey".getBytes(UTF_8)));
    }

    @Test
    void shouldForgetTheLastRowWhenItRefusesTheNext() {
        writer.wrap(buffer, 0).operation(Operation.INSERT).columnCount(1);
        column("a", ColumnType.TEXT).absent().bytes(TEXT);
        final int length = writer.table(TEXT, TEXT).length();
        assertSame(DecodeError.NONE, view.wrap(buffer, 0, length));
        assertSame(DecodeError.TRUNCATED, view.wrap(buffer, 0, length - 1));
        assertNull(view.operation());
        assertEquals(0, view.columnCount());
        assertEquals("", view.tableName());
    }

    static void assertViewShows(final RowChangeModel row, final RowChangeView view) {
        assertEquals(row.operation(), view.operation());
        assertEquals(row.transactionId(), view.transactionId());
        assertEquals(row.commitTimeNs(), view.commitTimeNs());
        assertEquals(row.lsn(), view.lsn());
        assertEquals(row.indexInTransaction(), view.indexInTransaction());
        assertEquals(row.schemaName(), view.schemaName());
        assertEquals(row.tableName(), view.tableName());
        final List<ColumnModel> columns = row.columns();
        assertEquals(columns.size(), view.columnCount());
        for (int i = columns.size() - 1; i >= 0; i--) {
            final ColumnModel expected = columns.get(i);
            final RowColumn column = view.column(i);
            assertEquals(expected.type(), column.type());
            assertEquals(expected.key(), column.key());
            assertEquals(expected.name(), column.name());
            assertTrue(column.nameEquals(expected.name().getBytes(UTF_8)));
            assertEquals(expected.typeName(), column.typeName());
            assertValue(expected.before(), column.before());
            assertValue(expected.after(), column.after());
        }
    }

    private static void assertValue(final ValueModel expected, final ValueView value) {
        assertEquals(expected.state(), value.state());
        assertArrayEquals(expected.bytes(), copy(value.buffer(), value.offset(), value.length()));
    }

    private RowChangeWriter column(final String name, final ColumnType type) {
        return writer.column(type, false, name.getBytes(UTF_8), type.name().getBytes(UTF_8));
    }
}
