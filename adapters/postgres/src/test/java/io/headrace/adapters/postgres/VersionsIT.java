package io.headrace.adapters.postgres;

import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.stream.IntStream;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The main path on the older versions; the other tests run on the newest. */
@EnabledIfSystemProperty(named = "os.arch", matches = "amd64", disabledReason = "binaries are fetched for amd64")
class VersionsIT {
    @ParameterizedTest
    @ValueSource(ints = {14, 15, 16, 17})
    void shouldSnapshotStreamAndRecover(final int major) {
        try (TestServer server = new TestServer(major)) {
            final TestOptions options = new TestOptions(server);
            options.messages = List.of("outbox");
            server.execute("CREATE TYPE mood AS ENUM ('bad', 'fine')",
                "CREATE TABLE stock (id int PRIMARY KEY, item text, amount numeric, mood mood, at timestamptz)",
                "INSERT INTO stock VALUES (1, 'a\tb', 1.50, 'fine', '2026-11-21 12:00:00+02')",
                "CREATE TABLE empty_transactions (id int)");
            try (TestBus bus = new TestBus().start(options).awaitUp()) {
                server.execute("UPDATE stock SET amount = 2",
                    "BEGIN; INSERT INTO stock SELECT g, 'many', g, 'bad', now() FROM generate_series(2, 4000) g; " +
                        "SAVEPOINT s; INSERT INTO stock SELECT g, 'undone', g, 'bad', now() " +
                        "FROM generate_series(5000, 8000) g; ROLLBACK TO s; COMMIT",
                    "DELETE FROM stock WHERE id = 1",
                    "SELECT pg_logical_emit_message(true, 'outbox', 'hello')",
                    "TRUNCATE stock");
                final List<RecordedEvent> rows = bus.awaitRows(4003);
                assertEquals("READ erp.public.stock {} {id=1, item=a\tb, amount=1.50, mood=fine, " +
                    "at=1795255200000000}", rows.get(0).summary());
                assertEquals("UPDATE", rows.get(1).what());
                assertEquals(IntStream.rangeClosed(2, 4000).mapToObj(String::valueOf).toList(),
                    rows.subList(2, 4001).stream().map(row -> row.after().get("id")).toList());
                assertEquals("DELETE erp.public.stock {id=1} {}", rows.get(4001).summary());
                assertEquals("TRUNCATE", rows.get(4002).what());
                assertEquals(1, bus.counter("documents"));
                assertTrue(bus.counter("spilled-bytes") > 0);
                assertTrue(RecordedEvent.increasing(bus.events()));

                server.execute("SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots");
                await().until(() -> bus.counter("reconnects") == 1);
                server.execute("INSERT INTO stock VALUES (9, 'after', 9)");
                assertEquals("9", bus.awaitRows(4004).get(4003).after().get("id"));
            }
            assertEquals(0, new PostgresSourceProvider().preflight(options.build()).stream()
                .filter(finding -> finding.status() == io.headrace.bus.adapter.PreflightFinding.Status.FAILED)
                .count());
        }
    }
}
