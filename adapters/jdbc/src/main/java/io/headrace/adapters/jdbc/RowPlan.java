package io.headrace.adapters.jdbc;

import java.util.List;

/** What is done for row changes of one shape. Immutable after it was made; used by one lane's thread. */
final class RowPlan {
    /** What kind of table the change is of. */
    enum Treatment {
        /** Its table has no rule. */
        UNMAPPED,
        /** It is left out on purpose. */
        SKIPPED,
        /** Its rows have a key. */
        KEYED,
        /** Its rows have no key. */
        UNKEYED
    }

    static final RowPlan UNMAPPED = new RowPlan(Treatment.UNMAPPED, null, List.of(), List.of(), new int[0]);

    private final Treatment treatment;
    private final TargetTable table;
    private final StatementPlan[] statements;
    private final StatementPlan[] rekeyStatements;
    private final int[] comparedColumns;

    /**
     * @param statements      executed in turn for a change that keeps its key.
     * @param rekeyStatements executed in turn for a change of the key itself.
     * @param comparedColumns the source's columns that tell whether the key changed; empty when it cannot have.
     */
    RowPlan(
        final Treatment treatment,
        final TargetTable table,
        final List<StatementPlan> statements,
        final List<StatementPlan> rekeyStatements,
        final int[] comparedColumns) {
        this.treatment = treatment;
        this.table = table;
        this.statements = statements.toArray(new StatementPlan[0]);
        this.rekeyStatements = rekeyStatements.toArray(new StatementPlan[0]);
        this.comparedColumns = comparedColumns;
    }

    static RowPlan of(final Treatment treatment, final TargetTable table, final StatementPlan... statements) {
        return new RowPlan(treatment, table, List.of(statements), List.of(), new int[0]);
    }

    Treatment treatment() {
        return treatment;
    }

    TargetTable table() {
        return table;
    }

    StatementPlan[] statements(final boolean rekeyed) {
        return rekeyed ? rekeyStatements : statements;
    }

    int[] comparedColumns() {
        return comparedColumns;
    }
}
