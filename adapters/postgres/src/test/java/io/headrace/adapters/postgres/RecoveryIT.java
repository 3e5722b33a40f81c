package io.headrace.adapters.postgres;

import io.headrace.bus.adapter.Health;
import io.headrace.codecs.sbe.EventKind;
import org.junit.jupiter.api.Test;

import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Lost connections, restarts, and what may be confirmed to the server. */
class RecoveryIT extends ServerTest {
    private static final int TRANSACTIONS = 3000;

    @Test
    void shouldLoseAndRepeatNothingWhenTheServersProcessIsKilledUnderLoad() throws Exception {
        try (TestBus bus = new TestBus().start(options).awaitUp()) {
            // Nothing is confirmed for a while, so that each new connection reads much again.
            bus.holdFinishedAt(100);
            final CompletableFuture<Void> writer = CompletableFuture.runAsync(RecoveryIT::writeTransactions);
            for (int kill = 1; kill <= 4; kill++) {
                final int rowCount = kill * TRANSACTIONS / 3;
                await().until(() -> bus.counter("rows") > rowCount);
                SERVER.execute("SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots " +
                    "WHERE active_pid IS NOT NULL");
                final int killed = kill;
                await().until(() -> bus.counter("reconnects") >= killed);
                await().until(() -> bus.health().state() == Health.State.UP);
            }
            writer.get();
            bus.holdFinishedAt(Long.MAX_VALUE);
            await().until(() -> bus.rows().size() >= 2 * TRANSACTIONS);

            final List<String> expected = new ArrayList<>();
            for (int i = 0; i < TRANSACTIONS; i++) {
                expected.add(String.valueOf(2 * i));
                expected.add(String.valueOf(2 * i + 1));
            }
            assertEquals(expected, bus.rows().stream().map(row -> row.after().get("id")).toList());
            assertTrue(RecordedEvent.increasing(bus.events()));
            assertTrue(bus.counter("skipped-events") > 0, "events were read again");
            assertEquals(2 * TRANSACTIONS,
                bus.select(event -> event.kind() == EventKind.TRANSACTION).size(), "one frame for each transaction");
        }
    }

    private static void writeTransactions() {
        try (Connection connection = SERVER.connect(); Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            for (int i = 0; i < TRANSACTIONS; i++) {
                statement.execute("INSERT INTO stock VALUES (" + 2 * i + ", 'a', 1)");
                statement.execute("INSERT INTO stock VALUES (" + (2 * i + 1) + ", 'b', 2)");
                connection.commit();
            }
        } catch (final java.sql.SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void shouldPublishNothingMoreAtRestButConfirmWhatGetsFinished() throws Exception {
        final CompletableFuture<Void> writer;
        final long restSequence;
        try (TestBus bus = new TestBus().start(options).awaitUp()) {
            bus.holdFinishedAt(0);
            writer = CompletableFuture.runAsync(RecoveryIT::writeTransactions);
            bus.awaitRows(100);
            bus.quiesceSource();
            final List<RecordedEvent> published = bus.events();
            final RecordedEvent last = published.get(published.size() - 1);
            assertEquals("COMMIT", last.what(), "whole transactions only");
            restSequence = last.sequence();
            writer.get();
            bus.holdFinishedAt(restSequence);
            await().until(() -> !"0".equals(SERVER.query("SELECT count(*) FROM pg_replication_slots " +
                "WHERE confirmed_flush_lsn > restart_lsn AND slot_name = 'headrace_test'")));
            bus.stopSource();
            assertEquals(published.size(), bus.events().size(), "published after it came to rest");

            final int rowsBefore = bus.rows().size();
            bus.holdFinishedAt(Long.MAX_VALUE);
            bus.start(options);
            bus.awaitRows(2 * TRANSACTIONS);
            assertEquals(String.valueOf(rowsBefore), bus.rows().get(rowsBefore).after().get("id"),
                "what was finished is confirmed, and not read again");
            assertEquals(2 * TRANSACTIONS, bus.rows().size());
        }
    }

    @Test
    void shouldConfirmNoMoreThanTheBusHasFinished() {
        try (TestBus bus = new TestBus().start(options).awaitUp()) {
            SERVER.execute("INSERT INTO stock VALUES (1, 'a', 1)");
            bus.awaitRows(1);
            final String first = SERVER.query("SELECT pg_current_wal_lsn()");
            await().until(() -> confirmedAtLeast(first));

            final long heldSequence = bus.events().get(bus.events().size() - 1).sequence();
            bus.holdFinishedAt(heldSequence);
            SERVER.execute("INSERT INTO stock VALUES (2, 'b', 2)");
            final String second = SERVER.query("SELECT pg_current_wal_lsn()");
            bus.awaitRows(2);
            SERVER.execute("SELECT pg_logical_emit_message(false, 'noise', 'x') FROM generate_series(1, 100)");
            // A later status has come and gone once the server reports a newer reply.
            final String reply = SERVER.query("SELECT reply_time FROM pg_stat_replication");
            await().until(() -> SERVER.query(
                "SELECT count(*) FROM pg_stat_replication WHERE reply_time > '" + reply + "'::timestamptz " +
                "+ interval '100 ms'").equals("1"));
            assertEquals("0", SERVER.query("SELECT count(*) FROM pg_replication_slots " +
                "WHERE confirmed_flush_lsn >= '" + second + "'"), "the slot ran ahead of the bus");
            bus.holdFinishedAt(Long.MAX_VALUE);
            await().until(() -> confirmedAtLeast(second));
        }
    }

    private static boolean confirmedAtLeast(final String lsn) {
        return "t".equals(SERVER.query(
            "SELECT confirmed_flush_lsn >= '" + lsn + "' FROM pg_replication_slots WHERE slot_name = 'headrace_test'"));
    }

    @Test
    void shouldConfirmWhatIsFinishedWhenClosed() {
        final TestBus bus = new TestBus().start(options).awaitUp();
        SERVER.execute("INSERT INTO stock VALUES (1, 'a', 1)");
        bus.awaitRows(1);
        await().until(() -> bus.events().size() == 3);
        bus.close();
        try (TestBus next = new TestBus().start(options).awaitUp()) {
            SERVER.execute("INSERT INTO stock VALUES (2, 'b', 2)");
            assertEquals("2", next.awaitRows(1).get(0).after().get("id"));
        }
    }

    @Test
    void shouldGoOnAfterTheServerWasRestarted() {
        try (TestServer server = new TestServer()) {
            server.execute("CREATE TABLE stock (id int PRIMARY KEY)");
            try (TestBus bus = new TestBus().start(new TestOptions(server)).awaitUp()) {
                server.execute("INSERT INTO stock VALUES (1)");
                bus.awaitRows(1);
                server.restart();
                server.execute("INSERT INTO stock VALUES (2)");
                assertEquals(List.of("1", "2"),
                    bus.awaitRows(2).stream().map(row -> row.after().get("id")).toList());
                await().until(() -> bus.health().state() == Health.State.UP);
                assertTrue(bus.counter("reconnects") >= 1);
            }
        }
    }

    @Test
    void shouldSayWhatIsWrongAndMendItselfWhenThePublicationComesLater() {
        options.publicationAutocreate = PublicationAutocreate.OFF;
        options.tables = List.of("public.stock");
        try (TestBus bus = new TestBus().start(options)) {
            await().until(() -> bus.health().state() == Health.State.DOWN);
            assertTrue(bus.health().reason().contains(
                "run: CREATE PUBLICATION \"headrace_test\" FOR TABLE \"public\".\"stock\""), bus.health().reason());
            SERVER.execute("CREATE PUBLICATION headrace_test FOR TABLE stock");
            bus.awaitUp();
            SERVER.execute("INSERT INTO stock VALUES (1, 'a', 1)");
            bus.awaitRows(1);
        }
    }

    @Test
    void shouldFailWhenTheSlotVanished() {
        try (TestBus bus = new TestBus().start(options).awaitUp()) {
            SERVER.execute("SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots; " +
                "DO $$ BEGIN LOOP BEGIN PERFORM pg_drop_replication_slot('headrace_test'); EXIT; " +
                "EXCEPTION WHEN object_in_use THEN NULL; END; END LOOP; END $$");
            await().until(() -> bus.health().state() == Health.State.FAILED);
            assertTrue(bus.health().reason().contains("slot headrace_test is gone"), bus.health().reason());
        }
    }
}
