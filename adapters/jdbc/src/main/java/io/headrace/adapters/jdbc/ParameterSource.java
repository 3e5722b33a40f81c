package io.headrace.adapters.jdbc;

import java.sql.PreparedStatement;
import java.sql.SQLException;

/** Gives the values of the event in hand to a statement. Used by one lane's thread. */
interface ParameterSource {
    void bind(PreparedStatement statement, StatementPlan plan) throws SQLException, ChangeRefusedException;
}
