package io.headrace.adapters.jdbc;

import java.util.List;

/**
 * One statement and where its parameters come from. Made once for each shape of change and kept; its identity is what
 * batches are grouped by. Immutable, used by one lane's thread.
 */
final class StatementPlan {
    /** What a statement does. */
    enum Kind {
        INSERT, UPSERT, UPDATE, DELETE, TRUNCATE
    }

    private final Kind kind;
    private final TargetTable table;
    private final String sql;
    private final Slot[] slots;
    private final StatementPlan otherwise;

    StatementPlan(final Kind kind, final TargetTable table, final String sql, final List<Slot> slots) {
        this(kind, table, sql, slots, null);
    }

    StatementPlan(
        final Kind kind,
        final TargetTable table,
        final String sql,
        final List<Slot> slots,
        final StatementPlan otherwise) {
        this.kind = kind;
        this.table = table;
        this.sql = sql;
        this.slots = slots.toArray(new Slot[0]);
        this.otherwise = otherwise;
    }

    Kind kind() {
        return kind;
    }

    TargetTable table() {
        return table;
    }

    String sql() {
        return sql;
    }

    int slotCount() {
        return slots.length;
    }

    Slot slot(final int index) {
        return slots[index];
    }

    /** What is executed when this changed no row; null where one statement does it all. */
    StatementPlan otherwise() {
        return otherwise;
    }

    /** Whether having changed no row means that the target lacked the row. */
    boolean expectsRow() {
        return (kind == Kind.UPDATE || kind == Kind.DELETE) && otherwise == null;
    }

    @Override
    public String toString() {
        return kind + " " + sql;
    }
}
