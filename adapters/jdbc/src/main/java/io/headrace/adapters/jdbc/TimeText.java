package io.headrace.adapters.jdbc;

import java.time.LocalDate;

/** Dates and times as text, exact to the microsecond, without a formatter's cost. No state: for any thread. */
final class TimeText {
    static final long MICROS_PER_SECOND = 1_000_000L;
    static final long MICROS_PER_DAY = 86_400L * MICROS_PER_SECOND;

    private TimeText() {
    }

    static String date(final long epochDays) {
        final StringBuilder text = new StringBuilder(16);
        final boolean beforeChrist = appendDate(text, epochDays);
        return beforeChrist ? text.append(" BC").toString() : text.toString();
    }

    static String time(final long microsOfDay) {
        final StringBuilder text = new StringBuilder(16);
        appendTime(text, microsOfDay);
        return text.toString();
    }

    /** A point in time, followed by the zone that is given: {@code +00} or nothing. */
    static String timestamp(final long epochMicros, final String zone) {
        final StringBuilder text = new StringBuilder(36);
        final boolean beforeChrist = appendDate(text, Math.floorDiv(epochMicros, MICROS_PER_DAY));
        appendTime(text.append(' '), Math.floorMod(epochMicros, MICROS_PER_DAY));
        text.append(zone);
        return beforeChrist ? text.append(" BC").toString() : text.toString();
    }

    private static boolean appendDate(final StringBuilder text, final long epochDays) {
        final LocalDate date = LocalDate.ofEpochDay(epochDays);
        final int year = date.getYear();
        // There is no year 0: 1 BC comes before 1 AD.
        appendPadded(text, year > 0 ? year : 1 - year, 4);
        appendPadded(text.append('-'), date.getMonthValue(), 2);
        appendPadded(text.append('-'), date.getDayOfMonth(), 2);
        return year <= 0;
    }

    private static void appendTime(final StringBuilder text, final long microsOfDay) {
        final int seconds = (int)(microsOfDay / MICROS_PER_SECOND);
        appendPadded(text, seconds / 3600, 2);
        appendPadded(text.append(':'), seconds / 60 % 60, 2);
        appendPadded(text.append(':'), seconds % 60, 2);
        final int micros = (int)(microsOfDay % MICROS_PER_SECOND);
        if (micros != 0) {
            appendPadded(text.append('.'), micros, 6);
        }
    }

    private static void appendPadded(final StringBuilder text, final int value, final int digits) {
        int bound = 10;
        for (int i = 1; i < digits; i++, bound *= 10) {
            if (value < bound) {
                text.append('0');
            }
        }
        text.append(value);
    }
}
