package io.headrace.adapters.postgres;

import io.headrace.bus.adapter.Health;
import io.headrace.codecs.sbe.EventKind;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * A process that was killed has left some of what it published in the event log; a new one goes on from there. The
 * server is real, the log is simulated: a test says what is in it.
 */
class ResumeIT extends ServerTest {
    private static final int ROWS = 100;

    private static void insertRows(final int first, final int count) {
        SERVER.execute("INSERT INTO stock SELECT g, 'item', 0 FROM generate_series(" + first + ", " +
            (first + count - 1) + ") g");
    }

    /** What a process publishes of some changes, of which nothing was confirmed to the server. */
    private List<RecordedEvent> publish(final int rowCount, final Runnable changes) {
        try (TestBus bus = new TestBus().recorded(List.of())) {
            bus.start(options).awaitUp();
            bus.holdFinishedAt(-1);
            changes.run();
            bus.awaitRows(rowCount);
            await().until(() -> bus.published().get(bus.published().size() - 1).what().matches("COMMIT|SNAPSHOT_END"));
            return bus.published();
        }
    }

    private static String slots() {
        return SERVER.query("SELECT string_agg(slot_name, ' ') FROM pg_replication_slots");
    }

    private static List<String> summaries(final List<RecordedEvent> events) {
        return events.stream().map(RecordedEvent::summary).toList();
    }

    @Test
    void shouldPublishTheRestWhereverACrashHasCutTheLog() {
        options.messages = List.of("outbox");
        final List<RecordedEvent> all = publish(6, () -> SERVER.execute(
            "INSERT INTO stock VALUES (1, 'a', 1)",
            // The commit's record begins where the message ends.
            "BEGIN; INSERT INTO stock VALUES (2, 'b', 2); SELECT pg_logical_emit_message(false, 'outbox', 'x'); COMMIT",
            "BEGIN; INSERT INTO stock VALUES (3, 'c', 3), (4, 'd', 4); " +
                "SELECT pg_logical_emit_message(true, 'outbox', 'y'); TRUNCATE stock; COMMIT",
            "SELECT pg_logical_emit_message(false, 'outbox', 'z')",
            "INSERT INTO stock VALUES (5, 'e', 5)"));
        assertEquals(
            "SNAPSHOT_END, BEGIN, INSERT, COMMIT, x, BEGIN, INSERT, COMMIT, " +
                "BEGIN, INSERT, INSERT, y, TRUNCATE, COMMIT, z, BEGIN, INSERT, COMMIT",
            String.join(", ", all.stream().map(event -> event.kind() == EventKind.DOCUMENT ?
                event.what().substring(event.what().length() - 1) : event.what()).toList()));
        for (int size = 1; size < all.size(); size++) {
            final List<RecordedEvent> rest = all.subList(size, all.size());
            try (TestBus bus = new TestBus().recorded(all.subList(0, size))) {
                bus.holdFinishedAt(-1);
                bus.start(options);
                await().until(() -> bus.published().size() >= rest.size());
                assertEquals(summaries(rest), summaries(bus.published()), size + " events are recorded");
                assertEquals(
                    rest.stream().map(RecordedEvent::position).toList(),
                    bus.published().stream().map(RecordedEvent::position).toList());
            }
        }
        try (TestBus bus = new TestBus().recorded(all).start(options).awaitUp()) {
            SERVER.execute("INSERT INTO stock VALUES (6, 'f', 6)");
            assertEquals("6", bus.awaitRows(1).get(0).after().get("id"));
        }
    }

    @Test
    void shouldConfirmWhatIsRecordedWhenNothingNewCame() {
        final List<RecordedEvent> all = publish(2, () -> insertRows(1, 2));
        final String committed = SERVER.query("SELECT pg_current_wal_lsn()");
        assertEquals("f", confirmed(committed));
        try (TestBus bus = new TestBus().recorded(all).start(options).awaitUp()) {
            await().until(() -> "t".equals(confirmed(committed)));
            assertEquals(List.of(), bus.published());
        }
    }

    private static String confirmed(final String lsn) {
        return SERVER.query("SELECT confirmed_flush_lsn >= '" + lsn + "' FROM pg_replication_slots");
    }

    @Test
    void shouldLoseNoCommitThatBeginsWhereAConfirmedMessageEnds() {
        options.messages = List.of("outbox");
        final List<RecordedEvent> found;
        try (TestBus bus = new TestBus().recorded(List.of()).start(options).awaitUp()) {
            bus.holdFinishedAt(0);
            final String before = SERVER.query("SELECT confirmed_flush_lsn FROM pg_replication_slots");
            SERVER.execute("BEGIN; INSERT INTO stock VALUES (1, 'a', 1); " +
                "SELECT pg_logical_emit_message(false, 'outbox', 'x'); COMMIT");
            bus.awaitRows(1);
            found = bus.published().stream().takeWhile(event -> !event.what().equals("BEGIN")).toList();
            bus.holdFinishedAt(found.get(found.size() - 1).sequence());
            await().until(() -> SERVER.query("SELECT confirmed_flush_lsn > '" + before +
                "' FROM pg_replication_slots").equals("t"));
        }
        assertEquals(EventKind.DOCUMENT, found.get(found.size() - 1).kind());
        try (TestBus bus = new TestBus().recorded(found).start(options)) {
            bus.awaitRows(1);
            await().until(() -> bus.published().size() >= 3);
            assertEquals(List.of("BEGIN", "INSERT", "COMMIT"),
                bus.published().stream().map(RecordedEvent::what).toList());
        }
    }

    @Test
    void shouldTakeTheSnapshotAnewWhenItsEndIsNotRecorded() {
        insertRows(1, ROWS);
        final List<RecordedEvent> all = publish(ROWS, () -> { });
        assertEquals("SNAPSHOT_END", all.get(ROWS).what());
        assertEquals("headrace_test", slots(), "the slot is there, and yet it is not trusted");
        insertRows(ROWS + 1, 1);
        for (final int size : new int[] {0, 1, ROWS / 2, ROWS}) {
            final List<RecordedEvent> found = all.subList(0, size);
            try (TestBus bus = new TestBus().recorded(found).start(options).awaitUp()) {
                assertEquals(ROWS + 1, bus.select(RecordedEvent::snapshot).size(), size + " events are recorded");
                assertEquals("SNAPSHOT_END", bus.published().get(ROWS + 1).what());
                assertEquals(ROWS + 1, bus.published().get(ROWS + 1).index(), "rows in the snapshot");
                final List<RecordedEvent> both = new ArrayList<>(found);
                both.addAll(bus.published());
                assertTrue(RecordedEvent.increasing(both), "positions grow over both snapshots");
                assertEquals("headrace_test", slots());
            }
        }
    }

    @Test
    void shouldGoOnWithoutASnapshotWhenItsEndIsRecorded() {
        insertRows(1, ROWS);
        final List<RecordedEvent> all = publish(ROWS, () -> { });
        insertRows(ROWS + 1, 1);
        try (TestBus bus = new TestBus().recorded(all).start(options).awaitUp()) {
            assertEquals("INSERT", bus.awaitRows(1).get(0).what());
        }
        options.snapshot = SnapshotMode.ONLY;
        try (TestBus bus = new TestBus().recorded(all).start(options).awaitUp()) {
            assertEquals(List.of(), bus.published());
        }
    }

    @Test
    void shouldTakeANewSnapshotWhenTheSlotWentWithChangesThatAreMissing() {
        final List<RecordedEvent> all = publish(3, () -> insertRows(1, 3));
        SERVER.execute("SELECT pg_drop_replication_slot('headrace_test')");
        SERVER.execute("INSERT INTO stock VALUES (4, 'd', 4)");
        // Up to the second row of the transaction, whose rest can no longer be had.
        final List<RecordedEvent> found = all.subList(0, all.size() - 2);
        try (TestBus bus = new TestBus().recorded(found).start(options).awaitUp()) {
            assertEquals(List.of("COMMIT", "READ", "READ", "READ", "READ", "SNAPSHOT_END"),
                bus.published().stream().map(RecordedEvent::what).toList());
            assertEquals(1, bus.counter("stream-gaps"));
            final List<RecordedEvent> both = new ArrayList<>(found);
            both.addAll(bus.published());
            assertTrue(RecordedEvent.increasing(both));
        }
    }

    @Test
    void shouldFailWithoutItsSlotWhenNoSnapshotMayMendIt() {
        final List<RecordedEvent> all = publish(3, () -> insertRows(1, 3));
        SERVER.execute("SELECT pg_drop_replication_slot('headrace_test')");
        options.snapshot = SnapshotMode.NEVER;
        try (TestBus bus = new TestBus().recorded(all).start(options)) {
            assertFailed(bus, "slot headrace_test is gone, and with it the changes since");
            assertTrue(bus.health().reason().contains("set snapshot: initial"), bus.health().reason());
            assertEquals(null, slots());
        }
    }

    private static void assertFailed(final TestBus bus, final String reason) {
        await().until(() -> bus.health().state() == Health.State.FAILED);
        assertTrue(bus.health().reason().contains(reason), bus.health().reason());
        assertEquals(List.of(), bus.published());
    }

    @Test
    void shouldFailAtAServerWhoseLogEndsBeforeWhatIsRecorded() {
        final List<RecordedEvent> all = publish(1, () -> insertRows(1, 1));
        final RecordedEvent last = all.get(all.size() - 1);
        final byte[] position = HexFormat.of().parseHex(last.position());
        position[2]++;
        final RecordedEvent elsewhere = new RecordedEvent(last.sequence(), last.kind(), last.topic(), last.what(),
            last.before(), last.after(), last.types(), last.keyColumns(), last.key(),
            HexFormat.of().formatHex(position), last.transactionId(), last.index(), last.sourceTimeNs(), false, true);
        try (TestBus bus = new TestBus().recorded(List.of(elsewhere)).start(options)) {
            assertFailed(bus, "it is another database cluster, or was put back to an earlier state");
            assertEquals("headrace_test", slots());
        }
    }

    @Test
    void shouldFailWhenSomebodyElseMovedTheSlotOverTheRestOfATransaction() {
        final List<RecordedEvent> all = publish(3, () -> insertRows(1, 3));
        SERVER.execute("SELECT pg_replication_slot_advance('headrace_test', pg_current_wal_lsn())");
        insertRows(4, 1);
        try (TestBus bus = new TestBus().recorded(all.subList(0, all.size() - 1)).start(options)) {
            assertFailed(bus, "somebody else moved the slot");
        }
    }
}
