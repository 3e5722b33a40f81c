package io.headrace.adapters.cli.eventlog;

import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;

/** How times of an event log are written: ISO 8601, which the commands read again. Safe for any thread; no state. */
public final class LogTimes {
    private static final long NS_PER_SECOND = 1_000_000_000L;
    private static final int DIGITS = 6;
    private static final DateTimeFormatter FORMAT = new DateTimeFormatterBuilder().appendInstant(DIGITS).toFormatter();

    private LogTimes() {
    }

    /**
     * A time as people read it.
     *
     * @param timeNs since the Unix epoch.
     * @return with six digits of fraction; a dash for 0, which stands for no time.
     */
    public static String text(final long timeNs) {
        return timeNs == 0 ? "-" : FORMAT.format(instant(timeNs));
    }

    /**
     * A time of the log.
     *
     * @param timeNs since the Unix epoch.
     * @return the same.
     */
    public static Instant instant(final long timeNs) {
        return Instant.ofEpochSecond(Math.floorDiv(timeNs, NS_PER_SECOND), Math.floorMod(timeNs, NS_PER_SECOND));
    }
}
