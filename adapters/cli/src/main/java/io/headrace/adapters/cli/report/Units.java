package io.headrace.adapters.cli.report;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Pattern;

/** Figures and texts as people read them. Safe for any thread; holds no state. */
public final class Units {
    private static final Pattern CONTROLS = Pattern.compile("\\p{Cntrl}");
    private static final String NONE = "-";
    private static final double THOUSAND = 1000.0;
    private static final double KIB = 1024.0;
    private static final String[] TIME_UNITS = {"ns", "µs", "ms", "s"};
    private static final String[] BYTE_UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

    private Units() {
    }

    /**
     * A latency, with three digits that count.
     *
     * @param latencyNs in nanoseconds.
     * @return as {@code 820 ns}, {@code 12.3 µs}, {@code 4.56 ms} or {@code 71.0 s}.
     */
    public static String latency(final long latencyNs) {
        return scaled(latencyNs, THOUSAND, TIME_UNITS);
    }

    /**
     * An amount of bytes, with three digits that count.
     *
     * @param sizeBytes the amount.
     * @return as {@code 64.0 KiB}.
     */
    public static String bytes(final long sizeBytes) {
        return scaled(sizeBytes, KIB, BYTE_UNITS);
    }

    private static String scaled(final long value, final double step, final String[] units) {
        double scaled = value;
        int unit = 0;
        while (unit < units.length - 1 && Math.abs(scaled) >= step - 0.5) {
            scaled /= step;
            unit++;
        }
        final int fraction = unit == 0 || scaled >= 99.95 ? 0 : scaled >= 9.995 ? 1 : 2;
        return String.format(Locale.ROOT, "%." + fraction + "f %s", scaled, units[unit]);
    }

    /**
     * A whole number with thousands set apart.
     *
     * @param count the number.
     * @return as {@code 1,234,567}.
     */
    public static String count(final long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    /**
     * How often something happens.
     *
     * @param count   how often it happened.
     * @param spanNs  within how many nanoseconds.
     * @return as {@code 1,234/s}, or a dash when no time has passed.
     */
    public static String rate(final long count, final long spanNs) {
        if (spanNs <= 0) {
            return NONE;
        }
        final double perSecond = count * 1e9 / spanNs;
        final boolean small = perSecond > 0 && perSecond < 9.95;
        return String.format(Locale.ROOT, small ? "%,.1f/s" : "%,.0f/s", perSecond);
    }

    /**
     * A text that may come from outside, as one line: its first one, without what could steer a terminal.
     *
     * @param text any text.
     * @return its first line, control characters replaced.
     */
    public static String oneLine(final String text) {
        return CONTROLS.matcher(text.lines().findFirst().orElse("")).replaceAll("?");
    }

    /**
     * How long something has lasted, in whole seconds.
     *
     * @param duration how long.
     * @return as {@code 1:02:03} or {@code 3d 1:02:03}.
     */
    public static String uptime(final Duration duration) {
        final String time = String.format(Locale.ROOT, "%d:%02d:%02d",
            duration.toHoursPart(), duration.toMinutesPart(), duration.toSecondsPart());
        return duration.toDays() == 0 ? time : duration.toDays() + "d " + time;
    }
}
