package io.headrace.adapters.jdbc;

import io.headrace.adapters.jdbc.JdbcSinkOptions.TransactionScope;
import io.headrace.bus.adapter.DeliveryException;
import io.headrace.bus.adapter.FailureClass;
import org.junit.jupiter.api.Test;

import java.util.List;

import static io.headrace.adapters.jdbc.SinkTests.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;

/** Whole transactions of the source, alike in every database. */
interface TransactionTests extends SinkTests {
    @Test
    default void shouldKeepATransactionOfTheSourceWholeOverSeveralBatches() throws Exception {
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
    default void shouldNamePoisonInALaterPartAndKeepTheTransaction() throws Exception {
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
}
