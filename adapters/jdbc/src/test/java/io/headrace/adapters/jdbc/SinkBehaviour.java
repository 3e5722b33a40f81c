package io.headrace.adapters.jdbc;

import io.headrace.adapters.jdbc.JdbcSinkOptions.StatementOrder;
import io.headrace.adapters.jdbc.JdbcSinkOptions.TransactionScope;
import io.headrace.adapters.jdbc.JdbcSinkOptions.TruncatePolicy;
import io.headrace.adapters.jdbc.JdbcSinkOptions.UnkeyedSnapshot;
import io.headrace.adapters.jdbc.JdbcSinkOptions.Unmapped;
import io.headrace.bus.adapter.DeliveryException;
import io.headrace.bus.adapter.EventBatch;
import io.headrace.bus.adapter.FailureClass;
import io.headrace.bus.adapter.PreflightFinding;
import io.headrace.codecs.sbe.ColumnType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import static io.headrace.adapters.jdbc.TestBatch.ABSENT;
import static io.headrace.adapters.jdbc.TestBatch.UNCHANGED;
import static io.headrace.adapters.jdbc.TestBatch.row;
import static io.headrace.adapters.jdbc.TestOptions.rule;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What the sink does alike in every database; run against a real one by each extension. */
abstract class SinkBehaviour {
    final List<JdbcSink> sinks = new ArrayList<>();
    TestSinkContext context;

    /** Options that reach an empty database. */
    abstract TestOptions options();

    /** A connection of the test's own, with auto-commit on. */
    abstract Connection connect() throws SQLException;

    @BeforeEach
    void dropTables() throws SQLException {
        for (final String table : List.of("items", "history", "headrace_positions", "stock", "reading", "document",
            "values", "child", "parent")) {
            execute("DROP TABLE IF EXISTS " + quote(table));
        }
    }

    @AfterEach
    void closeSinks() {
        sinks.forEach(JdbcSink::close);
    }

    final JdbcSink sink(final TestOptions options) {
        return sink(options, 1);
    }

    final JdbcSink sink(final TestOptions options, final int laneCount) {
        context = TestSinkContext.ofLanes("mirror", laneCount);
        final JdbcSink sink = (JdbcSink)new JdbcSinkProvider().createSink(options.build(), context);
        sinks.add(sink);
        return sink;
    }

    final String quote(final String name) {
        return Dialect.of(options().build()).quote(name);
    }

    final void execute(final String sql) throws SQLException {
        try (Connection connection = connect(); Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    final void createItems() throws SQLException {
        execute("CREATE TABLE " + quote("items") + " (" + quote("id") + " BIGINT NOT NULL PRIMARY KEY, "
            + quote("name") + " VARCHAR(20), " + quote("qty") + " DECIMAL(20, 4), " + quote("note")
            + " VARCHAR(2000))");
    }

    final void createHistory() throws SQLException {
        execute("CREATE TABLE " + quote("history") + " (" + quote("id") + " BIGINT, " + quote("delta") + " INT, "
            + quote("filler") + " VARCHAR(100))");
        final String key = Dialect.of(options().build()).createTable(
            quote("headrace_positions"), PositionLedger.columns());
        execute(key);
    }

    /** The rows of a table, each as its values joined by commas, ordered by that. */
    final List<String> rows(final String table) throws SQLException {
        final List<String> rows = new ArrayList<>();
        try (Connection connection = connect();
            Statement statement = connection.createStatement();
            ResultSet results = statement.executeQuery("SELECT * FROM " + quote(table))) {
            while (results.next()) {
                final List<String> values = new ArrayList<>();
                for (int i = 1; i <= results.getMetaData().getColumnCount(); i++) {
                    final Object value = results.getObject(i);
                    values.add(value instanceof final BigDecimal decimal ?
                        decimal.stripTrailingZeros().toPlainString() : String.valueOf(value));
                }
                rows.add(String.join(",", values));
            }
        }
        rows.sort(null);
        return rows;
    }

    static DeliveryException refused(final JdbcSink sink, final EventBatch batch) {
        return assertThrows(DeliveryException.class, () -> sink.deliver(batch));
    }

    @Test
    void shouldInsertUpdateAndDeleteRows() throws Exception {
        createItems();
        final TestTable items = TestTable.items();
        final JdbcSink sink = sink(options().mirror());
        sink.deliver(new TestBatch()
            .read(items, 1, "bolt", "10.5", "n1")
            .insert(items, 2, "nut", "20", null)
            .insert(items, 3, "cog", "30", "n3")
            .update(items, 2, "nut M8", "21.25", "n2")
            .delete(items, 3, ABSENT, ABSENT, ABSENT)
            .events());
        assertEquals(List.of("1,bolt,10.5,n1", "2,nut M8,21.25,n2"), rows("items"));
        assertEquals(5, context.count("applied-rows"));
        assertEquals(1, context.count("commits"));
    }

    @Test
    void shouldComeToTheSameWhenABatchIsDeliveredAgain() throws Exception {
        createItems();
        final TestTable items = TestTable.items();
        final EventBatch batch = new TestBatch()
            .insert(items, 1, "bolt", "10.5", "n1")
            .insert(items, 2, "nut", "20", "n2")
            .change(items, row(2, ABSENT, ABSENT, ABSENT), 5, "nut", "20", "n2")
            .delete(items, 1, ABSENT, ABSENT, ABSENT)
            .events();
        final JdbcSink sink = sink(options().mirror());
        sink.deliver(batch);
        sink.deliver(batch);
        assertEquals(List.of("5,nut,20,n2"), rows("items"));
    }

    @Test
    void shouldMoveARowWhoseKeyChanged() throws Exception {
        createItems();
        final TestTable items = TestTable.items();
        sink(options().mirror()).deliver(new TestBatch()
            .insert(items, 1, "bolt", "10", "long note")
            .insert(items, 2, "nut", "20", "long note")
            .change(items, row(1, ABSENT, ABSENT, ABSENT), 11, "bolt", "10", "new")
            .change(items, row(2, ABSENT, ABSENT, ABSENT), 12, "nut", "21", UNCHANGED)
            .change(items, row(12, "nut", "21", "long note"), 12, "nut", "22", UNCHANGED)
            .events());
        assertEquals(List.of("11,bolt,10,new", "12,nut,22,long note"), rows("items"));
    }

    @Test
    void shouldLeaveUnchangedValuesAlone() throws Exception {
        createItems();
        final TestTable items = TestTable.items();
        sink(options().mirror()).deliver(new TestBatch()
            .insert(items, 1, "bolt", "10", "long note")
            .update(items, 1, "bolt M8", null, UNCHANGED)
            .update(items, 1, "bolt M8", null, UNCHANGED)
            .update(items, 2, "nobody", null, UNCHANGED)
            .events());
        assertEquals(List.of("1,bolt M8,null,long note"), rows("items"));
        assertEquals(1, context.count("missing-rows"), "an incomplete row must not be inserted, but counted");
    }

    @Test
    void shouldRemoveAllRowsOnTruncateUnlessToldNotTo() throws Exception {
        createItems();
        final TestTable items = TestTable.items();
        sink(options().mirror()).deliver(new TestBatch()
            .insert(items, 1, "bolt", "10", null).truncate(items).insert(items, 2, "nut", "20", null).events());
        assertEquals(List.of("2,nut,20,null"), rows("items"));
        final TestOptions ignoring = options().mirror();
        ignoring.truncate = TruncatePolicy.IGNORE;
        sink(ignoring).deliver(new TestBatch().truncate(items).events());
        assertEquals(List.of("2,nut,20,null"), rows("items"));
        assertEquals(1, context.count("ignored-truncates"));
    }

    @Test
    void shouldMapNamesAndColumns() throws Exception {
        execute("CREATE TABLE " + quote("stock") + " (" + quote("plant") + " VARCHAR(10) NOT NULL, " + quote("item")
            + " BIGINT NOT NULL, " + quote("quantity") + " DECIMAL(20, 4), PRIMARY KEY (" + quote("plant") + ", "
            + quote("item") + "))");
        final TestTable items = TestTable.items();
        final TableRule rule = new TableRule("public.it*", Optional.of("stock"), Optional.empty(),
            Map.of("id", "item", "qty", "quantity"), List.of("name", "note"), Map.of("plant", "P1"),
            List.of("plant", "item"));
        execute("INSERT INTO " + quote("stock") + " VALUES ('P2', 1, 7)");
        final JdbcSink sink = sink(options().rules(rule));
        sink.deliver(new TestBatch()
            .insert(items, 1, "bolt", "10", "n")
            .insert(items, 2, "nut", "20", "n")
            .delete(items, 1, ABSENT, ABSENT, ABSENT)
            .events());
        assertEquals(List.of("P1,2,20", "P2,1,7"), rows("stock"));
        sink.deliver(new TestBatch().truncate(items).events());
        assertEquals(List.of("P2,1,7"), rows("stock"), "the rows of another plant stay");
    }

    @Test
    void shouldRefuseOrCountWhatHasNoRule() throws Exception {
        createItems();
        final TestTable items = TestTable.items();
        final TestOptions mapped = options().rules(rule("public.stock", null));
        final EventBatch batch = new TestBatch().insert(items, 1, "bolt", "10", null).events();
        final DeliveryException failure = refused(sink(mapped), batch);
        assertEquals(FailureClass.FATAL, failure.failureClass());
        assertTrue(failure.getMessage().contains("unmapped: ignore"), failure.getMessage());
        mapped.unmapped = Unmapped.IGNORE;
        sink(mapped).deliver(batch);
        assertEquals(1, context.count("unmapped-events"));
        assertEquals(List.of(), rows("items"));
    }

    @Test
    void shouldNamePoisonInTheMiddleAndApplyNothingOfTheBatch() throws Exception {
        createItems();
        final TestTable items = TestTable.items();
        final JdbcSink sink = sink(options().mirror());
        final TestBatch batch = new TestBatch();
        for (int i = 0; i < 50; i++) {
            batch.insert(items, i, i == 37 ? "a name that is longer than twenty characters" : "ok", "1", null);
        }
        final DeliveryException failure = refused(sink, batch.events());
        assertEquals(FailureClass.POISON, failure.failureClass(), failure.getMessage());
        assertEquals(37, failure.poisonIndex());
        assertEquals(0, failure.deliveredCount());
        assertEquals(List.of(), rows("items"));
        batch.events().window(0, 37);
        sink.deliver(batch.events());
        assertEquals(37, rows("items").size());
    }

    @Test
    void shouldCallABrokenConstraintAndAMissingKeyPoison() throws Exception {
        execute("CREATE TABLE " + quote("items") + " (" + quote("id") + " BIGINT NOT NULL PRIMARY KEY, "
            + quote("name") + " VARCHAR(20) NOT NULL, " + quote("qty") + " DECIMAL(20, 4), " + quote("note")
            + " VARCHAR(2000))");
        final TestTable items = TestTable.items();
        final JdbcSink sink = sink(options().mirror());
        final DeliveryException notNull = refused(sink, new TestBatch()
            .insert(items, 1, "bolt", "1", null).insert(items, 2, null, "1", null).events());
        assertEquals(FailureClass.POISON, notNull.failureClass(), notNull.getMessage());
        assertEquals(1, notNull.poisonIndex());
        final DeliveryException nullKey = refused(sink, new TestBatch()
            .insert(items, null, "bolt", "1", null).events());
        assertEquals(FailureClass.POISON, nullKey.failureClass(), nullKey.getMessage());
        final DeliveryException noKey = refused(sink, new TestBatch()
            .delete(items, ABSENT, ABSENT, ABSENT, ABSENT).events());
        assertEquals(FailureClass.POISON, noKey.failureClass(), noKey.getMessage());
        assertTrue(noKey.getMessage().contains("REPLICA IDENTITY FULL"), noKey.getMessage());
    }

    @Test
    void shouldGiveTheStatementThatMakesAMissingTable() throws Exception {
        final TestTable items = TestTable.items();
        final JdbcSink sink = sink(options().mirror());
        final EventBatch batch = new TestBatch().insert(items, 1, "bolt", "10", null).events();
        final DeliveryException failure = refused(sink, batch);
        assertEquals(FailureClass.FATAL, failure.failureClass());
        final String message = failure.getMessage();
        assertTrue(message.contains("CREATE TABLE " + quote("items")), message);
        execute(message.substring(message.indexOf("CREATE TABLE"), message.indexOf("; or set auto-create")));
        sink.deliver(batch);
        assertEquals(List.of("1,bolt,10,null"), rows("items"));
    }

    @Test
    void shouldGiveTheStatementThatMakesAMissingConstraintOrColumn() throws Exception {
        execute("CREATE TABLE " + quote("items") + " (" + quote("id") + " BIGINT NOT NULL, " + quote("name")
            + " VARCHAR(20), " + quote("qty") + " DECIMAL(20, 4))");
        final EventBatch batch = new TestBatch().insert(TestTable.items(), 1, "bolt", "10", "n").events();
        final JdbcSink sink = sink(options().mirror());
        final String column = refused(sink, batch).getMessage();
        assertTrue(column.contains("ADD COLUMN " + quote("note")), column);
        execute(column.substring(column.indexOf("ALTER TABLE"), column.indexOf("; or set auto-create")));
        final String key = refused(sink, batch).getMessage();
        assertTrue(key.contains("ADD PRIMARY KEY"), key);
        execute(key.substring(key.indexOf("ALTER TABLE"), key.indexOf("; or give")));
        sink.deliver(batch);
        assertEquals(List.of("1,bolt,10,n"), rows("items"));
    }

    @Test
    void shouldFindATableAgainThatWasDroppedMeanwhile() throws Exception {
        createItems();
        final TestTable items = TestTable.items();
        final JdbcSink sink = sink(options().mirror());
        final TestBatch batch = new TestBatch().insert(items, 1, "bolt", "10", "n");
        sink.deliver(batch.events());
        execute("DROP TABLE " + quote("items"));
        assertEquals(FailureClass.FATAL, refused(sink, batch.events()).failureClass());
        final String message = refused(sink, batch.events()).getMessage();
        assertTrue(message.contains("CREATE TABLE " + quote("items")), message);
    }

    @Test
    void shouldMakeTablesAndColumnsWhenTold() throws Exception {
        final TestTable items = TestTable.items();
        final JdbcSink sink = sink(options().mirror().autoCreate());
        sink.deliver(new TestBatch()
            .insert(items, 1, "bolt", "10.5", null)
            .insert(TestTable.history(), 7, 5, "x")
            .events());
        items.column("colour", ColumnType.TEXT, "text");
        sink.deliver(new TestBatch(2_000)
            .update(items, 1, "bolt", "11.5", null, "red")
            .insert(TestTable.history(), 8, 6, "y")
            .events());
        assertEquals(List.of("1,bolt,11.5,null,red"), rows("items"));
        assertEquals(List.of("7,5,x", "8,6,y"), rows("history"));
    }

    @Test
    void shouldApplyEachChangeOfATableWithoutAKeyOnce() throws Exception {
        createHistory();
        final TestTable history = TestTable.history();
        final EventBatch batch = new TestBatch()
            .insert(history, 1, 10, "same")
            .insert(history, 1, 10, "same")
            .insert(history, 1, 10, "same")
            .insert(history, 2, 20, null)
            .change(history, row(1, 10, "same"), 1, 11, "changed")
            .delete(history, 1, 10, "same")
            .delete(history, 2, 20, null)
            .events();
        final JdbcSink sink = sink(options().mirror());
        sink.deliver(batch);
        assertEquals(List.of("1,10,same", "1,11,changed"), rows("history"));
        sink.deliver(batch);
        sink(options().mirror()).deliver(batch);
        assertEquals(List.of("1,10,same", "1,11,changed"), rows("history"));
        assertEquals(7, context.count("unkeyed-repeats"));
    }

    @Test
    void shouldNotDoubleRowsWithoutAKeyWhenASnapshotIsReadAgain() throws Exception {
        createHistory();
        final TestTable history = TestTable.history();
        sink(options().mirror()).deliver(
            new TestBatch(99).read(history, 1, 10, "a").read(history, 2, 20, "b").events());
        sink(options().mirror()).deliver(new TestBatch(99).at(99, 2).read(history, 3, 30, "c").events());
        assertEquals(3, rows("history").size(), "a restart in the same snapshot goes on");
        final EventBatch again = new TestBatch(500)
            .read(history, 1, 10, "a").read(history, 2, 20, "b").events();
        final DeliveryException failure = refused(sink(options().mirror()), again);
        assertEquals(FailureClass.FATAL, failure.failureClass());
        assertTrue(failure.getMessage().contains("unkeyed-snapshot: clear"), failure.getMessage());
        assertEquals(3, rows("history").size());
        final TestOptions clearing = options().mirror();
        clearing.unkeyedSnapshot = UnkeyedSnapshot.CLEAR;
        sink(clearing).deliver(again);
        assertEquals(List.of("1,10,a", "2,20,b"), rows("history"));
    }

    @Test
    void shouldRefuseWhatSeveralLanesWouldReorder() throws Exception {
        createItems();
        createHistory();
        final TestTable items = TestTable.items();
        final JdbcSink sink = sink(options().mirror(), 2);
        for (final EventBatch batch : List.of(
            new TestBatch().insert(TestTable.history(), 1, 1, "x").events(),
            new TestBatch().truncate(items).events(),
            new TestBatch().change(items, row(1, ABSENT, ABSENT, ABSENT), 2, "x", "1", null).events())) {
            final DeliveryException failure = refused(sink, batch);
            assertEquals(FailureClass.FATAL, failure.failureClass());
            assertTrue(failure.getMessage().contains("lanes: 1"), failure.getMessage());
        }
    }

    @Test
    void shouldInsertReadings() throws Exception {
        final TestOptions options = options().autoCreate();
        options.readings = new ReadingRule("reading", Optional.empty(),
            Map.of("sensor", "sensor-id", "v", "value", "txt", "text-value", "unit", "unit", "quality", "quality",
                "seq", "sequence"), Map.of("site", "north"), List.of("sensor"));
        final JdbcSink sink = sink(options);
        final EventBatch batch = new TestBatch()
            .reading("t1", 1, r -> r.doubleValue(21.5).sensorId(TestBatch.utf8("t1")).unit(TestBatch.utf8("C")))
            .reading("c1", 1, r -> r.longValue(7).sensorId(TestBatch.utf8("c1")))
            .reading("s1", 1, r -> r.sensorId(TestBatch.utf8("s1")).unit(new byte[0]).text(TestBatch.utf8("run")))
            .events();
        sink.deliver(batch);
        sink.deliver(batch);
        final List<String> found = new ArrayList<>();
        try (Connection connection = connect();
            Statement statement = connection.createStatement();
            ResultSet rows = statement.executeQuery("SELECT " + quote("sensor") + ", " + quote("v") + ", "
                + quote("txt") + ", " + quote("unit") + ", " + quote("quality") + ", " + quote("seq") + ", "
                + quote("site") + " FROM " + quote("reading") + " ORDER BY 1")) {
            while (rows.next()) {
                found.add(rows.getString(1) + ',' + rows.getObject(2) + ',' + rows.getString(3) + ','
                    + rows.getString(4) + ',' + rows.getString(5) + ',' + rows.getLong(6) + ',' + rows.getString(7));
            }
        }
        assertEquals(List.of(
            "c1,7.0,null,null,good,1,north", "s1,null,run,null,good,2,north", "t1,21.5,null,C,good,0,north"), found);
    }

    @Test
    void shouldInsertDocuments() throws Exception {
        final TestOptions options = options().autoCreate();
        options.documents = new DocumentRule("document", Optional.empty(),
            Map.of("id", "message-id", "body", "body-text", "kind", "content-type"), Map.of(), List.of("id"));
        final EventBatch batch = new TestBatch().document("text/plain", "größer").events();
        sink(options).deliver(batch);
        sink(options).deliver(batch);
        assertEquals(List.of("größer,m0,text/plain"), documents());
    }

    private List<String> documents() throws SQLException {
        final List<String> found = new ArrayList<>();
        try (Connection connection = connect();
            Statement statement = connection.createStatement();
            ResultSet rows = statement.executeQuery("SELECT " + quote("body") + ", " + quote("id") + ", "
                + quote("kind") + " FROM " + quote("document"))) {
            while (rows.next()) {
                found.add(rows.getString(1) + ',' + rows.getString(2) + ',' + rows.getString(3));
            }
        }
        return found;
    }

    @Test
    void shouldKeepATransactionOfTheSourceWholeOverSeveralBatches() throws Exception {
        createItems();
        final TestTable items = TestTable.items();
        final TestOptions options = options().mirror();
        options.transactions = TransactionScope.SOURCE;
        final JdbcSink sink = sink(options);
        final TestBatch batch = new TestBatch();
        sink.deliver(batch.begin().insert(items, 1, "whole", "1", null).commit()
            .begin().insert(items, 2, "part 1", "1", null).endsInTransaction().events());
        assertEquals(List.of("1,whole,1,null"), rows("items"), "the first transaction is whole and visible");
        sink.deliver(batch.next().insert(items, 3, "part 2", "1", null).endsInTransaction().events());
        assertEquals(1, rows("items").size());
        sink.deliver(batch.next().insert(items, 4, "part 3", "1", null).commit()
            .begin().insert(items, 5, "next", "1", null).commit().events());
        assertEquals(5, rows("items").size());
    }

    @Test
    void shouldNamePoisonInALaterPartAndKeepTheTransaction() throws Exception {
        createItems();
        final TestTable items = TestTable.items();
        final TestOptions options = options().mirror();
        options.transactions = TransactionScope.SOURCE;
        final JdbcSink sink = sink(options);
        final TestBatch batch = new TestBatch();
        sink.deliver(batch.begin().insert(items, 2, "part 1", "1", null).endsInTransaction().events());
        final DeliveryException failure = refused(sink, batch.next()
            .insert(items, 3, "part 2", "1", null)
            .insert(items, 4, "a name that is longer than twenty characters", "1", null)
            .commit().events());
        assertEquals(FailureClass.POISON, failure.failureClass(), failure.getMessage());
        assertEquals(1, failure.poisonIndex());
        sink.deliver(batch.next().insert(items, 3, "part 2", "1", null).commit().events());
        assertEquals(List.of("2,part 1,1,null", "3,part 2,1,null"), rows("items"));
    }

    @Test
    void shouldFallBackToTheOrderOfEventsWhenGroupingByTableFails() throws Exception {
        execute("CREATE TABLE " + quote("parent") + " (" + quote("id") + " BIGINT NOT NULL PRIMARY KEY)");
        execute("CREATE TABLE " + quote("child") + " (" + quote("id") + " BIGINT NOT NULL PRIMARY KEY, "
            + quote("parent") + " BIGINT, FOREIGN KEY (" + quote("parent") + ") REFERENCES " + quote("parent") + "("
            + quote("id") + "))");
        final TestTable parent = new TestTable("public", "parent").key("id", ColumnType.INT64, "int8");
        final TestTable child = new TestTable("public", "child")
            .key("id", ColumnType.INT64, "int8").column("parent", ColumnType.INT64, "int8");
        final TestOptions options = options().mirror();
        options.order = StatementOrder.TABLE;
        sink(options).deliver(new TestBatch()
            .insert(child, 1, null).insert(parent, 1).insert(child, 2, 1).events());
        assertEquals(List.of("1,null", "2,1"), rows("child"));
        assertEquals(1, context.count("regrouped-batches"));
        assertFalse(rows("parent").isEmpty());
    }

    @Test
    void shouldFindBeforehandWhatIsMissingAndSayHowToMendIt() throws Exception {
        createItems();
        final TableRule wrongColumn = new TableRule("public.items", Optional.empty(), Optional.empty(),
            Map.of("qty", "quantity"), List.of(), Map.of(), List.of());
        final TableRule wrongKey = new TableRule("public.parts", Optional.of("items"), Optional.empty(), Map.of(),
            List.of(), Map.of(), List.of("name"));
        final TestOptions options = options().rules(
            rule("public.x", "items"), rule("public.stock", null), wrongColumn, wrongKey);
        options.readings =
            new ReadingRule("reading", Optional.empty(), Map.of(), Map.of(), List.of("sensor_id", "time"));
        final List<PreflightFinding> findings = new JdbcSinkProvider().preflight(options.build());
        assertEquals(List.of("connection OK", "table items OK", "table stock FAILED", "table items FAILED",
            "table items FAILED", "table reading FAILED", "table headrace_positions WARNING"),
            findings.stream().map(finding -> finding.check() + ' ' + finding.status()).toList());
        assertTrue(findings.get(3).found().contains("quantity"), findings.get(3).found());
        assertTrue(findings.get(4).remedy().startsWith("ALTER TABLE"), findings.get(4).remedy());
        for (final int made : List.of(5, 6)) {
            final String remedy = findings.get(made).remedy();
            execute(remedy.substring(0, remedy.indexOf(';')));
        }
        options.rules(rule("public.items", null));
        assertEquals(List.of("connection OK", "table items OK", "table reading OK", "table headrace_positions OK"),
            new JdbcSinkProvider().preflight(options.build()).stream()
                .map(finding -> finding.check() + ' ' + finding.status()).toList());
    }
}
