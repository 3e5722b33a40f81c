package io.headrace.adapters.jdbc;

import io.headrace.adapters.jdbc.JdbcSinkOptions.StatementOrder;
import io.headrace.adapters.jdbc.JdbcSinkOptions.Unmapped;
import io.headrace.bus.adapter.DeliveryException;
import io.headrace.bus.adapter.EventBatch;
import io.headrace.bus.adapter.FailureClass;
import io.headrace.codecs.sbe.ColumnType;
import org.junit.jupiter.api.Test;

import java.util.List;

import static io.headrace.adapters.jdbc.SinkTests.refused;
import static io.headrace.adapters.jdbc.TestBatch.ABSENT;
import static io.headrace.adapters.jdbc.TestBatch.row;
import static io.headrace.adapters.jdbc.TestOptions.rule;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What is refused, and how the event at fault is named, alike in every database. */
interface RefusalTests extends SinkTests {
    @Test
    default void shouldRefuseOrCountWhatHasNoRule() throws Exception {
        createItems();
        final TestTable items = TestTable.items();
        final TestOptions mapped = options().rules(rule("public.stock", null));
        final EventBatch batch = new TestBatch().insert(items, 1, "bolt", "10", null).events();
        final DeliveryException failure = refused(sink(mapped), batch);
        assertEquals(FailureClass.FATAL, failure.failureClass());
        assertTrue(failure.getMessage().contains("unmapped: ignore"), failure.getMessage());
        mapped.unmapped = Unmapped.IGNORE;
        sink(mapped).deliver(batch);
        assertEquals(1, count("unmapped-events"));
        assertEquals(List.of(), rows("items"));
    }

    @Test
    default void shouldNamePoisonInTheMiddleAndApplyNothingOfTheBatch() throws Exception {
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
    default void shouldCallABrokenConstraintAndAMissingKeyPoison() throws Exception {
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
    default void shouldRefuseWhatSeveralLanesWouldReorder() throws Exception {
        createItems();
        createHistory();
        final TestTable items = TestTable.items();
        final JdbcSink sink = sink(options().mirror(), TestSinkContext.ofLanes("mirror", 0, 2));
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
    default void shouldFallBackToTheOrderOfEventsWhenGroupingByTableFails() throws Exception {
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
        assertEquals(1, count("regrouped-batches"));
        assertFalse(rows("parent").isEmpty());
    }
}
