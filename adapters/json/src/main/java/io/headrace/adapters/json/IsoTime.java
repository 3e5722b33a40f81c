package io.headrace.adapters.json;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/** Any thread: times as ISO 8601 with six digits of fraction, whatever they are, so that text sorts as time does. */
final class IsoTime {
    static final long MICROS_PER_SECOND = 1_000_000;
    static final long MICROS_PER_DAY = 86_400 * MICROS_PER_SECOND;
    private static final int NANOS_PER_MICRO = 1_000;
    private static final int FRACTION_DIGITS = 6;
    private static final int SECONDS_PER_MINUTE = 60;
    private static final int SECONDS_PER_HOUR = 3_600;

    private IsoTime() {
    }

    /** Years outside of 0 to 9999 get a sign, as ISO 8601 has it. */
    static String date(final long epochDays) throws UnrenderableEventException {
        if (epochDays < LocalDate.MIN.toEpochDay() || epochDays > LocalDate.MAX.toEpochDay()) {
            throw new UnrenderableEventException("date epochDays=" + epochDays + " lies outside of the calendar");
        }
        return LocalDate.ofEpochDay(epochDays).toString();
    }

    /** The end of a day is 24:00:00, as a database may hold it. */
    static String time(final long micros) throws UnrenderableEventException {
        if (micros < 0 || micros > MICROS_PER_DAY) {
            throw new UnrenderableEventException("time micros=" + micros + " is not within a day");
        }
        final StringBuilder text = new StringBuilder("HH:mm:ss.SSSSSS".length());
        clock(text, micros);
        return text.toString();
    }

    static String timestamp(final long epochMicros) {
        final LocalDateTime time = dateTime(epochMicros);
        final StringBuilder text = new StringBuilder("yyyy-MM-ddTHH:mm:ss.SSSSSS".length());
        text.append(time.toLocalDate()).append('T');
        clock(text, time.toLocalTime().toNanoOfDay() / NANOS_PER_MICRO);
        return text.toString();
    }

    static LocalDateTime dateTime(final long epochMicros) {
        return LocalDateTime.ofEpochSecond(
            Math.floorDiv(epochMicros, MICROS_PER_SECOND),
            (int)Math.floorMod(epochMicros, MICROS_PER_SECOND) * NANOS_PER_MICRO,
            ZoneOffset.UTC);
    }

    private static void clock(final StringBuilder text, final long micros) {
        final int second = (int)(micros / MICROS_PER_SECOND);
        padded(text, second / SECONDS_PER_HOUR, 2);
        text.append(':');
        padded(text, second / SECONDS_PER_MINUTE % SECONDS_PER_MINUTE, 2);
        text.append(':');
        padded(text, second % SECONDS_PER_MINUTE, 2);
        text.append('.');
        padded(text, (int)(micros % MICROS_PER_SECOND), FRACTION_DIGITS);
    }

    private static void padded(final StringBuilder text, final int value, final int digits) {
        final String plain = Integer.toString(value);
        for (int i = plain.length(); i < digits; i++) {
            text.append('0');
        }
        text.append(plain);
    }
}
