package io.headrace.adapters.jdbc;

import io.headrace.adapters.jdbc.JdbcSinkOptions.UnkeyedSnapshot;
import io.headrace.bus.adapter.DeliveryException;
import io.headrace.bus.adapter.EventBatch;
import io.headrace.bus.adapter.FailureClass;
import org.junit.jupiter.api.Test;

import java.util.List;

import static io.headrace.adapters.jdbc.SinkTests.refused;
import static io.headrace.adapters.jdbc.TestBatch.row;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Tables without a key, alike in every database. */
interface UnkeyedTests extends SinkTests {
    @Test
    default void shouldApplyEachChangeOfATableWithoutAKeyOnce() throws Exception {
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
        final JdbcSink sink = sink(options().mirror().atLeastOnce());
        sink.deliver(batch);
        assertEquals(List.of("1,10,same", "1,11,changed"), rows("history"));
        sink.deliver(batch);
        sink(options().mirror().atLeastOnce()).deliver(batch);
        assertEquals(List.of("1,10,same", "1,11,changed"), rows("history"));
        assertEquals(7, count("unkeyed-repeats"));
    }

    @Test
    default void shouldApplyAReplayedRowWithoutAKey() throws Exception {
        createHistory();
        final TestTable history = TestTable.history();
        final EventBatch parked = new TestBatch(99).insert(history, 1, 10, "parked").events();
        final JdbcSink sink = sink(options().mirror().atLeastOnce());
        sink.deliver(new TestBatch(100).insert(history, 2, 20, "later").events());
        parked.replayed(true);
        sink.deliver(parked);
        assertEquals(List.of("1,10,parked", "2,20,later"), rows("history"));
        assertEquals(0, count("unkeyed-repeats"));
    }

    @Test
    default void shouldNotDoubleRowsWithoutAKeyWhenASnapshotIsReadAgain() throws Exception {
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
}
