package io.headrace.codecs;

import static io.headrace.codecs.Samples.utf8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.headrace.codecs.sbe.ColumnType;
import io.headrace.codecs.sbe.EventKind;
import io.headrace.codecs.sbe.Operation;
import io.headrace.codecs.sbe.ValueState;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** What writers refuse, and that they never write behind the part of a buffer that is theirs. */
class WriterMisuseTest {
    private static final byte[] A = {'a'};

    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[4096]);
    private final EventWriter event = new EventWriter();
    private final RowChangeWriter row = new RowChangeWriter();

    @Test
    void shouldRefuseFieldsAgainstTheSchemasOrder() {
        event.wrap(buffer, 0).kind(EventKind.READING).source(A);
        assertThrows(IllegalStateException.class, () -> event.topic(A));
        assertThrows(IllegalStateException.class, () -> event.source(A));
        event.payload(A);
        assertThrows(IllegalStateException.class, () -> event.key(A));
        assertThrows(IllegalStateException.class, event::beginPayload);
        event.length();
        assertThrows(IllegalStateException.class, () -> event.payload(A));
    }

    @Test
    void shouldRefuseToWriteBeforeItWrapsABuffer() {
        assertThrows(IllegalStateException.class, () -> event.topic(A));
        assertThrows(IllegalStateException.class, event::length);
        assertThrows(IllegalStateException.class, () -> row.columnCount(1));
        assertThrows(IllegalStateException.class, row::length);
    }

    @Test
    void shouldRefuseToLeaveWhatWasBegunInPlace() {
        event.wrap(buffer, 0).kind(EventKind.READING);
        assertThrows(IllegalStateException.class, () -> event.endPayload(1));
        event.beginPayload();
        assertThrows(IllegalStateException.class, event::length);
        assertThrows(IllegalArgumentException.class, () -> event.endPayload(-1));
        assertThrows(IndexOutOfBoundsException.class, () -> event.endPayload(buffer.capacity()));
        assertEquals(EventWriter.overheadLength(0, 0, 0, 0, 0, 0) + 5, event.endPayload(5).length());
    }

    @Test
    void shouldRefuseLengthsAboveTheirLimit() {
        event.wrap(new UnsafeBuffer(new byte[100_000]), 0).kind(EventKind.READING);
        assertThrows(IllegalArgumentException.class, () -> event.topic(new byte[65535]));
        assertThrows(IllegalArgumentException.class, () -> event.source(buffer, 0, -1));
        event.wrap(new UnsafeBuffer(new byte[100_000]), 0).topic(new byte[65534]);
        assertEquals(EventWriter.overheadLength(65534, 0, 0, 0, 0, 0), event.length());
    }

    @Test
    void shouldNeverWriteBehindItsPart() {
        final int start = 100;
        final int needed = EventWriter.overheadLength(1, 1, 1, 1, 1, 1) + 1;
        for (int room = 0; room <= needed; room++) {
            buffer.setMemory(0, buffer.capacity(), (byte)0x5A);
            if (room < needed) {
                final int tooSmall = room;
                assertThrows(IndexOutOfBoundsException.class, () -> writeEvent(start, tooSmall));
            } else {
                assertEquals(needed, writeEvent(start, room));
            }
            for (int i = 0; i < start; i++) {
                assertEquals(0x5A, buffer.getByte(i));
                assertEquals(0x5A, buffer.getByte(start + room + i), "room=" + room);
            }
        }
    }

    @Test
    void shouldRefuseAPartOutsideOfTheBuffer() {
        final int capacity = buffer.capacity();
        assertThrows(IllegalArgumentException.class, () -> event.wrap(buffer, -1));
        assertThrows(IllegalArgumentException.class, () -> event.wrap(buffer, capacity + 1));
        assertThrows(IndexOutOfBoundsException.class, () -> event.wrap(buffer, capacity - 10));
        assertThrows(IllegalArgumentException.class, () -> event.wrap(buffer, 1, capacity));
        assertThrows(IllegalArgumentException.class, () -> event.wrap(buffer, -1, 100));
        assertThrows(IllegalArgumentException.class, () -> event.wrap(buffer, 0, -1));
        assertThrows(IllegalArgumentException.class, () -> event.wrap(buffer, Integer.MAX_VALUE, Integer.MAX_VALUE));
        assertThrows(IllegalStateException.class, () -> event.topic(A));
    }

    @Test
    void shouldRefuseColumnsAndValuesThatWereNotAnnounced() {
        row.wrap(buffer, 0).operation(Operation.INSERT);
        assertThrows(IllegalStateException.class, () -> row.table(A, A));
        assertThrows(IllegalStateException.class, () -> column(ColumnType.INT32));
        assertThrows(IllegalArgumentException.class, () -> row.columnCount(-1));
        assertThrows(IllegalArgumentException.class, () -> row.columnCount(65535));
        row.columnCount(1);
        assertThrows(IllegalStateException.class, () -> row.columnCount(1));
        assertThrows(IllegalStateException.class, () -> row.longValue(1));
        column(ColumnType.INT32).longValue(1);
        assertThrows(IllegalStateException.class, row::length);
        assertThrows(IllegalStateException.class, () -> column(ColumnType.INT32));
        row.absent();
        assertThrows(IllegalStateException.class, row::absent);
        assertThrows(IllegalStateException.class, () -> column(ColumnType.INT32));
        row.table(A, A);
    }

    @Test
    void shouldRefuseValuesThatReadersWouldRefuse() {
        row.wrap(buffer, 0).operation(Operation.INSERT).columnCount(1);
        column(ColumnType.INT32);
        assertThrows(IllegalArgumentException.class, () -> row.bytes(A));
        assertThrows(IllegalArgumentException.class, () -> row.bytes(buffer, 0, 9));
        row.beginValue();
        assertThrows(IllegalArgumentException.class, () -> row.endValue(4, ValueState.VALUE));
        assertThrows(IllegalArgumentException.class, () -> row.endValue(1, ValueState.NULL_VALUE));
        assertThrows(IllegalArgumentException.class, () -> row.endValue(0, ValueState.NULL_VAL));
        final int length = row.endValue(4, ValueState.SOURCE_TEXT).absent().table(A, A).length();
        final RowChangeView view = new RowChangeView();
        assertEquals(DecodeError.NONE, view.wrap(buffer, 0, length));
        assertEquals(4, view.column(0).before().length());
    }

    private RowChangeWriter column(final ColumnType type) {
        return row.column(type, false, A, A);
    }

    private int writeEvent(final int offset, final int room) {
        event.wrap(buffer, offset, room).kind(EventKind.DOCUMENT).topic(A).source(A).messageId(A).correlationId(A)
            .sourcePosition(A).key(utf8("k"));
        return event.payload(A).length();
    }
}
