package io.headrace.adapters.testkit;

import io.headrace.bus.adapter.EventBatch;
import io.headrace.codecs.DecodeError;
import io.headrace.codecs.RowChangeView;
import io.headrace.codecs.sbe.ColumnType;
import io.headrace.codecs.sbe.EventKind;
import io.headrace.codecs.sbe.ValueState;
import org.junit.jupiter.api.Test;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class EventFixturesTest {
    @Test
    void shouldMakeReadablePayloadsOfEveryKind() {
        final Set<EventKind> kinds = EnumSet.noneOf(EventKind.class);
        final List<EncodedEvent> unreadable = EventFixtures.unreadableEvents();
        for (final EncodedEvent event : EventFixtures.eventsOfEveryKind()) {
            kinds.add(event.view().kind());
            final DecodeError error = EventCheck.payloadError(event.view());
            assertEquals(unreadable.contains(event), error != DecodeError.NONE, event + ": " + error);
        }
        assertEquals(
            EnumSet.of(EventKind.ROW_CHANGE, EventKind.READING, EventKind.DOCUMENT, EventKind.TRANSACTION), kinds);
    }

    @Test
    void shouldShowEveryColumnTypeAndEveryStateOfAValue() {
        final RowChangeView row = new RowChangeView();
        final EncodedEvent event = EventFixtures.rowOfEveryColumnType();
        row.wrap(event.view().buffer(), event.view().payloadOffset(), event.view().payloadLength());
        final Set<ColumnType> types = EnumSet.noneOf(ColumnType.class);
        final Set<ValueState> states = EnumSet.noneOf(ValueState.class);
        for (int i = 0; i < row.columnCount(); i++) {
            types.add(row.column(i).type());
            states.add(row.column(i).before().state());
            states.add(row.column(i).after().state());
        }
        assertEquals(EnumSet.complementOf(EnumSet.of(ColumnType.NULL_VAL, ColumnType.SBE_UNKNOWN)), types);
        assertEquals(
            EnumSet.of(ValueState.ABSENT, ValueState.NULL_VALUE, ValueState.UNCHANGED, ValueState.VALUE), states);
    }

    @Test
    void shouldFindTheNumberOfARow() {
        assertEquals(42, EventFixtures.numberOf(EventFixtures.numberedRow("a", 42).view()));
        assertEquals(-1, EventFixtures.numberOf(EventFixtures.reading("press-1", 42).view()));
        assertEquals(-1, EventFixtures.numberOf(EventFixtures.rowOfEveryColumnType().view()));
        EventFixtures.unreadableEvents().forEach(event -> assertEquals(-1, EventFixtures.numberOf(event.view())));
    }

    @Test
    void shouldFrameATransaction() {
        final List<EncodedEvent> events = EventFixtures.transaction(7, "a", 1, 3);
        assertEquals(5, events.size());
        assertEquals(EventKind.TRANSACTION, events.get(0).view().kind());
        assertEquals("erp.transaction", events.get(0).view().topic());
        assertTrue(events.subList(1, 4).stream().allMatch(event -> event.view().inTransaction()));
        assertFalse(EventFixtures.numberedRow("a", 1).view().inTransaction());
    }

    @Test
    void shouldCompareWithoutWhatTheBusStamps() {
        final EncodedEvent event = EventFixtures.numberedRow("a", 1);
        assertEquals(event, event.sequence(99));
        assertEquals(99, event.sequence(99).view().sequence());
        assertNotEquals(event, EventFixtures.numberedRow("a", 2));
    }

    @Test
    void shouldNumberABatchThrough() {
        final EventBatch batch = EventFixtures.batch(10, EventFixtures.eventsOfEveryKind());
        final Set<Long> sequences = new TreeSet<>();
        for (int i = 0; i < batch.size(); i++) {
            sequences.add(batch.event(i).sequence());
        }
        assertEquals(EventFixtures.eventsOfEveryKind().size(), sequences.size());
        assertEquals(10 + batch.size() - 1, batch.lastSequence());
    }
}
