package io.headrace.adapters.jdbc;

import io.headrace.codecs.ValueView;
import io.headrace.codecs.sbe.ColumnType;
import io.headrace.codecs.sbe.ValueState;
import org.agrona.DirectBuffer;

import java.math.BigDecimal;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.UUID;

/**
 * Gives values to the parameters of a statement, exactly as the source had them; this one with what every driver of
 * JDBC 4.2 takes. No state: for any thread.
 */
class ValueBinder {
    private static final long NANOS_PER_MICRO = 1_000L;

    /** Binds one value of a row change. */
    final void bind(
        final PreparedStatement statement, final int parameter, final ColumnType type, final ValueView value)
        throws SQLException {
        if (value.state() == ValueState.NULL_VALUE) {
            bindNull(statement, parameter, type);
        } else if (value.state() == ValueState.SOURCE_TEXT) {
            bindText(statement, parameter, type, value.text());
        } else {
            bindValue(statement, parameter, type, value);
        }
    }

    private void bindValue(
        final PreparedStatement statement, final int parameter, final ColumnType type, final ValueView value)
        throws SQLException {
        switch (type) {
            case BOOL -> statement.setBoolean(parameter, value.boolValue());
            case INT16, INT32, INT64 -> statement.setLong(parameter, value.longValue());
            case FLOAT32, FLOAT64 -> statement.setDouble(parameter, value.doubleValue());
            case DECIMAL -> bindDecimal(statement, parameter, value);
            case DATE -> bindDate(statement, parameter, value.longValue());
            case TIME -> bindTime(statement, parameter, value.longValue());
            case TIMESTAMP -> bindTimestamp(statement, parameter, value.longValue());
            case TIMESTAMP_TZ -> bindTimestampTz(statement, parameter, value.longValue());
            case UUID -> bindUuid(statement, parameter, value.uuidHi(), value.uuidLo());
            case BYTES -> statement.setBytes(parameter, bytes(value.buffer(), value.offset(), value.length()));
            default -> bindText(statement, parameter, type, value.text());
        }
    }

    void bindNull(final PreparedStatement statement, final int parameter, final ColumnType type) throws SQLException {
        statement.setNull(parameter, nullType(type));
    }

    static int nullType(final ColumnType type) {
        return switch (type) {
            case BOOL -> Types.BOOLEAN;
            case INT16, INT32, INT64 -> Types.BIGINT;
            case FLOAT32, FLOAT64 -> Types.DOUBLE;
            case DECIMAL -> Types.NUMERIC;
            case DATE -> Types.DATE;
            case TIME -> Types.TIME;
            case TIMESTAMP, TIMESTAMP_TZ -> Types.TIMESTAMP;
            case BYTES -> Types.VARBINARY;
            default -> Types.VARCHAR;
        };
    }

    void bindText(final PreparedStatement statement, final int parameter, final ColumnType type, final String text)
        throws SQLException {
        statement.setString(parameter, text);
    }

    private void bindDecimal(final PreparedStatement statement, final int parameter, final ValueView value)
        throws SQLException {
        final byte last = value.length() == 0 ? 0 : value.buffer().getByte(value.offset() + value.length() - 1);
        if (last != '.' && (last < '0' || last > '9')) {
            // NaN and the infinities are no BigDecimal.
            bindText(statement, parameter, ColumnType.DECIMAL, value.text());
        } else {
            statement.setBigDecimal(parameter, decimal(value.buffer(), value.offset(), value.length()));
        }
    }

    static BigDecimal decimal(final DirectBuffer buffer, final int offset, final int lengthBytes) {
        final char[] digits = new char[lengthBytes];
        for (int i = 0; i < lengthBytes; i++) {
            digits[i] = (char)(buffer.getByte(offset + i) & 0xFF);
        }
        return new BigDecimal(digits);
    }

    void bindDate(final PreparedStatement statement, final int parameter, final long epochDays) throws SQLException {
        statement.setObject(parameter, LocalDate.ofEpochDay(epochDays));
    }

    void bindTime(final PreparedStatement statement, final int parameter, final long microsOfDay) throws SQLException {
        if (microsOfDay == TimeText.MICROS_PER_DAY) {
            bindText(statement, parameter, ColumnType.TIME, TimeText.time(microsOfDay));
        } else {
            statement.setObject(parameter, LocalTime.ofNanoOfDay(microsOfDay * NANOS_PER_MICRO));
        }
    }

    void bindTimestamp(final PreparedStatement statement, final int parameter, final long epochMicros)
        throws SQLException {
        statement.setObject(parameter, local(epochMicros));
    }

    void bindTimestampTz(final PreparedStatement statement, final int parameter, final long epochMicros)
        throws SQLException {
        statement.setObject(parameter, local(epochMicros).atOffset(ZoneOffset.UTC));
    }

    void bindUuid(final PreparedStatement statement, final int parameter, final long hi, final long lo)
        throws SQLException {
        statement.setString(parameter, new UUID(hi, lo).toString());
    }

    static LocalDateTime local(final long epochMicros) {
        return LocalDateTime.ofEpochSecond(
            Math.floorDiv(epochMicros, TimeText.MICROS_PER_SECOND),
            (int)(Math.floorMod(epochMicros, TimeText.MICROS_PER_SECOND) * NANOS_PER_MICRO),
            ZoneOffset.UTC);
    }

    static byte[] bytes(final DirectBuffer buffer, final int offset, final int lengthBytes) {
        final byte[] bytes = new byte[lengthBytes];
        buffer.getBytes(offset, bytes);
        return bytes;
    }
}
