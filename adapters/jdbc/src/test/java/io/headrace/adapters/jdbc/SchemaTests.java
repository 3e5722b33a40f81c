package io.headrace.adapters.jdbc;

import io.headrace.bus.adapter.DeliveryException;
import io.headrace.bus.adapter.EventBatch;
import io.headrace.bus.adapter.FailureClass;
import io.headrace.bus.adapter.PreflightFinding;
import io.headrace.codecs.sbe.ColumnType;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import static io.headrace.adapters.jdbc.SinkTests.refused;
import static io.headrace.adapters.jdbc.TestOptions.rule;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What is missing in the target, and how it is mended, alike in every database. */
interface SchemaTests extends SinkTests {
    @Test
    default void shouldGiveTheStatementThatMakesAMissingTable() throws Exception {
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
    default void shouldGiveTheStatementThatMakesAMissingConstraintOrColumn() throws Exception {
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
    default void shouldFindATableAgainThatWasDroppedMeanwhile() throws Exception {
        createItems();
        final TestTable items = TestTable.items();
        final JdbcSink sink = sink(options().mirror().atLeastOnce());
        final TestBatch batch = new TestBatch().insert(items, 1, "bolt", "10", "n");
        sink.deliver(batch.events());
        execute("DROP TABLE " + quote("items"));
        assertEquals(FailureClass.FATAL, refused(sink, batch.events()).failureClass());
        final String message = refused(sink, batch.events()).getMessage();
        assertTrue(message.contains("CREATE TABLE " + quote("items")), message);
    }

    @Test
    default void shouldMakeTablesAndColumnsWhenTold() throws Exception {
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
    default void shouldFindBeforehandWhatIsMissingAndSayHowToMendIt() throws Exception {
        createItems();
        execute("DROP TABLE " + quote("headrace_positions"));
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
            "table items FAILED", "table reading FAILED", "table headrace_positions FAILED"),
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
