package io.headrace.adapters.jdbc;

import io.headrace.codecs.RowChangeView;
import io.headrace.codecs.RowColumn;
import io.headrace.codecs.ValueView;
import io.headrace.codecs.sbe.ValueState;
import org.agrona.DirectBuffer;

import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Keeps a {@link RowPlan} for each shape of row change: operation, table, and name, type, key mark and presence of each
 * column. Owned by a lane's thread.
 *
 * <p>The shape is written into one reused array and compared byte by byte: finding a plan allocates nothing and cannot
 * confuse two shapes. The count of shapes is bounded; past the bound all are forgotten and made anew.
 */
final class RowPlanCache {
    static final int MAX_SHAPES = 4096;

    private final RowPlanner planner;
    private final Map<Shape, RowPlan> plans = new HashMap<>();
    private final Shape probe = new Shape(new byte[1024]);

    RowPlanCache(final RowPlanner planner) {
        this.planner = planner;
    }

    void clear() {
        plans.clear();
    }

    int size() {
        return plans.size();
    }

    RowPlan plan(final RowChangeView row)
        throws SQLException, ChangeRefusedException, SchemaChangeNeededException {
        probe.read(row);
        final RowPlan kept = plans.get(probe);
        if (kept != null) {
            return kept;
        }
        final RowPlan made = planner.plan(row);
        if (plans.size() == MAX_SHAPES) {
            plans.clear();
        }
        plans.put(probe.copy(), made);
        return made;
    }

    private static final class Shape {
        private static final int KEY = 1;
        private static final int BEFORE = 1 << 1;
        private static final int AFTER = 1 << 2;

        private byte[] bytes;
        private int length;
        private int hash;

        Shape(final byte[] bytes) {
            this.bytes = bytes;
        }

        void read(final RowChangeView row) {
            length = 0;
            put((byte)row.operation().value());
            put(row.buffer(), row.schemaNameOffset(), row.schemaNameLength());
            put(row.buffer(), row.tableNameOffset(), row.tableNameLength());
            final int count = row.columnCount();
            for (int i = 0; i < count; i++) {
                final RowColumn column = row.column(i);
                put((byte)column.type().value());
                put((byte)((column.key() ? KEY : 0)
                    | (known(column.before()) ? BEFORE : 0)
                    | (known(column.after()) ? AFTER : 0)));
                put(row.buffer(), column.nameOffset(), column.nameLength());
            }
            int code = 1;
            for (int i = 0; i < length; i++) {
                code = 31 * code + bytes[i];
            }
            hash = code;
        }

        private static boolean known(final ValueView value) {
            return value.state() != ValueState.ABSENT && value.state() != ValueState.UNCHANGED;
        }

        private void put(final byte value) {
            ensure(1);
            bytes[length++] = value;
        }

        private void put(final DirectBuffer buffer, final int offset, final int lengthBytes) {
            ensure(2 + lengthBytes);
            bytes[length++] = (byte)lengthBytes;
            bytes[length++] = (byte)(lengthBytes >> 8);
            buffer.getBytes(offset, bytes, length, lengthBytes);
            length += lengthBytes;
        }

        private void ensure(final int more) {
            if (length + more > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
            }
        }

        Shape copy() {
            final Shape copy = new Shape(Arrays.copyOf(bytes, length));
            copy.length = length;
            copy.hash = hash;
            return copy;
        }

        @Override
        public int hashCode() {
            return hash;
        }

        @Override
        public boolean equals(final Object other) {
            return other instanceof final Shape shape
                && Arrays.equals(bytes, 0, length, shape.bytes, 0, shape.length);
        }
    }
}
