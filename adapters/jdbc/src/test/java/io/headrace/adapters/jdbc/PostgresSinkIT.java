package io.headrace.adapters.jdbc;

import io.headrace.adapters.jdbc.TestBatch.SourceText;
import io.headrace.bus.adapter.DeliveryException;
import io.headrace.bus.adapter.FailureClass;
import io.headrace.bus.adapter.PreflightFinding;
import io.headrace.codecs.sbe.ColumnType;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.IOException;
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

/** The sink against PostgreSQL. */
class PostgresSinkIT extends SinkBench
    implements RowTests, RefusalTests, SchemaTests, UnkeyedTests, TransactionTests, PositionTests {
    private static final String TERMINATE_OTHERS =
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'headrace'";

    private static EmbeddedPostgres server;

    @BeforeAll
    static void startServer() throws IOException {
        server = EmbeddedPostgres.builder().setServerConfig("synchronous_commit", "on").start();
    }

    @AfterAll
    static void stopServer() throws IOException {
        server.close();
    }

    @Override
    public TestOptions options() {
        return TestOptions.of(server.getJdbcUrl("postgres", "postgres").replaceAll("\\?.*", ""))
            .login("postgres", "postgres");
    }

    @Override
    public Connection connect() throws SQLException {
        return DriverManager.getConnection(server.getJdbcUrl("postgres", "postgres"));
    }

    @Test
    void shouldWriteEveryTypeExactly() throws Exception {
        execute("DROP TYPE IF EXISTS mood");
        execute("CREATE TYPE mood AS ENUM ('happy', 'sad')");
        execute("CREATE TABLE values (id int8 PRIMARY KEY, c_text text, c_bool bool, c_int2 int2, c_int4 int4,"
            + " c_int8 int8, c_float4 float4, c_float8 float8, c_numeric numeric, c_date date, c_time time,"
            + " c_timetz timetz, c_timestamp timestamp, c_timestamptz timestamptz, c_interval interval, c_uuid uuid,"
            + " c_bytes bytea, c_json jsonb, c_array int4[], c_enum mood, c_inet cidr)");
        checkTypes(sink(options().mirror()));
        execute("DROP TABLE values");
        checkTypes(sink(options().mirror().autoCreate()));
        execute("DROP TABLE values");
        execute("DROP TYPE mood");
    }

    private void checkTypes(final JdbcSink sink) throws Exception {
        final TestTable table = TypeSamples.table();
        final Object[] infinite = TypeSamples.nulls(3);
        infinite[7] = Double.NEGATIVE_INFINITY;
        infinite[8] = "NaN";
        infinite[9] = new SourceText("-infinity");
        infinite[10] = 86_400_000_000L;
        infinite[12] = new SourceText("infinity");
        // 4714-11-24 BC, the first day that PostgreSQL knows
        infinite[13] = -210_866_803_200_000_000L;
        sink.deliver(new TestBatch()
            .insert(table, TypeSamples.values(1))
            .insert(table, TypeSamples.nulls(2))
            .insert(table, infinite)
            .insert(table, TypeSamples.values(4))
            .events());
        final List<String> found = new ArrayList<>();
        try (Connection connection = connect(); Statement statement = connection.createStatement()) {
            statement.execute("SET TIME ZONE 'UTC'");
            try (ResultSet rows = statement.executeQuery("SELECT t::text FROM values t ORDER BY id")) {
                while (rows.next()) {
                    found.add(rows.getString(1));
                }
            }
        }
        final String values = ",\"größer 'x' \\\\ y\",t,-32768,2147483647,9223372036854775807,1.5,0.1,"
            + "12345678901234567890.1234567890123456789,2026-11-21,23:59:59.999999,23:59:59+01,"
            + "\"2026-11-21 18:30:00.123456\",\"1969-12-31 23:59:59.999999+00\","
            + "\"1 year 2 mons 3 days 04:05:06.7\",00112233-4455-6677-8899-aabbccddeeff,\"\\\\x00017f\","
            + "\"{\"\"a\"\": [1, null]}\",\"{1,NULL,3}\",happy,10.0.0.0/8)";
        assertEquals(List.of("(1" + values, "(2,,,,,,,,,,,,,,,,,,,,)",
            "(3,,,,,,,-Infinity,NaN,-infinity,24:00:00,,infinity,\"4714-11-24 00:00:00+00 BC\",,,,,,,)",
            "(4" + values), found);
    }

    @Test
    void shouldFindRowsWithoutAKeyByValuesThatHaveNoEquality() throws Exception {
        execute("CREATE TABLE history (id int8, doc json, place point, tags text[])");
        final TestTable table = new TestTable("public", "history")
            .column("id", ColumnType.INT64, "int8")
            .column("doc", ColumnType.JSON, "json")
            .column("place", ColumnType.OTHER, "point")
            .column("tags", ColumnType.ARRAY, "text[]");
        sink(options().mirror()).deliver(new TestBatch()
            .insert(table, 1, "{\"a\": 1}", "(1,2)", "{x,y}")
            .insert(table, 1, "{\"a\": 1}", "(1,2)", "{x,y}")
            .delete(table, 1, "{\"a\": 1}", "(1,2)", "{x,y}")
            .change(table, row(1, "{\"a\": 1}", "(1,2)", "{x,y}"), 2, null, null, null)
            .events());
        assertEquals(List.of("2,null,null,null"), rows("history"));
    }

    @Test
    void shouldRetryAfterALockTimeoutAndAKilledConnection() throws Exception {
        createItems();
        final TestTable items = TestTable.items();
        final TestOptions options = options().mirror().atLeastOnce();
        options.lockTimeout = Duration.ofMillis(200);
        final JdbcSink sink = sink(options);
        sink.deliver(new TestBatch().insert(items, 1, "bolt", "1", null).events());
        final TestBatch update = new TestBatch(2_000).insert(items, 1, "bolt M8", "2", null);
        try (Connection blocker = connect(); Statement statement = blocker.createStatement()) {
            blocker.setAutoCommit(false);
            statement.executeUpdate("UPDATE items SET qty = 9 WHERE id = 1");
            final DeliveryException failure = refused(sink, update.events());
            assertEquals(FailureClass.RETRIABLE, failure.failureClass(), failure.getMessage());
            assertEquals(0, failure.deliveredCount());
        }
        sink.deliver(update.events());
        execute(TERMINATE_OTHERS);
        try {
            sink.deliver(update.events());
        } catch (final DeliveryException ex) {
            assertEquals(FailureClass.RETRIABLE, ex.failureClass(), ex.getMessage());
            sink.deliver(update.events());
        }
        assertEquals(List.of("1,bolt M8,2,null"), rows("items"));
    }

    @Test
    void shouldKeepTheSettingsOfItsSessionWhenTheFirstTransactionIsUndone() throws Exception {
        createItems();
        final TestTable items = TestTable.items();
        final TestOptions options = options().mirror();
        options.lockTimeout = Duration.ofMillis(200);
        final JdbcSink sink = sink(options);
        refused(sink, new TestBatch().insert(items, 1, "a name that is longer than twenty characters", "1", null)
            .events());
        try (Connection blocker = connect(); Statement statement = blocker.createStatement()) {
            blocker.setAutoCommit(false);
            statement.execute("LOCK TABLE items");
            final DeliveryException failure =
                refused(sink, new TestBatch().insert(items, 2, "nut", "1", null).events());
            assertEquals(FailureClass.RETRIABLE, failure.failureClass());
            assertTrue(failure.getMessage().contains("lock timeout"), failure.getMessage());
        }
    }

    @Test
    void shouldStopWhenATransactionIsLostWhosePartsWereDelivered() throws Exception {
        createItems();
        final TestTable items = TestTable.items();
        final TestOptions options = options().mirror();
        options.transactions = JdbcSinkOptions.TransactionScope.SOURCE;
        final JdbcSink sink = sink(options);
        final TestBatch batch = new TestBatch();
        sink.deliver(batch.begin().insert(items, 1, "part 1", "1", null).endsInTransaction().events());
        execute(TERMINATE_OTHERS);
        final TestBatch rest = batch.next().insert(items, 2, "part 2", "1", null).commit();
        final DeliveryException failure = refused(sink, rest.events());
        assertEquals(FailureClass.FATAL, failure.failureClass(), failure.getMessage());
        assertTrue(failure.getMessage().contains("reads the whole transaction again"), failure.getMessage());
        assertEquals(FailureClass.FATAL, refused(sink, rest.events()).failureClass(), "half of it must not be applied");
        assertEquals(List.of(), rows("items"));
    }

    @Test
    void shouldStopOnAWrongPassword() throws Exception {
        execute("CREATE ROLE planner LOGIN");
        final JdbcSink wrongUser = sink(options().login("nobody", "wrong").mirror());
        final TestBatch batch = new TestBatch().delete(TestTable.items(), 1, ABSENT, ABSENT, ABSENT);
        assertEquals(FailureClass.FATAL, refused(wrongUser, batch.events()).failureClass());
        final JdbcSink noDatabase = sink(TestOptions.of(
            options().url.replace("/postgres", "/nowhere")).login("postgres", "postgres").mirror());
        assertEquals(FailureClass.FATAL, refused(noDatabase, batch.events()).failureClass());
        createItems();
        final JdbcSink noRight = sink(options().login("planner", "").mirror());
        final DeliveryException failure = refused(noRight, batch.events());
        assertEquals(FailureClass.FATAL, failure.failureClass());
        assertTrue(failure.getMessage().contains("42501"), failure.getMessage());
        final List<PreflightFinding> findings = new JdbcSinkProvider().preflight(options().login("planner", "")
            .rules(TestOptions.rule("public.items", null)).build());
        assertEquals("GRANT DELETE, INSERT, SELECT, UPDATE, TRUNCATE ON \"public\".\"items\" TO \"planner\";",
            findings.get(1).remedy());
        for (final int table : List.of(1, 2)) {
            assertEquals(PreflightFinding.Status.FAILED, findings.get(table).status());
            execute(findings.get(table).remedy());
        }
        noRight.deliver(batch.events());
    }

    @Test
    void shouldRetryWhileTheTargetIsAway() throws Exception {
        final TestOptions away =
            TestOptions.of("jdbc:postgresql://127.0.0.1:1/postgres").login("postgres", "").mirror();
        final DeliveryException failure = refused(sink(away), new TestBatch()
            .delete(TestTable.items(), 1, ABSENT, ABSENT, ABSENT).events());
        assertEquals(FailureClass.RETRIABLE, failure.failureClass(), failure.getMessage());
    }

    @Test
    void shouldTakeGeneratedAndIdentityColumnsAsTheyAre() throws Exception {
        execute("CREATE TABLE items (id int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text, qty numeric,"
            + " note text GENERATED ALWAYS AS (name || '!') STORED)");
        sink(options().mirror()).deliver(new TestBatch()
            .insert(TestTable.items(), 7, "bolt", "1", "from the source")
            .update(TestTable.items(), 7, "nut", "1", "from the source").events());
        assertEquals(List.of("7,nut,1,nut!"), rows("items"));
    }

    @Test
    void shouldUseTheTargetsKeyWhenTheSourceTakesAllColumnsForIt() throws Exception {
        createItems();
        final TestTable full = new TestTable("public", "items").key("id", ColumnType.INT64, "int8")
            .key("name", ColumnType.TEXT, "text").key("qty", ColumnType.DECIMAL, "numeric")
            .key("note", ColumnType.TEXT, "text");
        sink(options().mirror()).deliver(new TestBatch()
            .insert(full, 1, "bolt", "1", null)
            .change(full, row(1, "bolt", "1", null), 1, "bolt M8", "2", null)
            .events());
        assertEquals(List.of("1,bolt M8,2,null"), rows("items"));
    }

    @Test
    void shouldMakeATableWithinATransactionOfTheSource() throws Exception {
        createItems();
        final TestOptions options = options().mirror().autoCreate();
        options.transactions = JdbcSinkOptions.TransactionScope.SOURCE;
        final JdbcSink sink = sink(options);
        final TestBatch batch = new TestBatch();
        sink.deliver(batch.begin().insert(TestTable.items(), 1, "part 1", "1", null).endsInTransaction().events());
        sink.deliver(batch.next().insert(TestTable.history(), 1, 1, "x").commit().events());
        assertEquals(List.of("1,1,x"), rows("history"));
        assertEquals(1, rows("items").size());
    }
}
