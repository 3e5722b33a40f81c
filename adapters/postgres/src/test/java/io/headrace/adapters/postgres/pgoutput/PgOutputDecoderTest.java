package io.headrace.adapters.postgres.pgoutput;

import io.headrace.codecs.DecodeError;
import io.headrace.codecs.EventView;
import io.headrace.codecs.RowChangeView;
import io.headrace.codecs.sbe.EventKind;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

import static io.headrace.adapters.postgres.pgoutput.Messages.begin;
import static io.headrace.adapters.postgres.pgoutput.Messages.commit;
import static io.headrace.adapters.postgres.pgoutput.Messages.insert;
import static io.headrace.adapters.postgres.pgoutput.Messages.relation;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class PgOutputDecoderTest {
    private static final int STOCK = 16_384;

    @TempDir
    Path spillDirectory;
    private final List<String> events = new CopyOnWriteArrayList<>();
    private DecoderFixture fixture;

    @BeforeEach
    void makeDecoder() {
        fixture = new DecoderFixture(spillDirectory, event -> events.add(describe(event)));
    }

    @AfterEach
    void closeDecoder() {
        fixture.close();
    }

    private static String describe(final EventView event) {
        if (event.kind() != EventKind.ROW_CHANGE) {
            return event.topic();
        }
        final RowChangeView row = new RowChangeView();
        final DecodeError error = row.wrap(event.buffer(), event.payloadOffset(), event.payloadLength());
        if (error != DecodeError.NONE) {
            return error.name();
        }
        final List<String> states = new ArrayList<>();
        for (int i = 0; i < row.columnCount(); i++) {
            states.add(row.column(i).name() + ":" + row.column(i).before().state() + ">" +
                row.column(i).after().state());
        }
        return row.operation() + " " + states;
    }

    private List<String> published() {
        assertTrue(fixture.bus.drain(Duration.ofSeconds(5)));
        return List.copyOf(events);
    }

    @Test
    void shouldPublishATransactionBetweenItsMarks() {
        fixture.send(begin(100, 7), relation(STOCK), insert(STOCK, "1", "bolt", null), commit(100, 120));
        assertEquals(
            List.of("erp.transaction",
                "INSERT [id:ABSENT>VALUE, item:ABSENT>VALUE, amount:ABSENT>NULL_VALUE]",
                "erp.transaction"),
            published());
        assertEquals(120, fixture.committedLsn);
        assertEquals(fixture.publisher.lastSequence(), fixture.committedSequence);
    }

    @Test
    void shouldPublishNothingOfATransactionWithoutChanges() {
        fixture.send(begin(100, 7), commit(100, 120));
        assertTrue(published().isEmpty());
        assertEquals(120, fixture.committedLsn, "its end may be confirmed all the same");
    }

    @Test
    void shouldSkipWhatWasPublishedBefore() {
        fixture.send(begin(100, 7), relation(STOCK), insert(STOCK, "1", "a", "1"));
        fixture.decoder.close();
        fixture.send(begin(90, 6), insert(STOCK, "0", "", "0"), commit(90, 95));
        fixture.send(begin(100, 7), relation(STOCK), insert(STOCK, "1", "a", "1"), insert(STOCK, "2", "b", "2"),
            commit(100, 120));
        assertEquals(4, published().size(), "begin, two rows, commit");
        assertEquals(5, fixture.counter("skipped-events"));
    }

    @Test
    void shouldKeepOnlyTheKeyOfAKeyTuple() {
        fixture.send(begin(100, 7), relation(STOCK),
            Messages.of('U').int32(STOCK).int8('K').tuple("1", null, null).int8('N').tuple("2", "a", "1"),
            Messages.of('D').int32(STOCK).int8('K').tuple("2", null, null),
            commit(100, 120));
        assertEquals("UPDATE [id:VALUE>VALUE, item:ABSENT>VALUE, amount:ABSENT>VALUE]", published().get(1));
        assertEquals("DELETE [id:VALUE>ABSENT, item:ABSENT>ABSENT, amount:ABSENT>ABSENT]", published().get(2));
    }

    @Test
    void shouldTolerateOriginAndTypeMessages() {
        fixture.send(begin(100, 7), Messages.of('O').int64(1).text("node"),
            Messages.of('Y').int32(DecoderFixture.MOOD_OID).text("public").text("mood"),
            Messages.of('R').int32(5).text("public").text("t").int8('d').int16(1)
                .int8(1).text("m").int32(DecoderFixture.MOOD_OID).int32(-1),
            insert(5, "fine"), commit(100, 120));
        assertEquals("INSERT [m:ABSENT>VALUE]", published().get(1));
    }

    @Test
    void shouldDiscardExactlyTheRolledBackSubTransaction() throws IOException {
        fixture.send(
            Messages.of('S').int32(50).int8(1),
            Messages.of('R').int32(50).relationBody(STOCK),
            inStream(50, "1"), inStream(51, "2"),
            Messages.of('E'),
            begin(100, 49), relation(STOCK), insert(STOCK, "9", "", "9"), commit(100, 120),
            Messages.of('S').int32(50).int8(0),
            inStream(52, "3"), inStream(51, "4"),
            Messages.of('E'),
            Messages.of('A').int32(50).int32(51));
        assertEquals(3, published().size(), "only the other transaction");
        try (Stream<Path> files = Files.list(spillDirectory)) {
            assertEquals(1, files.count());
        }
        fixture.send(Messages.of('c').int32(50).int8(0).int64(200).int64(220).int64(0));
        assertEquals(3 + 4, published().size(), "begin, rows 1 and 3, commit");
        assertEquals(220, fixture.committedLsn);
        try (Stream<Path> files = Files.list(spillDirectory)) {
            assertEquals(0, files.count());
        }
    }

    private static Messages inStream(final int xid, final String id) {
        return Messages.of('I').int32(xid).int32(STOCK).int8('N').tuple(id, "item", "1");
    }

    @Test
    void shouldForgetARolledBackStream() throws IOException {
        fixture.send(Messages.of('S').int32(50).int8(1), Messages.of('R').int32(50).relationBody(STOCK),
            inStream(50, "1"), Messages.of('E'), Messages.of('A').int32(50).int32(50));
        assertTrue(published().isEmpty());
        try (Stream<Path> files = Files.list(spillDirectory)) {
            assertEquals(0, files.count());
        }
    }

    @Test
    void shouldGrowForAMessageLargerThanTheSpillBuffer() {
        fixture.send(Messages.of('S').int32(50).int8(1), Messages.of('R').int32(50).relationBody(STOCK));
        for (int i = 0; i < 20; i++) {
            fixture.send(Messages.of('I').int32(50).int32(STOCK).int8('N')
                .tuple(String.valueOf(i), "x".repeat(i * 1_500), "1"));
            fixture.send(Messages.of('M').int32(50).int8(1).int64(1).text("ignored").int32(400_000)
                .raw("y".repeat(400_000)).int8(0));
        }
        fixture.send(Messages.of('E'));
        final FatalSourceException failure = assertThrows(FatalSourceException.class,
            () -> fixture.send(Messages.of('c').int32(50).int8(0).int64(200).int64(220).int64(0)));
        assertTrue(failure.getMessage().contains("topic erp.message.ignored needs 400"), failure.getMessage());
    }

    @Test
    void shouldStopWhenTheSpillLimitIsReached() {
        try (DecoderFixture small = new DecoderFixture(spillDirectory, event -> { }, 1000)) {
            small.send(Messages.of('S').int32(50).int8(1));
            final FatalSourceException failure = assertThrows(FatalSourceException.class, () -> {
                for (int i = 0; i < 100; i++) {
                    small.send(inStream(50, "1"));
                }
            });
            assertTrue(failure.getMessage().contains("spill-limit=1000"), failure.getMessage());
        }
    }

    @Test
    void shouldDeleteWhatAKilledProcessLeftBehind() throws IOException {
        final Path leftover = Files.createFile(spillDirectory.resolve("headrace-erp-50-1234.spill"));
        final Path other = Files.createFile(spillDirectory.resolve("headrace-crm-50-1234.spill"));
        try (DecoderFixture next = new DecoderFixture(spillDirectory, event -> { })) {
            assertEquals(0, next.counter("rows"));
            assertFalse(Files.exists(leftover));
            assertTrue(Files.exists(other));
        }
    }

    @Test
    void shouldNameAnUnknownMessage() {
        assertFails(Messages.of('Z'), "'Z' at LSN 0/1000 is of an unknown type");
        assertEquals(1, fixture.counter("malformed-messages"));
    }

    @Test
    void shouldNameWhatIsWrongWithAMessage() {
        assertFails(Messages.of('B').int32(1), "'B' at LSN 0/1000 is truncated: 8 bytes needed, 4 left");
        assertFails(Messages.of('E'), "stops a stream that was not started");
        assertFails(commit(1, 2), "ends a transaction that was not begun");
        assertFails(insert(1, "a"), "names table 1, which was not described before");
        fixture.send(relation(STOCK));
        assertFails(insert(STOCK, "1", "2", "3"), "changes a table outside of a transaction");
        fixture.send(begin(100, 7));
        assertFails(insert(STOCK, "1"), "has 1 columns, table public.stock was described with 3");
        assertFails(Messages.of('I').int32(STOCK).int8('X'), "has part 'X' where N belongs");
        assertFails(Messages.of('I').int32(STOCK).int8('N').int16(3).int8('b'), "has a column of kind 98");
        assertFails(Messages.of('I').int32(STOCK).int8('N').int16(3).int8('t').int32(-5), "has a length of -5");
        assertFails(Messages.of('T').int32(1 << 30).int8(0), "truncates 1073741824 tables");
        assertFails(Messages.of('O').int64(1).raw("abc"), "has a text without an end");
    }

    @Test
    void shouldNameEveryTruncationOfAMessage() {
        fixture.send(begin(100, 7), relation(STOCK));
        final Messages whole = Messages.of('U').int32(STOCK).int8('K').tuple("1", null, null)
            .int8('N').tuple("2", "bolt", "1.5");
        for (int length = 0; length < whole.length(); length++) {
            final int cut = length;
            final UnsafeBuffer exact = new UnsafeBuffer(new byte[cut]);
            exact.putBytes(0, whole.buffer(), 0, cut);
            assertThrows(FatalSourceException.class, () -> fixture.send(exact, 0, cut), "length=" + cut);
        }
        assertTrue(published().isEmpty());
    }

    private void assertFails(final Messages message, final String expected) {
        final FatalSourceException failure = assertThrows(FatalSourceException.class, () -> fixture.send(message));
        assertTrue(failure.getMessage().contains(expected), failure.getMessage());
    }
}
