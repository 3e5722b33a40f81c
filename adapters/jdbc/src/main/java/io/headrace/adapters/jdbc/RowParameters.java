package io.headrace.adapters.jdbc;

import io.headrace.codecs.RowChangeView;
import io.headrace.codecs.RowColumn;
import io.headrace.codecs.ValueView;
import io.headrace.codecs.sbe.ValueState;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.DateTimeException;

/** Gives the values of the row change in hand to a statement. Owned by a lane's thread. */
final class RowParameters implements ParameterSource {
    private final ValueBinder binder;
    private final RowChangeView row;

    RowParameters(final ValueBinder binder, final RowChangeView row) {
        this.binder = binder;
        this.row = row;
    }

    @Override
    public void bind(final PreparedStatement statement, final StatementPlan plan)
        throws SQLException, ChangeRefusedException {
        final int count = plan.slotCount();
        for (int i = 0; i < count; i++) {
            final Slot slot = plan.slot(i);
            if (slot.origin() == Slot.Origin.CONSTANT) {
                binder.bindText(statement, i + 1, slot.type(), slot.constant());
            } else {
                bindColumn(statement, i + 1, slot);
            }
        }
    }

    private void bindColumn(final PreparedStatement statement, final int parameter, final Slot slot)
        throws SQLException, ChangeRefusedException {
        final RowColumn column = row.column(slot.index());
        final ValueView value = slot.origin() == Slot.Origin.BEFORE ? column.before() : column.after();
        if (slot.required() && value.state() == ValueState.NULL_VALUE) {
            throw ChangeRefusedException.poison("the key column " + slot.name() + " is NULL, so that its row could "
                + "not be found again");
        }
        try {
            binder.bind(statement, parameter, slot.type(), value);
        } catch (final ArithmeticException | IllegalArgumentException | DateTimeException ex) {
            throw ChangeRefusedException.poison(
                "the value of column " + slot.name() + " is no " + slot.type() + ": " + ex.getMessage());
        }
    }
}
