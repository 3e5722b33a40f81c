package io.headrace.adapters.jdbc;

import io.headrace.codecs.DecodeError;
import io.headrace.codecs.EventView;
import io.headrace.codecs.RowChangeView;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

import static io.headrace.adapters.jdbc.TestBatch.ABSENT;
import static io.headrace.adapters.jdbc.TestBatch.UNCHANGED;
import static io.headrace.adapters.jdbc.TestBatch.row;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

class RowPlanCacheTest {
    private static final String URL = "jdbc:h2:mem:plans";

    private final TestTable items = TestTable.items();
    private final RowChangeView row = new RowChangeView();
    private Connection keeper;
    private TargetSession session;
    private RowPlanCache cache;

    @BeforeEach
    void open() throws SQLException {
        keeper = DriverManager.getConnection(URL, "sa", "");
        try (Statement statement = keeper.createStatement()) {
            statement.execute("CREATE TABLE items (id BIGINT PRIMARY KEY, name VARCHAR, qty DECIMAL, note VARCHAR)");
        }
        final JdbcSinkOptions options = TestOptions.of(URL).login("sa", "").mirror().build();
        final Dialect dialect = Dialect.of(options);
        session = new TargetSession(options, dialect, "plans", new JdbcCounters(TestSinkContext.oneLane("plans")));
        cache = new RowPlanCache(new RowPlanner(options, dialect, new TableResolver(dialect, session, false)));
    }

    @AfterEach
    void close() throws SQLException {
        session.close();
        keeper.close();
    }

    private RowPlan plan(final TestBatch batch) throws Exception {
        final EventView event = batch.events().event(0);
        assertEquals(DecodeError.NONE, row.wrap(event.buffer(), event.payloadOffset(), event.payloadLength()));
        return cache.plan(row);
    }

    @Test
    void shouldKeepOnePlanForEachShape() throws Exception {
        final RowPlan insert = plan(new TestBatch().insert(items, 1, "a", "1", null));
        assertSame(insert, plan(new TestBatch().insert(items, 2, null, "2", "b")), "values are no part of a shape");
        final RowPlan update = plan(new TestBatch().update(items, 1, "a", "1", null));
        assertNotSame(insert, update);
        final RowPlan unchanged = plan(new TestBatch().update(items, 1, "a", "1", UNCHANGED));
        assertNotSame(update, unchanged);
        assertEquals(3, cache.size());
    }

    @Test
    void shouldUseTheTargetsOwnSpelling() throws Exception {
        assertEquals("MERGE INTO \"PUBLIC\".\"ITEMS\" (\"ID\", \"NAME\", \"QTY\", \"NOTE\") KEY (\"ID\") "
            + "VALUES (?, ?, ?, ?)", plan(new TestBatch().insert(items, 1, "a", "1", null)).statements(false)[0].sql());
    }

    @Test
    void shouldUpdateOnlyWhatTheEventHolds() throws Exception {
        final RowPlan plan = plan(new TestBatch().update(items, 1, "a", "1", UNCHANGED));
        assertEquals("UPDATE \"PUBLIC\".\"ITEMS\" SET \"NAME\" = ?, \"QTY\" = ? WHERE \"ID\" = ?",
            plan.statements(false)[0].sql());
        assertEquals(0, plan.comparedColumns().length, "the key cannot have changed without a row before");
    }

    @Test
    void shouldTakeAnUnchangedValueFromTheRowBefore() throws Exception {
        final RowPlan plan = plan(new TestBatch().change(items, row(1, "a", "1", "n"), 1, "b", "1", UNCHANGED));
        assertEquals(StatementPlan.Kind.UPSERT, plan.statements(false)[0].kind());
        assertEquals(Slot.Origin.BEFORE, plan.statements(false)[0].slot(3).origin());
        assertEquals(1, plan.comparedColumns().length);
    }

    @Test
    void shouldDeleteTheOldRowAndWriteTheNewWhenTheKeyChanged() throws Exception {
        final RowPlan plan = plan(new TestBatch()
            .change(items, row(1, ABSENT, ABSENT, ABSENT), 2, "b", "1", "n"));
        assertEquals(StatementPlan.Kind.DELETE, plan.statements(true)[0].kind());
        assertEquals(Slot.Origin.BEFORE, plan.statements(true)[0].slot(0).origin());
        assertEquals(StatementPlan.Kind.UPSERT, plan.statements(true)[1].kind());
    }
}
