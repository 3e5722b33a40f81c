package io.headrace.adapters.jdbc;

import io.headrace.adapters.jdbc.JdbcSinkOptions.TruncatePolicy;
import io.headrace.bus.adapter.EventBatch;
import org.junit.jupiter.api.Test;

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

/** What becomes of row changes, readings and documents, alike in every database. */
interface RowTests extends SinkTests {
    @Test
    default void shouldInsertUpdateAndDeleteRows() throws Exception {
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
        assertEquals(5, count("applied-rows"));
        assertEquals(1, count("commits"));
    }

    @Test
    default void shouldComeToTheSameWhenABatchIsDeliveredAgain() throws Exception {
        createItems();
        final TestTable items = TestTable.items();
        final EventBatch batch = new TestBatch()
            .insert(items, 1, "bolt", "10.5", "n1")
            .insert(items, 2, "nut", "20", "n2")
            .change(items, row(2, ABSENT, ABSENT, ABSENT), 5, "nut", "20", "n2")
            .delete(items, 1, ABSENT, ABSENT, ABSENT)
            .events();
        final JdbcSink sink = sink(options().mirror().atLeastOnce());
        sink.deliver(batch);
        sink.deliver(batch);
        assertEquals(List.of("5,nut,20,n2"), rows("items"));
    }

    @Test
    default void shouldMoveARowWhoseKeyChanged() throws Exception {
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
    default void shouldLeaveUnchangedValuesAlone() throws Exception {
        createItems();
        final TestTable items = TestTable.items();
        sink(options().mirror()).deliver(new TestBatch()
            .insert(items, 1, "bolt", "10", "long note")
            .update(items, 1, "bolt M8", null, UNCHANGED)
            .update(items, 1, "bolt M8", null, UNCHANGED)
            .update(items, 2, "nobody", null, UNCHANGED)
            .events());
        assertEquals(List.of("1,bolt M8,null,long note"), rows("items"));
        assertEquals(1, count("missing-rows"), "an incomplete row must not be inserted, but counted");
    }

    @Test
    default void shouldRemoveAllRowsOnTruncateUnlessToldNotTo() throws Exception {
        createItems();
        final TestTable items = TestTable.items();
        sink(options().mirror()).deliver(new TestBatch()
            .insert(items, 1, "bolt", "10", null).truncate(items).insert(items, 2, "nut", "20", null).events());
        assertEquals(List.of("2,nut,20,null"), rows("items"));
        final TestOptions ignoring = options().mirror();
        ignoring.truncate = TruncatePolicy.IGNORE;
        sink(ignoring).deliver(new TestBatch().truncate(items).events());
        assertEquals(List.of("2,nut,20,null"), rows("items"));
        assertEquals(1, count("ignored-truncates"));
    }

    @Test
    default void shouldMapNamesAndColumns() throws Exception {
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
    default void shouldInsertReadings() throws Exception {
        final TestOptions options = options().autoCreate().atLeastOnce();
        options.readings = new ReadingRule("reading", Optional.empty(),
            Map.of("sensor", "sensor-id", "v", "value", "txt", "text-value", "unit", "unit", "quality", "quality",
                "seq", "sequence"), Map.of("site", "north"), List.of("sensor"));
        final JdbcSink sink = sink(options);
        final EventBatch batch = new TestBatch().fromSequence(0)
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
    default void shouldInsertDocuments() throws Exception {
        final TestOptions options = options().autoCreate().atLeastOnce();
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
}
