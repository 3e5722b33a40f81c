package io.headrace.adapters.postgres;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.List;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The stream of changes from a real server to a real bus. */
class PostgresSourceIT {
    private static TestServer server;
    private TestOptions options;

    @BeforeAll
    static void startServer() {
        server = new TestServer();
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @BeforeEach
    void createTables() {
        server.execute("CREATE TABLE stock (id int PRIMARY KEY, item text, amount numeric)");
        options = new TestOptions(server);
    }

    @AfterEach
    void dropEverything() {
        server.execute("DROP SCHEMA public CASCADE", "CREATE SCHEMA public",
            "DROP PUBLICATION IF EXISTS headrace_test",
            "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE NOT temporary");
    }

    @Test
    void shouldPublishInsertsUpdatesAndDeletesInCommitOrder() {
        try (TestBus bus = new TestBus().start(options).awaitUp()) {
            server.execute(
                "INSERT INTO stock VALUES (1, 'bolt', 10.50)",
                "UPDATE stock SET amount = 11 WHERE id = 1",
                "UPDATE stock SET id = 2 WHERE id = 1",
                "DELETE FROM stock WHERE id = 2");
            bus.awaitRows(4);
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
            await().until(() -> bus.counter("transactions") == 4);
        }
    }
}
