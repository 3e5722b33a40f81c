package io.headrace.adapters.postgres;

import io.headrace.bus.BusContext;
import io.headrace.codecs.EventView;
import io.headrace.codecs.sbe.EventKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Transactions that the server sends before their commit. */
class LargeTransactionIT extends ServerTest {
    private static final int MILLION = 1_000_000;

    @TempDir
    Path spillDirectory;

    @ParameterizedTest
    @EnumSource(Streaming.class)
    void shouldPublishExactlyWhatIsCommittedOfALargeTransaction(final Streaming streaming) throws IOException {
        options.streaming = streaming;
        options.spillDirectory = Optional.of(spillDirectory.toString());
        try (TestBus bus = new TestBus().start(options).awaitUp()) {
            SERVER.execute("BEGIN; " +
                "INSERT INTO stock SELECT g, 'kept', g FROM generate_series(1, 3000) g; " +
                "SAVEPOINT a; " +
                "ALTER TABLE stock ADD COLUMN bin text; " +
                "INSERT INTO stock SELECT g, 'undone', g, 'x' FROM generate_series(3001, 6000) g; " +
                "SAVEPOINT b; " +
                "INSERT INTO stock SELECT g, 'undone too', g, 'y' FROM generate_series(6001, 9000) g; " +
                "RELEASE SAVEPOINT b; " +
                "ROLLBACK TO SAVEPOINT a; " +
                "SAVEPOINT c; " +
                "INSERT INTO stock SELECT g, 'kept too', g FROM generate_series(9001, 12000) g; " +
                "RELEASE SAVEPOINT c; " +
                "COMMIT",
                "BEGIN; INSERT INTO stock SELECT g, 'all undone', g FROM generate_series(20001, 25000) g; ROLLBACK",
                "INSERT INTO stock VALUES (0, 'end', 0)");
            final List<RecordedEvent> rows = bus.awaitRows(6001);
            assertEquals(
                IntStream.concat(
                    IntStream.concat(IntStream.rangeClosed(1, 3000), IntStream.rangeClosed(9001, 12000)),
                    IntStream.of(0)).mapToObj(String::valueOf).toList(),
                rows.stream().map(row -> row.after().get("id")).toList());
            assertEquals(IntStream.range(0, 6000).mapToObj(Long::valueOf).toList(),
                rows.stream().limit(6000).map(RecordedEvent::index).toList());
            assertEquals(2, bus.select(event -> event.what().equals("COMMIT")).size());
            assertTrue(RecordedEvent.increasing(bus.events()));
            assertEquals(streaming == Streaming.ON, bus.counter("spilled-bytes") > 0);
            await().until(() -> spillFileCount() == 0);
        }
    }

    private long spillFileCount() throws IOException {
        try (Stream<Path> files = Files.list(spillDirectory)) {
            return files.count();
        }
    }

    @Test
    void shouldStartALargeTransactionAgainAfterALostConnection() throws IOException {
        options.spillDirectory = Optional.of(spillDirectory.toString());
        try (TestBus bus = new TestBus().start(options).awaitUp();
            var connection = SERVER.connect(); var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("INSERT INTO stock SELECT g, 'a', g FROM generate_series(1, 5000) g");
            await().until(() -> spillFileCount() == 1);
            SERVER.execute("INSERT INTO stock VALUES (0, 'between', 0)");
            bus.awaitRows(1);
            SERVER.execute("SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots");
            await().until(() -> bus.counter("reconnects") == 1);
            bus.awaitUp();
            statement.execute("INSERT INTO stock SELECT g, 'a', g FROM generate_series(5001, 6000) g");
            connection.commit();
            assertEquals(IntStream.rangeClosed(0, 6000).mapToObj(String::valueOf).toList(),
                bus.awaitRows(6001).stream().map(row -> row.after().get("id")).toList());
        } catch (final java.sql.SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** This module's integration tests run with a heap of 256 MiB, and the transaction is larger. */
    @ParameterizedTest
    @EnumSource(Streaming.class)
    void shouldPassAMillionRowsInOneTransactionWithASmallHeap(final Streaming streaming) {
        options.streaming = streaming;
        options.spillDirectory = Optional.of(spillDirectory.toString());
        final AtomicLong rowCount = new AtomicLong();
        final BusContext busContext = new BusContext().ring(1 << 14, 256);
        try (TestBus bus = new TestBus(busContext, event -> count(event, rowCount)).start(options).awaitUp()) {
            SERVER.execute("INSERT INTO stock SELECT g, repeat('x', 200), g FROM generate_series(1, 1000000) g");
            await().atMost(Duration.ofMinutes(2)).until(() -> rowCount.get() == MILLION);
            await().until(() -> bus.counter("transactions") == 1);
            assertEquals(MILLION, bus.counter("rows"));
        }
    }

    private static void count(final EventView event, final AtomicLong rowCount) {
        if (event.kind() == EventKind.ROW_CHANGE) {
            rowCount.incrementAndGet();
        }
    }
}
