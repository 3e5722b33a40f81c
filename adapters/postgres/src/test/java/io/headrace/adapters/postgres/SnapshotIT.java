package io.headrace.adapters.postgres;

import io.headrace.bus.adapter.Health;
import org.junit.jupiter.api.Test;

import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The initial snapshot, and its seam to the stream. */
class SnapshotIT extends ServerTest {
    @Test
    void shouldEqualTheTableWhenWrittenToDuringTheSnapshot() throws Exception {
        SERVER.execute("INSERT INTO stock SELECT g, 'item ' || g, 0 FROM generate_series(1, 20000) g");
        final AtomicBoolean writing = new AtomicBoolean(true);
        final CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> write(writing));
        try (TestBus bus = new TestBus().start(options).awaitUp()) {
            await().until(() -> bus.counter("transactions") > 50);
            writing.set(false);
            writer.get();
            final String marker = "INSERT INTO stock VALUES (-1, 'end', 0)";
            SERVER.execute(marker);
            await().until(() -> !bus.select(event -> "-1".equals(event.after().get("id"))).isEmpty());

            final Map<Integer, String> mirror = new TreeMap<>();
            for (final RecordedEvent row : bus.rows()) {
                final Map<String, String> image = row.after().isEmpty() ? row.before() : row.after();
                final int id = Integer.parseInt(image.get("id"));
                if (row.what().equals("DELETE")) {
                    mirror.remove(id);
                } else {
                    assertTrue(row.what().equals("UPDATE") || !mirror.containsKey(id), "row " + id + " came twice");
                    mirror.put(id, image.get("item") + "|" + image.get("amount"));
                }
            }
            assertEquals(
                SERVER.query("SELECT string_agg(id || '=' || item || '|' || amount, ', ' ORDER BY id) FROM stock"),
                mirror.toString().replaceAll("[{}]", ""));
            assertEquals(bus.select(RecordedEvent::snapshot).size(), bus.counter("snapshot-rows"));
            assertEquals(1, bus.counter("snapshot-tables"));
            assertTrue(RecordedEvent.increasing(bus.events()));
        }
    }

    private static void write(final AtomicBoolean writing) {
        try (Connection connection = SERVER.connect(); Statement statement = connection.createStatement()) {
            for (int i = 1; writing.get(); i++) {
                statement.execute("UPDATE stock SET amount = amount + 1 WHERE id = " + (i * 37 % 20_000 + 1));
                statement.execute("INSERT INTO stock VALUES (" + (100_000 + i) + ", 'new', 1)");
                statement.execute("DELETE FROM stock WHERE id = " + (i * 2));
            }
        } catch (final java.sql.SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void shouldStartASnapshotAgainThatWasInterrupted() {
        SERVER.execute("INSERT INTO stock SELECT g, repeat('x', 100), 0 FROM generate_series(1, 3000) g");
        final TestBus first = new TestBus();
        first.holdFinishedAt(0);
        first.start(options);
        await().until(() -> first.counter("snapshot-rows") == 3000);
        assertEquals("0", SERVER.query("SELECT count(*) FROM pg_replication_slots WHERE NOT temporary"),
            "no lasting slot before every row is finished");
        first.close();
        try (TestBus second = new TestBus().start(options).awaitUp()) {
            assertEquals(3000, second.rows().size());
            assertEquals("headrace_test", SERVER.query("SELECT string_agg(slot_name, ' ') FROM pg_replication_slots"));
        }
    }

    @Test
    void shouldGoOnWithoutASnapshotWhenTheSlotIsThere() {
        SERVER.execute("INSERT INTO stock VALUES (1, 'a', 1)");
        try (TestBus bus = new TestBus().start(options).awaitUp()) {
            assertEquals("READ", bus.awaitRows(1).get(0).what());
        }
        SERVER.execute("INSERT INTO stock VALUES (2, 'b', 2)");
        try (TestBus bus = new TestBus().start(options).awaitUp()) {
            assertEquals("INSERT erp.public.stock {} {id=2, item=b, amount=2}", bus.awaitRows(1).get(0).summary());
        }
    }

    @Test
    void shouldTakeOnlyTheSnapshotOrNoneIfAskedTo() {
        SERVER.execute("INSERT INTO stock VALUES (1, 'a', 1)");
        options.snapshot = SnapshotMode.ONLY;
        try (TestBus bus = new TestBus().start(options)) {
            await().until(() -> bus.health().state() == Health.State.UP);
            assertEquals(1, bus.rows().size());
            await().until(() -> SERVER.query("SELECT count(*) FROM pg_replication_slots").equals("0"));
        }
        options.snapshot = SnapshotMode.NEVER;
        try (TestBus bus = new TestBus().start(options).awaitUp()) {
            SERVER.execute("INSERT INTO stock VALUES (2, 'b', 2)");
            assertEquals("INSERT", bus.awaitRows(1).get(0).what());
        }
    }

    @Test
    void shouldSnapshotColumnListsRowFiltersAndPartitions() {
        SERVER.execute(
            "INSERT INTO stock VALUES (1, 'a', 1), (2, 'b', 20)",
            "CREATE TABLE reading (id int, day date, value float8, twice float8 GENERATED ALWAYS AS (value * 2) " +
                "STORED) PARTITION BY RANGE (day)",
            "CREATE TABLE reading_1 PARTITION OF reading FOR VALUES FROM ('2026-01-01') TO ('2026-07-01')",
            "CREATE TABLE reading_2 PARTITION OF reading FOR VALUES FROM ('2026-07-01') TO ('2027-01-01')",
            "INSERT INTO reading VALUES (1, '2026-02-01', 1.5), (2, '2026-11-01', 2.5)",
            "CREATE PUBLICATION headrace_test FOR TABLE stock (id, amount) WHERE (amount > 10), TABLE reading");
        options.publicationAutocreate = PublicationAutocreate.OFF;
        try (TestBus bus = new TestBus().start(options).awaitUp()) {
            final List<RecordedEvent> rows = bus.awaitRows(3);
            assertEquals(
                List.of("READ erp.public.reading_1 {} {id=1, day=20485, value=1.5}",
                    "READ erp.public.reading_2 {} {id=2, day=20758, value=2.5}",
                    "READ erp.public.stock {} {id=2, amount=20}"),
                rows.stream().map(RecordedEvent::summary).toList());
            assertTrue(rows.stream().allMatch(RecordedEvent::snapshot));
        }
    }
}
