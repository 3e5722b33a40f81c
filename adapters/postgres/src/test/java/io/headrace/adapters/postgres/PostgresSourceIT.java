package io.headrace.adapters.postgres;

import io.headrace.bus.BusContext;
import io.headrace.bus.adapter.Health;
import io.headrace.codecs.sbe.EventKind;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The stream of changes from a real server to a real bus. */
class PostgresSourceIT extends ServerTest {
    @Test
    void shouldPublishInsertsUpdatesAndDeletesInCommitOrder() {
        try (TestBus bus = new TestBus().start(options).awaitUp()) {
            SERVER.execute(
                "INSERT INTO stock VALUES (1, 'bolt', 10.50)",
                "UPDATE stock SET amount = 11 WHERE id = 1",
                "UPDATE stock SET id = 2 WHERE id = 1",
                "DELETE FROM stock WHERE id = 2");
            await().until(() -> bus.events().size() >= 12);
            assertEquals(
                List.of(
                    "BEGIN",
                    "INSERT erp.public.stock {} {id=1, item=bolt, amount=10.50}",
                    "COMMIT",
                    "BEGIN",
                    "UPDATE erp.public.stock {} {id=1, item=bolt, amount=11}",
                    "COMMIT",
                    "BEGIN",
                    "UPDATE erp.public.stock {id=1} {id=2, item=bolt, amount=11}",
                    "COMMIT",
                    "BEGIN",
                    "DELETE erp.public.stock {id=2} {}",
                    "COMMIT"),
                bus.events().stream().map(RecordedEvent::summary).toList());
            assertTrue(RecordedEvent.increasing(bus.events()));
            final List<RecordedEvent> rows = bus.rows();
            assertEquals(rows.get(0).key(), rows.get(2).key(), "a change of the key has the old key");
            assertEquals("id", rows.get(0).keyColumns());
            assertTrue(bus.events().stream().allMatch(RecordedEvent::inTransaction));
            assertEquals(4, bus.counter("transactions"));
            assertEquals(4, bus.counter("rows"));
        }
    }

    @Test
    void shouldFrameATransactionAndCountItsEvents() {
        try (TestBus bus = new TestBus().start(options).awaitUp()) {
            SERVER.execute("INSERT INTO stock SELECT g, 'item ' || g, g FROM generate_series(1, 3) g");
            await().until(() -> bus.events().size() >= 5);
            final List<RecordedEvent> events = bus.events();
            assertEquals(List.of("BEGIN", "INSERT", "INSERT", "INSERT", "COMMIT"),
                events.stream().map(RecordedEvent::what).toList());
            assertEquals(3, events.get(4).index());
            assertEquals(List.of(0L, 1L, 2L), bus.rows().stream().map(RecordedEvent::index).toList());
            assertEquals(1, events.stream().map(RecordedEvent::transactionId).distinct().count());
            assertEquals(1, events.stream().map(RecordedEvent::sourceTimeNs).distinct().count());
            assertEquals("erp.transaction", events.get(0).topic());
        }
    }

    @Test
    void shouldShowTheWholeRowBeforeAChangeUnderReplicaIdentityFull() {
        SERVER.execute("ALTER TABLE stock REPLICA IDENTITY FULL",
            "CREATE TABLE note (text text, size int)", "ALTER TABLE note REPLICA IDENTITY FULL");
        try (TestBus bus = new TestBus().start(options).awaitUp()) {
            SERVER.execute("INSERT INTO stock VALUES (1, NULL, 1)", "UPDATE stock SET item = 'nut'",
                "DELETE FROM stock", "INSERT INTO note VALUES ('a', 1)", "DELETE FROM note");
            final List<RecordedEvent> rows = bus.awaitRows(5);
            assertEquals("UPDATE erp.public.stock {id=1, item=NULL, amount=1} {id=1, item=nut, amount=1}",
                rows.get(1).summary());
            assertEquals("DELETE erp.public.stock {id=1, item=nut, amount=1} {}", rows.get(2).summary());
            assertEquals("id", rows.get(1).keyColumns());
            assertEquals(rows.get(0).key(), rows.get(2).key());
            assertEquals("text,size", rows.get(3).keyColumns(), "without a primary key all columns identify a row");
            assertEquals(rows.get(3).key(), rows.get(4).key());
        }
    }

    @Test
    void shouldMarkLargeValuesThatDidNotChange() {
        SERVER.execute("CREATE TABLE manual (id int PRIMARY KEY, page int, body text)",
            "ALTER TABLE manual ALTER COLUMN body SET STORAGE EXTERNAL");
        try (TestBus bus = new TestBus().start(options).awaitUp()) {
            SERVER.execute("INSERT INTO manual VALUES (1, 1, repeat('x', 20000))", "UPDATE manual SET page = 2",
                "ALTER TABLE manual REPLICA IDENTITY FULL", "UPDATE manual SET page = 3");
            final List<RecordedEvent> rows = bus.awaitRows(3);
            assertEquals(20_000, rows.get(0).after().get("body").length());
            assertEquals(Map.of("id", "1", "page", "2", "body", "UNCHANGED"), rows.get(1).after());
            assertEquals(20_000, rows.get(2).after().get("body").length(), "known from the row before");
        }
    }

    @Test
    void shouldPublishOneEventForEachTruncatedTable() {
        SERVER.execute("CREATE TABLE lot (id int PRIMARY KEY, stock_id int REFERENCES stock)");
        try (TestBus bus = new TestBus().start(options).awaitUp()) {
            SERVER.execute("INSERT INTO stock VALUES (1, 'a', 1)", "TRUNCATE stock CASCADE");
            final List<RecordedEvent> rows = bus.awaitRows(3);
            assertEquals(List.of("TRUNCATE", "TRUNCATE"),
                rows.subList(1, 3).stream().map(RecordedEvent::what).toList());
            assertEquals(List.of("erp.public.lot", "erp.public.stock"),
                rows.subList(1, 3).stream().map(RecordedEvent::topic).sorted().toList());
        }
    }

    @Test
    void shouldFollowChangesOfTheSchemaInMidStream() {
        try (TestBus bus = new TestBus().start(options).awaitUp()) {
            SERVER.execute(
                "INSERT INTO stock VALUES (1, 'bolt', 1)",
                "ALTER TABLE stock ADD COLUMN bin text DEFAULT 'A7', DROP COLUMN amount",
                "INSERT INTO stock VALUES (2, 'nut', 'B1')",
                "BEGIN; INSERT INTO stock VALUES (3, 'washer', 'B2'); ALTER TABLE stock RENAME item TO name; " +
                    "ALTER TABLE stock ALTER bin TYPE varchar(9); INSERT INTO stock VALUES (4, 'rod', 'C'); COMMIT",
                "CREATE TABLE later (id int PRIMARY KEY)",
                "INSERT INTO later VALUES (7)");
            final List<RecordedEvent> rows = bus.awaitRows(5);
            assertEquals(Map.of("id", "1", "item", "bolt", "amount", "1"), rows.get(0).after());
            assertEquals(Map.of("id", "2", "item", "nut", "bin", "B1"), rows.get(1).after());
            assertEquals(Map.of("id", "3", "item", "washer", "bin", "B2"), rows.get(2).after());
            assertEquals(Map.of("id", "4", "name", "rod", "bin", "C"), rows.get(3).after());
            assertEquals("varchar", rows.get(3).types().get("bin"));
            assertEquals("INSERT erp.public.later {} {id=7}", rows.get(4).summary());
        }
    }

    @Test
    void shouldPublishOnlyConfiguredTablesAndAddThemToThePublication() {
        SERVER.execute("CREATE TABLE private (id int PRIMARY KEY)", "CREATE TABLE stock_log (id int)");
        options.publicationAutocreate = PublicationAutocreate.TABLES;
        options.tables = List.of("public.stock*");
        try (TestBus bus = new TestBus().start(options).awaitUp()) {
            SERVER.execute("INSERT INTO private VALUES (1)", "INSERT INTO stock_log VALUES (2)",
                "INSERT INTO stock VALUES (3, '', 3)");
            assertEquals(List.of("erp.public.stock_log", "erp.public.stock"),
                bus.awaitRows(2).stream().map(RecordedEvent::topic).toList());
        }
        SERVER.execute("CREATE TABLE stock_late (id int PRIMARY KEY)");
        try (TestBus bus = new TestBus().start(options).awaitUp()) {
            SERVER.execute("INSERT INTO stock_late VALUES (4)");
            assertEquals("erp.public.stock_late", bus.awaitRows(1).get(0).topic());
        }
    }

    @Test
    void shouldPublishLogicalMessagesAsDocuments() {
        options.messages = List.of("outbox*");
        try (TestBus bus = new TestBus().start(options).awaitUp()) {
            SERVER.execute(
                "SELECT pg_logical_emit_message(false, 'other', 'x')",
                "BEGIN; INSERT INTO stock VALUES (1, 'a', 1); " +
                    "SELECT pg_logical_emit_message(true, 'outbox.order', '{\"id\": 1}'); COMMIT",
                "BEGIN; SELECT pg_logical_emit_message(true, 'outbox.order', 'rolled back'); ROLLBACK",
                "BEGIN; SELECT pg_logical_emit_message(false, 'outbox', 'at once'); ROLLBACK",
                "INSERT INTO stock VALUES (2, 'b', 2)");
            bus.awaitRows(2);
            assertEquals(
                List.of("BEGIN", "INSERT erp.public.stock {} {id=1, item=a, amount=1}",
                    "erp.message.outbox.order application/json outbox.order {\"id\": 1}", "COMMIT",
                    "erp.message.outbox application/json outbox at once", "BEGIN"),
                bus.events().stream().map(RecordedEvent::summary).limit(6).toList());
            final List<RecordedEvent> documents = bus.select(event -> event.kind() == EventKind.DOCUMENT);
            assertTrue(documents.get(0).inTransaction());
            assertFalse(documents.get(1).inTransaction());
            assertEquals(2, bus.events().get(3).index(), "documents count as events of the transaction");
            assertTrue(RecordedEvent.increasing(bus.events()));
        }
    }

    @Test
    void shouldFailWithTheRemedyWhenAnEventIsTooLongForTheBus() {
        try (TestBus bus = new TestBus(new BusContext().ring(64, 128), null).start(options).awaitUp()) {
            SERVER.execute("INSERT INTO stock VALUES (1, repeat('x', 100000), 1)");
            await().until(() -> bus.health().state() == Health.State.FAILED);
            assertTrue(bus.health().reason().contains("table public.stock"), bus.health().reason());
            assertTrue(bus.health().reason().contains("bus.capacity or bus.slot-bytes"), bus.health().reason());
            assertTrue(bus.rows().isEmpty());
        }
        assertEquals("1", SERVER.query("SELECT count(*) FROM pg_replication_slots WHERE confirmed_flush_lsn < " +
            "pg_current_wal_lsn()"), "the change is still there");
    }

    @Test
    void shouldMoveTheSlotWhileOnlyOtherDatabasesChange() {
        SERVER.execute("DROP DATABASE IF EXISTS other", "CREATE DATABASE other");
        options.heartbeat = java.time.Duration.ofMillis(200);
        options.messages = List.of("*");
        try (TestBus bus = new TestBus().start(options).awaitUp()) {
            final String before = SERVER.query("SELECT confirmed_flush_lsn FROM pg_replication_slots");
            await().until(() -> bus.counter("heartbeats") > 2);
            await().until(() -> SERVER.query("SELECT confirmed_flush_lsn > '" + before +
                "' FROM pg_replication_slots").equals("t"));
            await().until(() -> bus.counter("retained-wal-bytes") > 0);
            assertTrue(bus.events().isEmpty(), "heartbeats are no events");
        }
        SERVER.execute("DROP DATABASE other");
    }
}
