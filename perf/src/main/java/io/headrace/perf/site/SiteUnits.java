package io.headrace.perf.site;

import java.util.Locale;

/** Stateless: figures as people read them. */
public final class SiteUnits {
    private static final String[] UNITS = {"ns", "µs", "ms", "s"};

    private SiteUnits() {
    }

    /**
     * A latency, with three digits that count.
     *
     * @param latencyNs in nanoseconds.
     * @return as {@code 12.3 µs}.
     */
    public static String latency(final long latencyNs) {
        double scaled = latencyNs;
        int unit = 0;
        while (unit < UNITS.length - 1 && Math.abs(scaled) >= 999.5) {
            scaled /= 1000;
            unit++;
        }
        final int fraction = unit == 0 || scaled >= 99.95 ? 0 : scaled >= 9.995 ? 1 : 2;
        return String.format(Locale.ROOT, "%." + fraction + "f %s", scaled, UNITS[unit]);
    }

    /**
     * How often something happens.
     *
     * @param perSecond times.
     * @return as {@code 1,234/s}.
     */
    public static String rate(final double perSecond) {
        return String.format(Locale.ROOT, perSecond < 10 ? "%,.1f/s" : "%,.0f/s", perSecond);
    }
}
