package io.headrace.adapters.postgres.replication;

import io.headrace.adapters.postgres.pgoutput.Catalog;
import io.headrace.adapters.postgres.pgoutput.PgType;
import io.headrace.codecs.sbe.ColumnType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The source's thread: asks the database's catalog on a connection of its own, which is opened with the first question.
 * The catalog is that of now, while the stream may be at an earlier time: a type keeps its meaning, but a primary key
 * that was changed meanwhile is answered as it is now.
 */
final class JdbcCatalog implements Catalog, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(JdbcCatalog.class);
    private static final int ANSWER_TIMEOUT_MS = 10_000;
    private static final String TYPE_QUERY =
        "WITH RECURSIVE t AS (" +
        "SELECT oid, typname, typnamespace, typtype, typcategory, typbasetype FROM pg_type WHERE oid = ?::oid " +
        "UNION ALL " +
        "SELECT b.oid, b.typname, b.typnamespace, b.typtype, b.typcategory, b.typbasetype " +
        "FROM pg_type b JOIN t ON b.oid = t.typbasetype AND t.typtype = 'd') " +
        "SELECT t.oid::int8, n.nspname, t.typname, t.typtype, t.typcategory " +
        "FROM t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE t.typtype <> 'd'";
    private static final String PRIMARY_KEY_QUERY =
        "SELECT a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid " +
        "AND a.attnum = ANY((i.indkey::int2[])[0:i.indnkeyatts - 1]) " +
        "WHERE i.indrelid = ?::oid AND i.indisprimary";

    private final Connections connections;
    private Connection connection;

    JdbcCatalog(final Connections connections) {
        this.connections = connections;
    }

    @Override
    public PgType type(final int typeOid, final String streamName) {
        try {
            return queryType(connection(), typeOid, streamName);
        } catch (final SQLException e) {
            close();
            throw new CatalogException("cannot look up type " + Integer.toUnsignedString(typeOid), e);
        }
    }

    static PgType queryType(final Connection connection, final int typeOid, final String streamName)
        throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(TYPE_QUERY)) {
            statement.setLong(1, Integer.toUnsignedLong(typeOid));
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    return new PgType(
                        streamName == null ? Integer.toUnsignedString(typeOid) : streamName, ColumnType.OTHER);
                }
                return PgType.of(
                    (int)row.getLong(1),
                    row.getString(2),
                    row.getString(3),
                    row.getString(4).charAt(0),
                    row.getString(5).charAt(0));
            }
        }
    }

    @Override
    public Set<String> primaryKey(final int relationOid) {
        try (PreparedStatement statement = connection().prepareStatement(PRIMARY_KEY_QUERY)) {
            statement.setLong(1, Integer.toUnsignedLong(relationOid));
            final Set<String> names = new LinkedHashSet<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    names.add(row.getString(1));
                }
            }
            return names;
        } catch (final SQLException e) {
            close();
            throw new CatalogException(
                "cannot look up the primary key of table " + Integer.toUnsignedString(relationOid), e);
        }
    }

    private Connection connection() throws SQLException {
        if (connection == null) {
            connection = connections.open(ANSWER_TIMEOUT_MS);
        }
        return connection;
    }

    @Override
    public void close() {
        if (connection != null) {
            try {
                connection.close();
            } catch (final SQLException e) {
                LOG.warn("The catalog's connection to {} did not close: {}", connections, e.getMessage());
            }
            connection = null;
        }
    }
}
