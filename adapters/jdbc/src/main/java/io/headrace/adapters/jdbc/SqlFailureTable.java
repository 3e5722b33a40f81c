package io.headrace.adapters.jdbc;

import io.headrace.bus.adapter.FailureClass;

import java.sql.BatchUpdateException;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientConnectionException;
import java.sql.SQLTransientException;
import java.util.Map;
import java.util.Optional;

import static io.headrace.bus.adapter.FailureClass.FATAL;
import static io.headrace.bus.adapter.FailureClass.POISON;
import static io.headrace.bus.adapter.FailureClass.RETRIABLE;
import static java.util.Map.entry;

/**
 * What can be done about an SQL error: the vendor's code decides where its SQLState says too little, then the whole
 * SQLState, then its class (the first two characters), then the type of the exception. What nobody knows is fatal, so
 * that it is seen. Constants only: for any thread.
 */
final class SqlFailureTable {
    /** Codes of MariaDB and MySQL whose SQLState is HY000 or misleads. */
    private static final Map<Integer, FailureClass> MARIADB_CODES = Map.ofEntries(
        entry(1020, RETRIABLE),  // record has changed since last read
        entry(1021, RETRIABLE),  // disk full
        entry(1114, RETRIABLE),  // the table is full
        entry(1153, POISON),     // packet too large: SQLState 08S01, but no retry makes the event smaller
        entry(1205, RETRIABLE),  // lock wait time-out
        entry(1265, POISON),     // data truncated for column
        entry(1290, RETRIABLE),  // the server is read-only, as during a failover
        entry(1317, RETRIABLE),  // query interrupted
        entry(1364, FATAL),      // field has no default value: the mapping lacks a column
        entry(1366, POISON),     // incorrect value for column
        entry(1615, RETRIABLE),  // prepared statement needs to be prepared again
        entry(1836, RETRIABLE),  // running in read-only mode
        entry(1927, RETRIABLE),  // connection was killed
        entry(1969, RETRIABLE),  // max_statement_time exceeded
        entry(3024, RETRIABLE),  // max_execution_time exceeded
        entry(3819, POISON),     // check constraint violated
        entry(4025, POISON));    // constraint failed

    private static final Map<Integer, FailureClass> H2_CODES = Map.ofEntries(
        entry(50200, RETRIABLE), // lock time-out
        entry(90020, RETRIABLE), // the database is in use by another process
        entry(90028, RETRIABLE), // I/O error
        entry(90067, RETRIABLE), // connection broken
        entry(90098, RETRIABLE), // the database has been closed
        entry(90121, RETRIABLE), // the database is closing
        entry(90131, RETRIABLE)); // concurrent update

    private static final Map<String, FailureClass> STATES = Map.ofEntries(
        entry("08P01", FATAL),     // protocol violation: the same message would be sent again
        entry("22P05", POISON),    // character that the target's encoding lacks
        entry("25006", RETRIABLE), // read-only, as a standby is during a failover
        entry("42P18", FATAL),     // indeterminate data type
        entry("55006", RETRIABLE), // object in use
        entry("55P03", RETRIABLE), // lock not available
        entry("57014", RETRIABLE), // query cancelled, as by the statement time-out
        entry("57P04", FATAL),     // database dropped
        entry("HYT00", RETRIABLE), // time-out
        entry("HYT01", RETRIABLE), // connection time-out
        entry("P0001", POISON));   // raised by a function of the target, as a trigger that refuses a row

    private static final Map<String, FailureClass> STATE_CLASSES = Map.ofEntries(
        entry("08", RETRIABLE), // connection
        entry("21", POISON),    // cardinality
        entry("22", POISON),    // data
        entry("23", POISON),    // integrity constraint
        entry("25", RETRIABLE), // transaction state
        entry("28", FATAL),     // credentials
        entry("3D", FATAL),     // no such database
        entry("3F", FATAL),     // no such schema
        entry("40", RETRIABLE), // rolled back: serialization, deadlock
        entry("42", FATAL),     // no such table or column, no right, syntax
        entry("44", POISON),    // check option of a view
        entry("53", RETRIABLE), // resources: disk full, too many connections
        entry("54", POISON),    // program limits: a row or an index entry too large
        entry("57", RETRIABLE), // operator: shutdown, cancelled
        entry("58", RETRIABLE), // I/O error of the server
        entry("70", RETRIABLE), // interrupted (MariaDB)
        entry("HZ", POISON));   // the driver refuses to send it, as a packet too large (MariaDB)

    private SqlFailureTable() {
    }

    static FailureClass classify(final Dialect dialect, final Throwable failure) {
        return decisive(dialect, failure)
            .flatMap(decisive -> classOf(dialect, decisive))
            .orElse(FATAL);
    }

    /** The first exception among the failure, those chained to it, and its causes, that the tables know. */
    static Optional<SQLException> decisive(final Dialect dialect, final Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < 16; depth++, cause = cause.getCause()) {
            if (cause instanceof final SQLException first) {
                SQLException next = first;
                for (int links = 0; next != null && links < 16; links++, next = next.getNextException()) {
                    if (classOf(dialect, next).isPresent()) {
                        return Optional.of(next);
                    }
                }
            }
        }
        return Optional.empty();
    }

    /** Whether the table, the column or the constraint that a statement needs is not there. */
    static boolean missingObject(final SQLException failure) {
        final String state = failure.getSQLState();
        return state != null && (state.startsWith("42S") || state.equals("42P01") || state.equals("42703")
            || state.equals("42P10"));
    }

    /** Whether somebody else made the table or the column meanwhile. */
    static boolean alreadyExists(final SQLException failure) {
        final String state = failure.getSQLState();
        // PostgreSQL: table, column, or the row type's name taken by a concurrent CREATE; MariaDB; H2.
        return state != null && (state.equals("42P07") || state.equals("42701") || state.equals("23505")
            || state.equals("42S01") || state.equals("42S21"));
    }

    /** Whether a failure takes the transaction with it, beyond what a savepoint could undo. */
    static boolean endsTransaction(final Dialect dialect, final Throwable failure) {
        final String state = decisive(dialect, failure).map(SQLException::getSQLState).orElse("08000");
        return state == null || state.startsWith("08") || state.startsWith("40") || state.startsWith("57P");
    }

    /** What the target said, with its SQLState. */
    static String describe(final Dialect dialect, final SQLException failure) {
        SQLException decisive = decisive(dialect, failure).orElse(failure);
        if (decisive instanceof BatchUpdateException && decisive.getNextException() != null) {
            // Its own message repeats the statement with all its values.
            decisive = decisive.getNextException();
        } else if (decisive instanceof SQLTransientConnectionException
            && decisive.getCause() instanceof final SQLException reason) {
            // The pool only says that it waited.
            decisive = reason;
        }
        final String state = decisive.getSQLState() == null ? "" : " (SQLState " + decisive.getSQLState() + ")";
        return String.valueOf(decisive.getMessage()).replace('\n', ' ') + state;
    }

    /** Whether the thread was interrupted while it waited for a connection. */
    static boolean interrupted(final Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof InterruptedException) {
                return true;
            }
        }
        return false;
    }

    private static Optional<FailureClass> classOf(final Dialect dialect, final SQLException failure) {
        FailureClass found = switch (dialect.name()) {
            case MARIADB, MYSQL -> MARIADB_CODES.get(failure.getErrorCode());
            case H2 -> H2_CODES.get(failure.getErrorCode());
            default -> null;
        };
        final String state = failure.getSQLState();
        if (found == null && state != null && state.length() == 5) {
            found = STATES.get(state);
            if (found == null) {
                found = STATE_CLASSES.get(state.substring(0, 2));
            }
        }
        if (found == null) {
            found = byType(failure);
        }
        return Optional.ofNullable(found);
    }

    private static FailureClass byType(final SQLException failure) {
        if (failure instanceof SQLTransientException || failure instanceof SQLRecoverableException) {
            // A pool's time-out carries the reason as its cause: let that decide first.
            return failure.getCause() instanceof SQLException ? null : RETRIABLE;
        }
        return failure instanceof SQLDataException || failure instanceof SQLIntegrityConstraintViolationException ?
            POISON : null;
    }
}
