package io.headrace.adapters.jdbc;

import io.headrace.bus.adapter.DeliveryException;
import io.headrace.bus.adapter.EventBatch;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertThrows;

/** What tests that are alike in every database find there; each database's class implements them all. */
interface SinkTests {
    /** Options that reach an empty database. */
    TestOptions options();

    /** A connection of the test's own, with auto-commit on. */
    Connection connect() throws SQLException;

    /** The only lane of the sink {@code mirror}. */
    JdbcSink sink(TestOptions options);

    JdbcSink sink(TestOptions options, TestSinkContext context);

    /** What the sink that was made last has counted. */
    long count(String counterName);

    String quote(String name);

    void execute(String sql) throws SQLException;

    /** Makes the target of {@link TestTable#items()}. */
    void createItems() throws SQLException;

    /** Makes the target of {@link TestTable#history()}. */
    void createHistory() throws SQLException;

    /** The rows of a table, each as its values joined by commas, ordered by that. */
    List<String> rows(String table) throws SQLException;

    static DeliveryException refused(final JdbcSink sink, final EventBatch batch) {
        return assertThrows(DeliveryException.class, () -> sink.deliver(batch));
    }
}
