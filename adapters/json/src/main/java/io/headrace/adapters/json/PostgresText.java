package io.headrace.adapters.json;

import java.util.Locale;

/** Any thread: the forms that PostgreSQL itself prints. */
final class PostgresText {
    private PostgresText() {
    }

    /** A log sequence number as two hexadecimal halves, as {@code pg_lsn} prints it. */
    static String lsn(final long lsn) {
        return Integer.toHexString((int)(lsn >>> Integer.SIZE)).toUpperCase(Locale.ROOT) + "/" +
            Integer.toHexString((int)lsn).toUpperCase(Locale.ROOT);
    }
}
