package io.headrace.adapters.jdbc;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** An emptied target, the sinks that a test makes for it, and a look at what they left there. */
abstract class SinkBench implements SinkTests {
    private final List<JdbcSink> sinks = new ArrayList<>();
    private TestSinkContext context;

    @BeforeEach
    void dropTables() throws SQLException {
        for (final String table : List.of("items", "history", "headrace_positions", "stock", "reading", "document",
            "values", "child", "parent")) {
            execute("DROP TABLE IF EXISTS " + quote(table));
        }
        execute(Dialect.of(options().build()).createTable(quote("headrace_positions"), PositionsTable.columns()));
    }

    @AfterEach
    void closeSinks() {
        sinks.forEach(JdbcSink::close);
    }

    @Override
    public final JdbcSink sink(final TestOptions options) {
        return sink(options, TestSinkContext.oneLane("mirror"));
    }

    @Override
    public final JdbcSink sink(final TestOptions options, final TestSinkContext sinkContext) {
        context = sinkContext;
        final JdbcSink sink = (JdbcSink)new JdbcSinkProvider().createSink(options.build(), context);
        sinks.add(sink);
        return sink;
    }

    @Override
    public final long count(final String counterName) {
        return context.count(counterName);
    }

    @Override
    public final String quote(final String name) {
        return Dialect.of(options().build()).quote(name);
    }

    @Override
    public final void execute(final String sql) throws SQLException {
        try (Connection connection = connect(); Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public final void createItems() throws SQLException {
        execute("CREATE TABLE " + quote("items") + " (" + quote("id") + " BIGINT NOT NULL PRIMARY KEY, "
            + quote("name") + " VARCHAR(20), " + quote("qty") + " DECIMAL(20, 4), " + quote("note")
            + " VARCHAR(2000))");
    }

    @Override
    public final void createHistory() throws SQLException {
        execute("CREATE TABLE " + quote("history") + " (" + quote("id") + " BIGINT, " + quote("delta") + " INT, "
            + quote("filler") + " VARCHAR(100))");
    }

    @Override
    public final List<String> rows(final String table) throws SQLException {
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
}
