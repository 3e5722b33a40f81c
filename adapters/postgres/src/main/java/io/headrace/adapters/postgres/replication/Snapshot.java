package io.headrace.adapters.postgres.replication;

import io.headrace.adapters.postgres.pgoutput.ChangePublisher;
import io.headrace.adapters.postgres.pgoutput.DecoderSettings;
import io.headrace.adapters.postgres.pgoutput.Duty;
import io.headrace.adapters.postgres.pgoutput.PgType;
import io.headrace.adapters.postgres.pgoutput.Relation;
import io.headrace.adapters.postgres.pgoutput.Tuple;
import org.agrona.concurrent.status.AtomicCounter;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The source's thread: publishes the present rows of all tables, as one moment of the database saw them. It reads under
 * the snapshot that a slot exported, so that the slot's stream begins with the first change that is not in it; rows are
 * streamed by {@code COPY}, one at a time, through the same encoder as the stream's.
 */
final class Snapshot {
    private static final Logger LOG = LoggerFactory.getLogger(Snapshot.class);
    private static final int DUTY_INTERVAL = 256;
    private static final int VERSION_WITH_COLUMN_LISTS = 150_000;
    private static final int VERSION_WITH_GENERATED_COLUMNS = 180_000;
    private static final String COLUMNS_QUERY =
        "SELECT a.attname, a.atttypid::int8, EXISTS (" +
        "SELECT 1 FROM pg_index i WHERE i.indrelid = c.oid " +
        "AND a.attnum = ANY((i.indkey::int2[])[0:i.indnkeyatts - 1]) " +
        "AND CASE c.relreplident WHEN 'i' THEN i.indisreplident WHEN 'n' THEN false ELSE i.indisprimary END), " +
        "c.relreplident = 'f', c.relkind = 'p', a.atttypmod " +
        "FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid " +
        "WHERE c.oid = ?::regclass AND a.attnum > 0 AND NOT a.attisdropped " +
        "AND (? OR a.attgenerated = '') ORDER BY a.attnum";

    private final Connection connection;
    private final DecoderSettings settings;
    private final ChangePublisher publisher;
    private final Duty duty;
    private final AtomicCounter tableCounter;
    private final Tuple row = new Tuple();
    private final int serverVersion;

    Snapshot(
        final Connection connection,
        final DecoderSettings settings,
        final ChangePublisher publisher,
        final Duty duty,
        final AtomicCounter tableCounter,
        final int serverVersion) {
        this.connection = connection;
        this.settings = settings;
        this.publisher = publisher;
        this.duty = duty;
        this.tableCounter = tableCounter;
        this.serverVersion = serverVersion;
    }

    /** Publishes all rows; the connection is in no transaction before and after. */
    void run(final String publication, final ReplicationConnection.CreatedSlot slot, final long timeNs)
        throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
            statement.execute("SET TRANSACTION SNAPSHOT '" + slot.snapshotName() + "'");
        }
        publisher.beginSnapshot(slot.consistentPoint());
        tableCounter.setOrdered(0);
        final List<PublishedTable> tables = tables(publication);
        for (final PublishedTable table : tables) {
            final long rowCount = copy(table, timeNs);
            tableCounter.incrementOrdered();
            LOG.info("Snapshot of table {}: {} rows; {} of {} tables done",
                table.table(), rowCount, tableCounter.get(), tables.size());
        }
        connection.rollback();
        connection.setAutoCommit(true);
    }

    private List<PublishedTable> tables(final String publication) throws SQLException {
        final boolean lists = serverVersion >= VERSION_WITH_COLUMN_LISTS;
        final List<PublishedTable> tables = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(
            "SELECT schemaname, tablename" + (lists ? ", attnames, rowfilter" : "") +
            " FROM pg_publication_tables WHERE pubname = ? ORDER BY 1, 2")) {
            statement.setString(1, publication);
            try (ResultSet found = statement.executeQuery()) {
                while (found.next()) {
                    final Publications.Table table = new Publications.Table(found.getString(1), found.getString(2));
                    if (settings.selectsTable(table.toString())) {
                        tables.add(new PublishedTable(
                            table,
                            lists ? names(found.getArray(3)) : null,
                            lists ? found.getString(4) : null));
                    }
                }
            }
        }
        return tables;
    }

    private static Set<String> names(final Array array) throws SQLException {
        return array == null ? null : Set.of((String[])array.getArray());
    }

    private long copy(final PublishedTable table, final long timeNs) throws SQLException {
        final List<Relation.Column> columns = new ArrayList<>();
        boolean full = false;
        boolean partitioned = false;
        try (PreparedStatement statement = connection.prepareStatement(COLUMNS_QUERY)) {
            statement.setString(1, table.table().quoted());
            statement.setBoolean(2, serverVersion >= VERSION_WITH_GENERATED_COLUMNS);
            try (ResultSet found = statement.executeQuery()) {
                while (found.next()) {
                    full = found.getBoolean(4);
                    partitioned = found.getBoolean(5);
                    if (table.columns() == null || table.columns().contains(found.getString(1))) {
                        columns.add(new Relation.Column(
                            found.getString(1), type((int)found.getLong(2)).withModifier(found.getInt(6)),
                            found.getBoolean(3)));
                    }
                }
            }
        }
        if (columns.isEmpty()) {
            LOG.warn("Snapshot skips table {}, as none of its columns is published", table.table());
            return 0;
        }
        final Relation relation = new Relation(
            settings.sourceName(),
            table.table().schema(),
            table.table().name(),
            full ? wholeRowUnlessKeyed(columns) : columns,
            true,
            full);
        final String names =
            columns.stream().map(column -> Publications.quote(column.name())).collect(Collectors.joining(", "));
        return copy(relation, "COPY (SELECT " + names + " FROM " + (partitioned ? "" : "ONLY ") +
            table.table().quoted() + (table.rowFilter() == null ? "" : " WHERE " + table.rowFilter()) +
            ") TO STDOUT", timeNs);
    }

    /** As the stream has it: under REPLICA IDENTITY FULL a table without a primary key is identified by all columns. */
    private static List<Relation.Column> wholeRowUnlessKeyed(final List<Relation.Column> columns) {
        return columns.stream().anyMatch(Relation.Column::key) ? columns : columns.stream()
            .map(column -> new Relation.Column(column.name(), column.type(), true))
            .collect(Collectors.toList());
    }

    private PgType type(final int oid) throws SQLException {
        final PgType builtIn = PgType.builtIn(oid);
        return builtIn != null ? builtIn : JdbcCatalog.queryType(connection, oid, null);
    }

    private long copy(final Relation relation, final String copyStatement, final long timeNs) throws SQLException {
        final CopyOut copy = connection.unwrap(PGConnection.class).getCopyAPI().copyOut(copyStatement);
        long rowCount = 0;
        for (byte[] line = copy.readFromCopy(); line != null; line = copy.readFromCopy()) {
            CopyRow.parse(line, row, relation.columnCount(), relation);
            publisher.snapshotRow(relation, row, timeNs);
            if (++rowCount % DUTY_INTERVAL == 0) {
                duty.perform();
            }
        }
        return rowCount;
    }

    /**
     * A table of the publication.
     *
     * @param table     by its names.
     * @param columns   that are published; null for all.
     * @param rowFilter an SQL condition on the rows; null for none.
     */
    private record PublishedTable(Publications.Table table, Set<String> columns, String rowFilter) {
    }
}
