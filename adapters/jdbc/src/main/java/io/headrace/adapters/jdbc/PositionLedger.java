package io.headrace.adapters.jdbc;

import io.headrace.adapters.jdbc.JdbcSinkOptions.UnkeyedSnapshot;
import io.headrace.codecs.EventView;
import org.agrona.DirectBuffer;

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
    private static final byte[] NONE = new byte[0];

    private final JdbcSinkOptions options;
    private final Dialect dialect;
    private final TargetSession session;
    private final PositionsTable table;
    private final Map<String, byte[]> positions = new HashMap<>();
    private final Set<String> changedSources = new HashSet<>();
    private final Set<String> snapshotTables = new HashSet<>();

    PositionLedger(
        final JdbcSinkOptions options,
        final Dialect dialect,
        final TargetSession session,
        final PositionsTable table) {
        this.options = options;
        this.dialect = dialect;
        this.session = session;
        this.table = table;
    }

    /** Forgets what was not committed; the target is asked again. */
    void clear() {
        positions.clear();
        changedSources.clear();
        snapshotTables.clear();
    }

    /** Whether a change has not been applied yet; it counts as applied from now on. */
    boolean admit(final EventView event, final boolean snapshotRow, final TargetTable target)
        throws SQLException, ChangeRefusedException, SchemaChangeNeededException {
        final String source = event.source();
        final byte[] last = position(source);
        if (event.sourcePositionLength() == 0) {
            throw ChangeRefusedException.fatal("the rows of " + target + " have no key, and the source gives no "
                + "positions to recognise them by. Give the table a key, or set unkeyed: append.");
        }
        if (compare(event.buffer(), event.sourcePositionOffset(), event.sourcePositionLength(), last) <= 0) {
            return false;
        }
        final byte[] current = ValueBinder.bytes(
            event.buffer(), event.sourcePositionOffset(), event.sourcePositionLength());
        if (snapshotRow && !snapshotTables.contains(target.sqlName())) {
            beginSnapshot(target, sameOrigin(current, last));
            snapshotTables.add(target.sqlName());
        }
        positions.put(source, current);
        changedSources.add(source);
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

    private void beginSnapshot(final TargetTable target, final boolean goesOn)
        throws SQLException, ChangeRefusedException {
        if (goesOn) {
            return;
        }
        session.flush();
        if (options.unkeyedSnapshot() == UnkeyedSnapshot.CLEAR) {
            session.execute(List.of("DELETE FROM " + target.sqlName()));
            return;
        }
        try (Statement statement = session.connection().createStatement()) {
            statement.setMaxRows(1);
            try (ResultSet rows = statement.executeQuery("SELECT 1 FROM " + target.sqlName())) {
                if (rows.next()) {
                    throw ChangeRefusedException.fatal("a snapshot begins for the table " + target + ", which has rows "
                        + "but no key: they would be there twice. Mend it with: " + dialect.truncate(target.sqlName())
                        + "; or set unkeyed-snapshot: clear.");
                }
            }
        }
    }

    private byte[] position(final String source)
        throws SQLException, ChangeRefusedException, SchemaChangeNeededException {
        byte[] position = positions.get(source);
        if (position == null) {
            final String stored = table.rows().get(part(source));
            position = stored == null ? NONE : HexFormat.of().parseHex(stored);
            positions.put(source, position);
        }
        return position;
    }

    private static String part(final String source) {
        return "source " + source;
    }

    /** Hands the positions that moved to the table, which writes them into the open transaction. */
    void store() {
        for (final String source : changedSources) {
            table.put(part(source), HexFormat.of().formatHex(positions.get(source)));
        }
        changedSources.clear();
    }
}
