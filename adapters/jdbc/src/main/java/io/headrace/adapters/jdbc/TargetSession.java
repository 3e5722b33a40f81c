package io.headrace.adapters.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.headrace.adapters.jdbc.JdbcSinkOptions.StatementOrder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A lane's transaction in the target: the connection, the statements prepared on it, and the batches that are being
 * gathered. Owned by the lane's thread.
 *
 * <p>A connection is taken from the pool for each transaction and given back after it, so that the pool can replace
 * one that died or grew old; the drivers keep the prepared statements of a connection meanwhile.
 */
final class TargetSession implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TargetSession.class);
    private static final String ANY_TABLE = "";

    private final JdbcSinkOptions options;
    private final Dialect dialect;
    private final String poolName;
    private final JdbcCounters counters;
    private final Map<StatementPlan, PreparedStatement> statements = new IdentityHashMap<>();
    private final Map<String, OpenBatch> batches = new LinkedHashMap<>();
    private HikariDataSource pool;
    private Connection connection;
    private boolean immediate;

    TargetSession(
        final JdbcSinkOptions options, final Dialect dialect, final String poolName, final JdbcCounters counters) {
        this.options = options;
        this.dialect = dialect;
        this.poolName = poolName;
        this.counters = counters;
    }

    static HikariConfig poolConfig(final JdbcSinkOptions options, final Dialect dialect, final String poolName) {
        final HikariConfig config = new HikariConfig();
        config.setPoolName(poolName);
        config.setJdbcUrl(options.url());
        options.user().ifPresent(config::setUsername);
        options.password().ifPresent(password -> config.setPassword(password.value()));
        final Map<String, String> properties = new HashMap<>(dialect.driverProperties(options));
        properties.putAll(options.properties());
        properties.forEach(config::addDataSourceProperty);
        config.setAutoCommit(false);
        config.setConnectionInitSql(dialect.sessionSql(options));
        // Commits the session's settings: PostgreSQL would take them back with the first transaction that is undone.
        config.setIsolateInternalQueries(true);
        // One lane, one thread, one connection: a target that is away is a failure of the delivery that needs it.
        config.setMaximumPoolSize(1);
        config.setInitializationFailTimeout(-1);
        config.setConnectionTimeout(options.connectTimeout().toMillis());
        config.setValidationTimeout(Math.min(5_000, options.connectTimeout().toMillis()));
        return config;
    }

    /** The connection of the open transaction, which begins with this call if there is none. */
    Connection connection() throws SQLException {
        if (connection == null) {
            if (pool == null) {
                pool = new HikariDataSource(poolConfig(options, dialect, poolName));
            }
            connection = pool.getConnection();
        }
        return connection;
    }

    /** Whether each change is executed as it comes, instead of being gathered in batches. */
    void immediate(final boolean newImmediate) {
        immediate = newImmediate;
    }

    /** Executes a statement for one event, now or with the next flush, after all that must come before it. */
    void add(final StatementPlan plan, final ParameterSource source) throws SQLException, ChangeRefusedException {
        if (immediate || plan.otherwise() != null || plan.kind() == StatementPlan.Kind.TRUNCATE) {
            flush();
            execute(plan, source);
            return;
        }
        final String group = options.order() == StatementOrder.TABLE ? plan.table().sqlName() : ANY_TABLE;
        OpenBatch batch = batches.get(group);
        if (batch == null) {
            batch = new OpenBatch();
            batches.put(group, batch);
        }
        if (batch.plan != plan) {
            flush(batch);
            batch.plan = plan;
            batch.statement = prepared(plan);
        }
        source.bind(batch.statement, plan);
        batch.statement.addBatch();
        batch.rowCount++;
    }

    private void execute(final StatementPlan plan, final ParameterSource source)
        throws SQLException, ChangeRefusedException {
        final PreparedStatement statement = prepared(plan);
        source.bind(statement, plan);
        final int changedRows = statement.executeUpdate();
        if (changedRows == 0 && plan.otherwise() != null) {
            execute(plan.otherwise(), source);
        } else {
            counted(plan, changedRows, 1);
        }
    }

    private PreparedStatement prepared(final StatementPlan plan) throws SQLException {
        PreparedStatement statement = statements.get(plan);
        if (statement == null) {
            statement = connection().prepareStatement(plan.sql());
            if (!dialect.sessionHasTimeout()) {
                statement.setQueryTimeout((int)Math.max(1, options.statementTimeout().toSeconds()));
            }
            statements.put(plan, statement);
        }
        return statement;
    }

    /** Sends everything that was gathered. */
    void flush() throws SQLException {
        for (final OpenBatch batch : batches.values()) {
            flush(batch);
        }
    }

    private void flush(final OpenBatch batch) throws SQLException {
        if (batch.rowCount == 0) {
            return;
        }
        batch.rowCount = 0;
        for (final int changedRows : batch.statement.executeBatch()) {
            counted(batch.plan, changedRows, 1);
        }
    }

    private void counted(final StatementPlan plan, final int changedRows, final int rowCount) {
        if (changedRows == 0 && plan.expectsRow()) {
            counters.add(JdbcCounters.Count.MISSING_ROWS, rowCount);
        } else {
            counters.add(JdbcCounters.Count.APPLIED_ROWS, rowCount);
        }
    }

    /** Executes statements that take no parameters. */
    void execute(final List<String> sqlStatements) throws SQLException {
        try (Statement statement = connection().createStatement()) {
            for (final String sql : sqlStatements) {
                statement.execute(sql);
            }
        }
    }

    void commit() throws SQLException {
        flush();
        if (connection != null) {
            connection.commit();
            release();
        }
        counters.committed();
    }

    Savepoint savepoint() throws SQLException {
        flush();
        return connection().setSavepoint();
    }

    /** Undoes what came after a savepoint; the transaction stays open. */
    void rollback(final Savepoint savepoint) throws SQLException {
        closeStatements();
        connection().rollback(savepoint);
        counters.rolledBack();
    }

    /** Undoes the whole transaction. A connection that cannot even do that is thrown away. */
    void rollback() {
        closeStatements();
        if (connection == null) {
            return;
        }
        counters.rolledBack();
        try {
            connection.rollback();
            release();
        } catch (final SQLException ex) {
            LOG.debug("{}: the connection could not roll back and is replaced", poolName, ex);
            pool.evictConnection(connection);
            connection = null;
        }
    }

    private void release() throws SQLException {
        closeStatements();
        final Connection released = connection;
        connection = null;
        released.close();
    }

    private void closeStatements() {
        batches.clear();
        for (final PreparedStatement statement : statements.values()) {
            try {
                statement.close();
            } catch (final SQLException ex) {
                // The connection is lost then, which the transaction's own end reports.
                LOG.debug("{}: a statement could not be closed", poolName, ex);
            }
        }
        statements.clear();
    }

    @Override
    public void close() {
        rollback();
        if (pool != null) {
            pool.close();
        }
    }

    /** Rows of one statement that wait to be sent together. */
    private static final class OpenBatch {
        private StatementPlan plan;
        private PreparedStatement statement;
        private int rowCount;
    }
}
