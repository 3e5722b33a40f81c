package io.headrace.adapters.postgres.pgoutput;

/** Any thread, without state: places in PostgreSQL's write-ahead log, which are unsigned 64-bit numbers. */
public final class Lsn {
    private Lsn() {
    }

    /**
     * As PostgreSQL writes it.
     *
     * @param lsn the place.
     * @return for example {@code 0/16B3748}.
     */
    public static String format(final long lsn) {
        return Integer.toHexString((int)(lsn >>> 32)).toUpperCase() + "/" +
            Integer.toHexString((int)lsn).toUpperCase();
    }

    /**
     * Reads PostgreSQL's form.
     *
     * @param text for example {@code 0/16B3748}; null for none.
     * @return the place; 0 for none.
     */
    public static long parse(final String text) {
        if (text == null || text.isEmpty()) {
            return 0;
        }
        final int slash = text.indexOf('/');
        return Long.parseUnsignedLong(text.substring(0, slash), 16) << 32 |
            Long.parseUnsignedLong(text.substring(slash + 1), 16);
    }
}
