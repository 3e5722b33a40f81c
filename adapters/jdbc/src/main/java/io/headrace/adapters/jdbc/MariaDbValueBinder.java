package io.headrace.adapters.jdbc;

import java.sql.PreparedStatement;
import java.sql.SQLException;

/**
 * Binds values for MariaDB and MySQL, which have no type with a time zone: points in time are bound in UTC, the
 * session's time zone. No state: for any thread.
 */
final class MariaDbValueBinder extends ValueBinder {
    @Override
    void bindTimestampTz(final PreparedStatement statement, final int parameter, final long epochMicros)
        throws SQLException {
        statement.setObject(parameter, local(epochMicros));
    }
}
