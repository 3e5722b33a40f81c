package io.headrace.adapters.jdbc;

import io.headrace.adapters.jdbc.JdbcSinkOptions.DialectName;
import io.headrace.bus.adapter.FailureClass;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.sql.BatchUpdateException;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.SQLTransientConnectionException;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class SqlFailureTableTest {
    private static Dialect dialect(final DialectName name) {
        final TestOptions options = TestOptions.of("jdbc:none:");
        options.dialect = name;
        return Dialect.of(options.build());
    }

    private static FailureClass classify(final DialectName name, final Throwable failure) {
        return SqlFailureTable.classify(dialect(name), failure);
    }

    @ParameterizedTest
    @CsvSource({
        "08001, RETRIABLE", "08006, RETRIABLE", "08P01, FATAL", "21000, POISON", "22001, POISON", "22003, POISON",
        "22P02, POISON", "23502, POISON", "23503, POISON", "23505, POISON", "25006, RETRIABLE", "28000, FATAL",
        "28P01, FATAL", "3D000, FATAL", "3F000, FATAL", "40001, RETRIABLE", "40P01, RETRIABLE", "42501, FATAL",
        "42703, FATAL", "42P01, FATAL", "42P10, FATAL", "44000, POISON", "53100, RETRIABLE", "53300, RETRIABLE",
        "54000, POISON", "55000, FATAL", "55P03, RETRIABLE", "57014, RETRIABLE", "57P01, RETRIABLE",
        "57P03, RETRIABLE", "57P04, FATAL", "58030, RETRIABLE", "P0001, POISON", "XX000, FATAL", "0A000, FATAL"})
    void shouldClassifyBySqlState(final String sqlState, final FailureClass expected) {
        assertEquals(expected, classify(DialectName.POSTGRESQL, new SQLException("test", sqlState)));
    }

    @ParameterizedTest
    @CsvSource({
        "1205, HY000, RETRIABLE", "1213, 40001, RETRIABLE", "1153, 08S01, POISON", "1364, HY000, FATAL",
        "1366, HY000, POISON", "1062, 23000, POISON", "1264, 22003, POISON", "1045, 28000, FATAL",
        "1146, 42S02, FATAL", "1969, 70100, RETRIABLE", "1927, 70100, RETRIABLE", "4025, 23000, POISON",
        "9999, HY000, FATAL"})
    void shouldClassifyByTheCodeOfMariaDb(final int code, final String sqlState, final FailureClass expected) {
        assertEquals(expected, classify(DialectName.MARIADB, new SQLException("test", sqlState, code)));
    }

    @ParameterizedTest
    @CsvSource({
        "50200, HYT00, RETRIABLE", "40001, 40001, RETRIABLE", "90131, 90131, RETRIABLE", "90067, 90067, RETRIABLE",
        "23505, 23505, POISON", "22001, 22001, POISON", "42102, 42S02, FATAL", "28000, 28000, FATAL",
        "90013, 90013, FATAL"})
    void shouldClassifyByTheCodeOfH2(final int code, final String sqlState, final FailureClass expected) {
        assertEquals(expected, classify(DialectName.H2, new SQLException("test", sqlState, code)));
    }

    @Test
    void shouldNotTakeOneDatabasesCodeForAnothers() {
        assertEquals(FailureClass.FATAL, classify(DialectName.POSTGRESQL, new SQLException("test", "HY000", 1205)));
    }

    @Test
    void shouldClassifyByTypeWithoutASqlState() {
        assertEquals(FailureClass.RETRIABLE,
            classify(DialectName.GENERIC, new SQLTransientConnectionException("time-out")));
        assertEquals(FailureClass.POISON, classify(DialectName.GENERIC, new SQLDataException("too long")));
        assertEquals(FailureClass.POISON,
            classify(DialectName.GENERIC, new SQLIntegrityConstraintViolationException("twice")));
        assertEquals(FailureClass.FATAL, classify(DialectName.GENERIC, new SQLException("who knows")));
        assertEquals(FailureClass.FATAL, classify(DialectName.GENERIC, new IllegalStateException("no SQL")));
    }

    @Test
    void shouldLookBehindThePoolsTimeoutForItsReason() {
        final SQLTransientConnectionException timeout = new SQLTransientConnectionException(
            "Connection is not available", "28P01", 0, new SQLException("wrong password", "28P01"));
        assertEquals(FailureClass.FATAL, classify(DialectName.POSTGRESQL, timeout));
        assertEquals("wrong password (SQLState 28P01)",
            SqlFailureTable.describe(dialect(DialectName.POSTGRESQL), timeout));
    }

    @Test
    void shouldLeaveTheValuesOfABatchOutOfMessages() {
        final BatchUpdateException batch = new BatchUpdateException("VALUES ('secret')", "23505", new int[0]);
        batch.setNextException(new SQLException("duplicate key", "23505"));
        assertEquals(FailureClass.POISON, classify(DialectName.POSTGRESQL, batch));
        assertEquals("duplicate key (SQLState 23505)",
            SqlFailureTable.describe(dialect(DialectName.POSTGRESQL), batch));
    }

    @Test
    void shouldKnowWhatEndsATransaction() {
        final Dialect dialect = dialect(DialectName.POSTGRESQL);
        assertTrue(SqlFailureTable.endsTransaction(dialect, new SQLException("lost", "08006")));
        assertTrue(SqlFailureTable.endsTransaction(dialect, new SQLException("deadlock", "40P01")));
        assertFalse(SqlFailureTable.endsTransaction(dialect, new SQLException("lock", "55P03")));
    }

    @Test
    void shouldFindAnInterruption() {
        assertTrue(SqlFailureTable.interrupted(new SQLException("waiting", new InterruptedException())));
        assertFalse(SqlFailureTable.interrupted(new SQLException("waiting")));
    }
}
