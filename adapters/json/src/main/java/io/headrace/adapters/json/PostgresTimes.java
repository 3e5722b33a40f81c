package io.headrace.adapters.json;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Any thread: reads the times inside PostgreSQL's text forms, in its ISO date style and its ISO interval style. */
final class PostgresTimes {
    private static final Pattern DATE_TIME = Pattern.compile(
        "(\\d{4,7})-(\\d\\d)-(\\d\\d)(?:[ T](\\d\\d:\\d\\d:\\d\\d(?:\\.\\d{1,6})?)([+-][\\d:]+|Z)?)?( BC)?");
    private static final Pattern TIME =
        Pattern.compile("(\\d\\d):(\\d\\d):(\\d\\d)(?:\\.(\\d{1,6}))?([+-][\\d:]+|Z)?");
    private static final Pattern OFFSET = Pattern.compile("([+-])(\\d\\d):?(\\d\\d)?:?(\\d\\d)?");
    private static final Pattern INTERVAL = Pattern.compile(
        "P(?:(-?\\d+)Y)?(?:(-?\\d+)M)?(?:(-?\\d+)W)?(?:(-?\\d+)D)?" +
            "(?:T(?:(-?\\d+)H)?(?:(-?\\d+)M)?(?:(-?)(\\d+)(?:\\.(\\d{1,6}))?S)?)?");
    private static final int MICRO_DIGITS = 6;
    private static final int MONTHS_PER_YEAR = 12;
    private static final int DAYS_PER_WEEK = 7;

    private PostgresTimes() {
    }

    /** Days since 1970-01-01. */
    static long epochDays(final String text) {
        return date(matched(DATE_TIME, text));
    }

    /** Microseconds since 1970-01-01T00:00; an offset in the text is applied. */
    static long epochMicros(final String text) {
        final Matcher matcher = matched(DATE_TIME, text);
        final long dayMicros = Math.multiplyExact(date(matcher), IsoTime.MICROS_PER_DAY);
        final String time = matcher.group(4);
        return time == null ? dayMicros : Math.addExact(
            dayMicros, microsOfDay(time) - offsetMicros(matcher.group(5)));
    }

    /** Microseconds since midnight, without regard to an offset in the text. */
    static long microsOfDay(final String text) {
        final Matcher matcher = matched(TIME, text);
        final long seconds = (Long.parseLong(matcher.group(1)) * 60 + Long.parseLong(matcher.group(2))) * 60 +
            Long.parseLong(matcher.group(3));
        return seconds * IsoTime.MICROS_PER_SECOND + fraction(matcher.group(4));
    }

    /** Microseconds since midnight UTC of a time with an offset. */
    static long utcMicrosOfDay(final String text) {
        final long micros = microsOfDay(text) - offsetMicros(matched(TIME, text).group(5));
        return Math.floorMod(micros, IsoTime.MICROS_PER_DAY);
    }

    /** The parts of an ISO 8601 duration, as PostgreSQL keeps them apart. */
    static Interval interval(final String text) {
        final Matcher matcher = matched(INTERVAL, text);
        final long seconds = (number(matcher.group(5)) * 60 + number(matcher.group(6))) * 60;
        final long fraction = number(matcher.group(8)) * IsoTime.MICROS_PER_SECOND + fraction(matcher.group(9));
        return new Interval(
            number(matcher.group(1)) * MONTHS_PER_YEAR + number(matcher.group(2)),
            number(matcher.group(3)) * DAYS_PER_WEEK + number(matcher.group(4)),
            seconds * IsoTime.MICROS_PER_SECOND + ("-".equals(matcher.group(7)) ? -fraction : fraction));
    }

    private static Matcher matched(final Pattern pattern, final String text) {
        final Matcher matcher = pattern.matcher(text);
        if (!matcher.matches()) {
            throw new DateTimeException("text=" + text + " is not a known form of a time");
        }
        return matcher;
    }

    private static long date(final Matcher matcher) {
        final int year = Integer.parseInt(matcher.group(1));
        // The year before 1 is 1 BC to PostgreSQL, and 0 to ISO 8601.
        return LocalDate.of(
            matcher.group(6) == null ? year : 1 - year,
            Integer.parseInt(matcher.group(2)),
            Integer.parseInt(matcher.group(3))).toEpochDay();
    }

    private static long offsetMicros(final String text) {
        if (text == null || "Z".equals(text)) {
            return 0;
        }
        final Matcher matcher = matched(OFFSET, text);
        final long seconds =
            (number(matcher.group(2)) * 60 + number(matcher.group(3))) * 60 + number(matcher.group(4));
        return ("-".equals(matcher.group(1)) ? -seconds : seconds) * IsoTime.MICROS_PER_SECOND;
    }

    private static long fraction(final String digits) {
        return digits == null ? 0 : Long.parseLong(digits + "0".repeat(MICRO_DIGITS - digits.length()));
    }

    private static long number(final String digits) {
        return digits == null ? 0 : Long.parseLong(digits);
    }

    /**
     * An interval.
     *
     * @param months in it, years included.
     * @param days   in it, besides the months.
     * @param micros in it, besides the days.
     */
    record Interval(long months, long days, long micros) {
    }
}
