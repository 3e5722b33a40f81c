package io.headrace.adapters.postgres.replication;

import java.sql.SQLException;

/** Any thread, without state: what a person can do about an error of the server. */
public final class Remedies {
    private Remedies() {
    }

    /**
     * What mends an error.
     *
     * @param failure of the driver.
     * @param server  that it came from, for the message.
     * @return half a sentence.
     */
    public static String of(final SQLException failure, final Object server) {
        final String state = failure.getSQLState() == null ? "" : failure.getSQLState();
        if (state.startsWith("08")) {
            return "check that the server runs and that " + server + " is right";
        }
        return switch (state) {
            case "28P01", "28000" -> "check user and password, and that pg_hba.conf has a line for this user, " +
                "database and host (run preflight)";
            case "3D000" -> "create the database, or mend the option database";
            case "42501" -> "grant what is missing (run preflight)";
            case "42704", "42P01" -> "create what is missing (run preflight)";
            case "53300" -> "raise max_connections or max_wal_senders";
            case "53400" -> "raise max_replication_slots or max_wal_senders, or drop unused slots";
            case "55006" -> "another process uses the slot: stop it, or set another slot-name; after a lost " +
                "connection the server notices by itself within wal_sender_timeout";
            case "55000" -> "run preflight";
            case "57P01", "57P02", "57P03" -> "the server is stopping or starting; it will be tried again";
            default -> "run preflight, and see the server's log";
        };
    }
}
