package io.headrace.adapters.jdbc;

import io.headrace.bus.adapter.FailureClass;
import io.headrace.codecs.sbe.ColumnType;
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

/** The sink against H2, in memory. */
class H2SinkIT extends SinkBench
    implements RowTests, RefusalTests, SchemaTests, UnkeyedTests, TransactionTests, PositionTests {
    private static final String URL = "jdbc:h2:mem:sink;DB_CLOSE_DELAY=-1";

    @Override
    public TestOptions options() {
        return TestOptions.of(URL).login("sa", "");
    }

    @Override
    public Connection connect() throws SQLException {
        return DriverManager.getConnection(URL, "sa", "");
    }

    @Test
    void shouldWriteEveryTypeExactly() throws Exception {
        final TestTable table = TypeSamples.table();
        final JdbcSink sink = sink(options().mirror().autoCreate());
        sink.deliver(new TestBatch().insert(table, TypeSamples.values(1)).insert(table, TypeSamples.nulls(2)).events());
        final List<String> found = new ArrayList<>();
        try (Connection connection = connect();
            Statement statement = connection.createStatement();
            ResultSet rows = statement.executeQuery("SELECT * FROM \"values\" ORDER BY 1")) {
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
            "c_text=größer 'x' \\ y", "c_bool=TRUE", "c_int2=-32768", "c_int4=2147483647",
            "c_int8=9223372036854775807", "c_float4=1.5", "c_float8=0.1",
            "c_numeric=12345678901234567890.1234567890123456789", "c_date=2026-11-21",
            "c_time=23:59:59.999999", "c_timetz=23:59:59+01", "c_timestamp=2026-11-21 18:30:00.123456",
            "c_timestamptz=1969-12-31 23:59:59.999999+00", "c_interval=P1Y2M3DT4H5M6.7S",
            "c_uuid=00112233-4455-6677-8899-aabbccddeeff", "c_bytes=" + new String(new byte[] {0, 1, 127}),
            "c_json={\"a\":[1,null]}", "c_array={1,NULL,3}", "c_enum=happy", "c_inet=10.0.0.0/8"), found);
    }

    @Test
    void shouldFindRowsWithoutAKeyByJson() throws Exception {
        final TestTable table = new TestTable("public", "history")
            .column("id", ColumnType.INT64, "int8").column("doc", ColumnType.JSON, "jsonb");
        sink(options().mirror().autoCreate()).deliver(new TestBatch()
            .insert(table, 1, "{\"a\": 1}")
            .insert(table, 2, null)
            .delete(table, 1, "{\"a\": 1}")
            .change(table, row(2, null), 3, "[1]")
            .events());
        assertEquals(1, rows("history").size());
        assertEquals(0, count("missing-rows"));
    }

    @Test
    void shouldRetryAfterALockTimeout() throws Exception {
        createItems();
        final TestTable items = TestTable.items();
        final TestOptions options = options().mirror();
        options.lockTimeout = Duration.ofMillis(200);
        final JdbcSink sink = sink(options);
        sink.deliver(new TestBatch().insert(items, 1, "bolt", "1", null).events());
        final TestBatch update = new TestBatch(2_000).insert(items, 1, "bolt M8", "2", null);
        try (Connection blocker = connect(); Statement statement = blocker.createStatement()) {
            blocker.setAutoCommit(false);
            statement.executeUpdate("UPDATE \"items\" SET \"qty\" = 9");
            assertEquals(FailureClass.RETRIABLE, refused(sink, update.events()).failureClass());
            blocker.rollback();
        }
        sink.deliver(update.events());
        assertEquals(List.of("1,bolt M8,2,null"), rows("items"));
    }

    @Test
    void shouldUpdateThenInsertWithoutADialect() throws Exception {
        createItems();
        final TestTable items = TestTable.items();
        final TestOptions options = options().mirror().atLeastOnce();
        options.dialect = JdbcSinkOptions.DialectName.GENERIC;
        final JdbcSink sink = sink(options);
        final TestBatch batch = new TestBatch()
            .insert(items, 1, "bolt", "1", null)
            .insert(items, 2, "nut", "2", null)
            .update(items, 1, "bolt M8", "2", "n")
            .delete(items, 2, ABSENT, ABSENT, ABSENT);
        sink.deliver(batch.events());
        sink.deliver(batch.events());
        assertEquals(List.of("1,bolt M8,2,n"), rows("items"));
    }
}
