package io.headrace.adapters.postgres.pgoutput;

import org.agrona.DirectBuffer;

/**
 * The source's thread, without state: ISO dates and times as PostgreSQL writes them become days and microseconds.
 * Whatever does not read as one, or does not fit, answers {@link #INVALID}.
 */
final class TimeParser {
    static final long INVALID = Long.MIN_VALUE;

    private static final long MICROS_PER_SECOND = 1_000_000;
    private static final long MICROS_PER_DAY = 86_400 * MICROS_PER_SECOND;
    private static final long MAX_TIMESTAMP_DAYS = Long.MAX_VALUE / MICROS_PER_DAY - 1;
    private static final int DAYS_PER_400_YEARS = 146_097;
    private static final int DAYS_FROM_YEAR_0_TO_1970 = 719_468;
    private static final int DATE_TAIL_LENGTH = 6;
    private static final int TIME_LENGTH = 8;

    private TimeParser() {
    }

    /** Days since 1970-01-01 of {@code YYYY-MM-DD}, with as many digits for the year as it takes. */
    static long date(final DirectBuffer source, final int offset, final int lengthBytes) {
        final int yearLength = lengthBytes - DATE_TAIL_LENGTH;
        if (yearLength < 4 || yearLength > 7) {
            return INVALID;
        }
        final int tail = offset + yearLength;
        final int year = digits(source, offset, yearLength);
        final int month = digits(source, tail + 1, 2);
        final int day = digits(source, tail + 4, 2);
        if (year < 0 || month < 1 || month > 12 || day < 1 || day > 31 ||
            source.getByte(tail) != '-' || source.getByte(tail + 3) != '-') {
            return INVALID;
        }
        return epochDay(year, month, day);
    }

    /**
     * Days since 1970-01-01 in the proleptic Gregorian calendar. Years are counted from March, so that the leap day is
     * a year's last and the days before a month follow a straight line (153 days for each five months).
     */
    private static long epochDay(final int year, final int month, final int day) {
        final long shiftedYear = month <= 2 ? year - 1L : year;
        final long era = Math.floorDiv(shiftedYear, 400L);
        final long yearOfEra = shiftedYear - era * 400;
        final long dayOfYear = (153L * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
        final long dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
        return era * DAYS_PER_400_YEARS + dayOfEra - DAYS_FROM_YEAR_0_TO_1970;
    }

    /** Microseconds since midnight of {@code HH:MM:SS[.ffffff]}. */
    static long time(final DirectBuffer source, final int offset, final int lengthBytes) {
        if (lengthBytes < TIME_LENGTH || source.getByte(offset + 2) != ':' || source.getByte(offset + 5) != ':') {
            return INVALID;
        }
        final int hours = digits(source, offset, 2);
        final int minutes = digits(source, offset + 3, 2);
        final int seconds = digits(source, offset + 6, 2);
        // PostgreSQL's day may end at 24:00:00, and a minute at 60 seconds.
        if (hours < 0 || hours > 24 || minutes < 0 || minutes > 59 || seconds < 0 || seconds > 60) {
            return INVALID;
        }
        long fraction = 0;
        if (lengthBytes > TIME_LENGTH) {
            final int fractionLength = lengthBytes - TIME_LENGTH - 1;
            if (source.getByte(offset + TIME_LENGTH) != '.' || fractionLength < 1 || fractionLength > 6) {
                return INVALID;
            }
            fraction = digits(source, offset + TIME_LENGTH + 1, fractionLength);
            if (fraction < 0) {
                return INVALID;
            }
            for (int i = fractionLength; i < 6; i++) {
                fraction *= 10;
            }
        }
        return ((hours * 60L + minutes) * 60 + seconds) * MICROS_PER_SECOND + fraction;
    }

    /** Microseconds since 1970 of a date, a space and a time, which an offset from UTC follows if zoned. */
    static long timestamp(
        final DirectBuffer source, final int offset, final int lengthBytes, final boolean zoned) {
        final int end = offset + lengthBytes;
        int space = offset;
        while (space < end && source.getByte(space) != ' ') {
            space++;
        }
        if (space == end) {
            return INVALID;
        }
        int timeEnd = end;
        if (zoned) {
            timeEnd = space + 1;
            while (timeEnd < end && source.getByte(timeEnd) != '+' && source.getByte(timeEnd) != '-') {
                timeEnd++;
            }
        }
        final long days = date(source, offset, space - offset);
        final long micros = time(source, space + 1, timeEnd - space - 1);
        final long offsetSeconds = zoned ? utcOffset(source, timeEnd, end - timeEnd) : 0;
        if (days == INVALID || micros == INVALID || offsetSeconds == INVALID || days > MAX_TIMESTAMP_DAYS) {
            return INVALID;
        }
        return days * MICROS_PER_DAY + micros - offsetSeconds * MICROS_PER_SECOND;
    }

    /** Seconds of {@code +HH[:MM[:SS]]}. */
    private static long utcOffset(final DirectBuffer source, final int offset, final int lengthBytes) {
        if (lengthBytes != 3 && lengthBytes != 6 && lengthBytes != 9) {
            return INVALID;
        }
        final int hours = digits(source, offset + 1, 2);
        final int minutes = lengthBytes > 3 ? digits(source, offset + 4, 2) : 0;
        final int seconds = lengthBytes > 6 ? digits(source, offset + 7, 2) : 0;
        if (hours < 0 || minutes < 0 || seconds < 0) {
            return INVALID;
        }
        final long total = (hours * 60L + minutes) * 60 + seconds;
        return source.getByte(offset) == '-' ? -total : total;
    }

    private static int digits(final DirectBuffer source, final int offset, final int count) {
        int value = 0;
        for (int i = 0; i < count; i++) {
            final int digit = source.getByte(offset + i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return value;
    }
}
