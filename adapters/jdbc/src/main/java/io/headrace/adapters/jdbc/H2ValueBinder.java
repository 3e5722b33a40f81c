package io.headrace.adapters.jdbc;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.UUID;

/** Binds values for H2, which has a type for UUIDs. No state: for any thread. */
final class H2ValueBinder extends ValueBinder {
    @Override
    void bindUuid(final PreparedStatement statement, final int parameter, final long hi, final long lo)
        throws SQLException {
        statement.setObject(parameter, new UUID(hi, lo));
    }
}
