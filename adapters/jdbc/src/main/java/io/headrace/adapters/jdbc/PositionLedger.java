package io.headrace.adapters.jdbc;

import io.headrace.adapters.jdbc.JdbcSinkOptions.UnkeyedSnapshot;
import io.headrace.codecs.EventView;
import io.headrace.codecs.sbe.ColumnType;
import org.agrona.DirectBuffer;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Lets each change of a table without a key through once: the last source position applied is kept in the target, in
 * the same transaction as the change, and what lies at or before it has been applied. Owned by the lane's thread; there
 * is one lane, as positions of several would not be ordered.
 *
 * <p>A snapshot that is read again has new positions, so that they cannot tell its rows from new ones. Its first row
 * for a table is therefore let through only when that table is empty, or when the last position belongs to the same
 * snapshot: positions of one snapshot, or of one transaction, differ in their last eight bytes only.
 */
final class PositionLedger {
    private static final List<ColumnDefinition> COLUMNS = List.of(
        new ColumnDefinition("sink", ColumnType.TEXT, "", true),
        new ColumnDefinition("source", ColumnType.TEXT, "", true),
        new ColumnDefinition("position", ColumnType.TEXT, "", false));
    private static final byte[] NONE = new byte[0];

    private final JdbcSinkOptions options;
    private final Dialect dialect;
    private final TargetSession session;
    private final TableResolver resolver;
    private final String sinkName;
    private final Map<String, Position> positions = new HashMap<>();
    private final Set<String> snapshotTables = new HashSet<>();

    PositionLedger(
        final JdbcSinkOptions options,
        final Dialect dialect,
        final TargetSession session,
        final TableResolver resolver,
        final String sinkName) {
        this.options = options;
        this.dialect = dialect;
        this.session = session;
        this.resolver = resolver;
        this.sinkName = sinkName;
    }

    static List<ColumnDefinition> columns() {
        return COLUMNS;
    }

    /** Forgets what was not committed; the target is asked again. */
    void clear() {
        positions.clear();
        snapshotTables.clear();
    }

    /** Whether a change has not been applied yet; it counts as applied from now on. */
    boolean admit(final EventView event, final boolean snapshotRow, final TargetTable table)
        throws SQLException, ChangeRefusedException, SchemaChangeNeededException {
        final Position position = position(event.source());
        if (event.sourcePositionLength() == 0) {
            throw ChangeRefusedException.fatal("the rows of " + table + " have no key, and the source gives no "
                + "positions to recognise them by. Give the table a key, or set unkeyed: append.");
        }
        if (compare(event.buffer(), event.sourcePositionOffset(), event.sourcePositionLength(), position.last) <= 0) {
            return false;
        }
        final byte[] current = ValueBinder.bytes(
            event.buffer(), event.sourcePositionOffset(), event.sourcePositionLength());
        if (snapshotRow && !snapshotTables.contains(table.sqlName())) {
            beginSnapshot(table, sameOrigin(current, position.last));
            snapshotTables.add(table.sqlName());
        }
        position.last = current;
        position.changed = true;
        return true;
    }

    private static int compare(final DirectBuffer buffer, final int offset, final int lengthBytes, final byte[] last) {
        final int common = Math.min(lengthBytes, last.length);
        for (int i = 0; i < common; i++) {
            final int difference = (buffer.getByte(offset + i) & 0xFF) - (last[i] & 0xFF);
            if (difference != 0) {
                return difference;
            }
        }
        return lengthBytes - last.length;
    }

    private static boolean sameOrigin(final byte[] current, final byte[] last) {
        final int prefix = current.length - Long.BYTES;
        return prefix > 0 && current.length == last.length && Arrays.equals(current, 0, prefix, last, 0, prefix);
    }

    private void beginSnapshot(final TargetTable table, final boolean goesOn)
        throws SQLException, ChangeRefusedException {
        if (goesOn) {
            return;
        }
        session.flush();
        if (options.unkeyedSnapshot() == UnkeyedSnapshot.CLEAR) {
            session.execute(List.of("DELETE FROM " + table.sqlName()));
            return;
        }
        try (Statement statement = session.connection().createStatement()) {
            statement.setMaxRows(1);
            try (ResultSet rows = statement.executeQuery("SELECT 1 FROM " + table.sqlName())) {
                if (rows.next()) {
                    throw ChangeRefusedException.fatal("a snapshot begins for the table " + table + ", which has rows "
                        + "but no key: they would be there twice. Mend it with: " + dialect.truncate(table.sqlName())
                        + "; or set unkeyed-snapshot: clear.");
                }
            }
        }
    }

    private Position position(final String source)
        throws SQLException, ChangeRefusedException, SchemaChangeNeededException {
        Position position = positions.get(source);
        if (position == null) {
            final TargetTable table = table();
            position = new Position();
            final String sql = "SELECT " + dialect.quote(column(table, 2)) + " FROM " + table.sqlName() + where(table);
            try (PreparedStatement select = session.connection().prepareStatement(sql)) {
                select.setString(1, sinkName);
                select.setString(2, source);
                try (ResultSet rows = select.executeQuery()) {
                    if (rows.next()) {
                        position.last = HexFormat.of().parseHex(rows.getString(1));
                        position.stored = true;
                    }
                }
            }
            positions.put(source, position);
        }
        return position;
    }

    private TargetTable table() throws SQLException, ChangeRefusedException, SchemaChangeNeededException {
        return resolver.table(options.schema().orElse(null), options.positionsTable(), COLUMNS);
    }

    private static String column(final TargetTable table, final int index) {
        return table.column(COLUMNS.get(index).name()).name();
    }

    private String where(final TargetTable table) {
        return " WHERE " + dialect.quote(column(table, 0)) + " = ? AND " + dialect.quote(column(table, 1)) + " = ?";
    }

    /** Writes the positions that moved into the open transaction. */
    void store() throws SQLException, ChangeRefusedException, SchemaChangeNeededException {
        for (final Map.Entry<String, Position> entry : positions.entrySet()) {
            final Position position = entry.getValue();
            if (position.changed) {
                final TargetTable table = table();
                final String sql = position.stored ?
                    "UPDATE " + table.sqlName() + " SET " + dialect.quote(column(table, 2)) + " = ?" + where(table) :
                    "INSERT INTO " + table.sqlName() + " (" + dialect.quote(column(table, 2)) + ", "
                        + dialect.quote(column(table, 0)) + ", " + dialect.quote(column(table, 1))
                        + ") VALUES (?, ?, ?)";
                try (PreparedStatement statement = session.connection().prepareStatement(sql)) {
                    statement.setString(1, HexFormat.of().formatHex(position.last));
                    statement.setString(2, sinkName);
                    statement.setString(3, entry.getKey());
                    statement.executeUpdate();
                }
                position.stored = true;
                position.changed = false;
            }
        }
    }

    /** How far the changes of one source were applied. */
    private static final class Position {
        private byte[] last = NONE;
        private boolean stored;
        private boolean changed;
    }
}
