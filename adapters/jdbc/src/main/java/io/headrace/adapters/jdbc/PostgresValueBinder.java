package io.headrace.adapters.jdbc;

import io.headrace.codecs.sbe.ColumnType;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.UUID;

/**
 * Binds values for pgjdbc. No state: for any thread.
 *
 * <p>A parameter keeps one type, NULL or not: pgjdbc prepares a statement anew whenever the types of its parameters
 * change. What is not a number, a boolean or bytes is sent as text of unknown type ({@link Types#OTHER}), which the
 * server reads as the type of the column.
 */
final class PostgresValueBinder extends ValueBinder {
    @Override
    void bindNull(final PreparedStatement statement, final int parameter, final ColumnType type) throws SQLException {
        statement.setNull(parameter, switch (type) {
            case BOOL -> Types.BOOLEAN;
            case INT16, INT32, INT64 -> Types.BIGINT;
            case FLOAT32, FLOAT64 -> Types.DOUBLE;
            case DECIMAL -> Types.NUMERIC;
            case BYTES -> Types.BINARY;
            default -> Types.OTHER;
        });
    }

    @Override
    void bindText(final PreparedStatement statement, final int parameter, final ColumnType type, final String text)
        throws SQLException {
        statement.setObject(parameter, text, Types.OTHER);
    }

    @Override
    void bindDate(final PreparedStatement statement, final int parameter, final long epochDays) throws SQLException {
        statement.setObject(parameter, TimeText.date(epochDays), Types.OTHER);
    }

    @Override
    void bindTime(final PreparedStatement statement, final int parameter, final long microsOfDay) throws SQLException {
        statement.setObject(parameter, TimeText.time(microsOfDay), Types.OTHER);
    }

    @Override
    void bindTimestamp(final PreparedStatement statement, final int parameter, final long epochMicros)
        throws SQLException {
        statement.setObject(parameter, TimeText.timestamp(epochMicros, ""), Types.OTHER);
    }

    @Override
    void bindTimestampTz(final PreparedStatement statement, final int parameter, final long epochMicros)
        throws SQLException {
        statement.setObject(parameter, TimeText.timestamp(epochMicros, "+00"), Types.OTHER);
    }

    @Override
    void bindUuid(final PreparedStatement statement, final int parameter, final long hi, final long lo)
        throws SQLException {
        statement.setObject(parameter, new UUID(hi, lo).toString(), Types.OTHER);
    }
}
