package io.headrace.adapters.postgres;

import io.headrace.adapters.testkit.Ability;
import io.headrace.adapters.testkit.SourceContract;
import io.headrace.adapters.testkit.SourceTraits;
import io.headrace.bus.adapter.SourceProvider;
import io.headrace.codecs.DecodeError;
import io.headrace.codecs.EventView;
import io.headrace.codecs.RowChangeView;
import io.headrace.codecs.sbe.EventKind;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

import java.util.Map;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

/** What is asked of every source. */
class PostgresSourceContractIT extends SourceContract<PostgresSourceOptions> {
    private static TestServer server;
    private final RowChangeView row = new RowChangeView();

    @BeforeAll
    static void startServer() {
        server = new TestServer();
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    /** The slot is made here, so that changes count from before the source connects for the first time. */
    @BeforeEach
    void forgetEarlierSources() {
        await().until(() ->
            "0".equals(server.query("SELECT count(*) FROM pg_replication_slots WHERE active_pid IS NOT NULL")));
        server.execute("DROP TABLE IF EXISTS numbers", "CREATE TABLE numbers (n bigint PRIMARY KEY, pad text)",
            "DROP PUBLICATION IF EXISTS headrace_test", "CREATE PUBLICATION headrace_test FOR TABLE numbers",
            "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots",
            "SELECT pg_create_logical_replication_slot('headrace_test', 'pgoutput')");
    }

    @Override
    protected SourceProvider<PostgresSourceOptions> provider() {
        return new PostgresSourceProvider();
    }

    @Override
    protected PostgresSourceOptions options() {
        return new TestOptions(server).build();
    }

    @Override
    protected PostgresSourceOptions wrongOptions() {
        final TestOptions options = new TestOptions(server);
        options.publication = "not_there";
        options.publicationAutocreate = PublicationAutocreate.OFF;
        return options.build();
    }

    @Override
    protected PostgresSourceOptions wrongCredentials() {
        final TestOptions options = new TestOptions(server);
        options.user = "nobody";
        return options.build();
    }

    @Override
    protected Map<Ability, String> unsupported() {
        return Map.of(Ability.MALFORMED_INPUT,
            "the server writes its stream by itself; the decoder's own tests send damaged messages");
    }

    @Override
    protected SourceTraits traits() {
        return new SourceTraits(true, true, true, true, SourceTraits.Duplicates.AFTER_RESTART);
    }

    @Override
    protected void makeChanges(final long firstNumber, final int count) {
        server.execute("DO $$ BEGIN FOR i IN " + firstNumber + ".." + (firstNumber + count - 1) +
            " LOOP INSERT INTO numbers VALUES (i, repeat('x', 40)); COMMIT; END LOOP; END $$");
    }

    @Override
    protected void makeTransaction(final long firstNumber, final int count) {
        server.execute("INSERT INTO numbers SELECT i, repeat('x', 40) FROM generate_series(" + firstNumber + ", " +
            (firstNumber + count - 1) + ") i");
    }

    @Override
    protected long numberOf(final EventView event) {
        if (event.kind() != EventKind.ROW_CHANGE) {
            return -1;
        }
        assertEquals(DecodeError.NONE, row.wrap(event.buffer(), event.payloadOffset(), event.payloadLength()));
        return row.column(0).after().longValue();
    }

    @Override
    protected void checkEvent(final EventView event, final long number) {
        assertEquals("contract.public.numbers", event.topic());
    }

    @Override
    protected void stopOutside() {
        server.stop();
    }

    @Override
    protected void startOutside() {
        server.start();
    }
}
