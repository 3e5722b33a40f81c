package io.headrace.perf.rig;

import java.util.Locale;

/**
 * Immutable: how a run was asked for. Zero and empty mean what the scenario takes by default.
 *
 * @param quick         fewer events and shorter runs, for a look.
 * @param pairCount     how often each arm runs.
 * @param seconds       of each measured part.
 * @param ratePerSecond of the schedule.
 * @param payloadBytes  of each event.
 * @param waitProfile   how threads wait: eco, yield or spin.
 * @param sync          the event log's durability: none or data.
 * @param cores         to which the arms are pinned, as taskset takes them.
 */
public record Settings(
    boolean quick, int pairCount, double seconds, int ratePerSecond, int payloadBytes, String waitProfile, String sync,
    String cores) {

    /** The least number of pairs that a verdict rests on. */
    public static final int MIN_PAIR_COUNT = 5;

    /**
     * The defaults.
     *
     * @param quick whether a look is enough.
     * @return the settings.
     */
    public static Settings defaults(final boolean quick) {
        return new Settings(quick, MIN_PAIR_COUNT, 0, 0, 0, "", "", "");
    }

    /**
     * How long a part takes.
     *
     * @param quickSeconds when a look is enough.
     * @param fullSeconds  otherwise.
     * @return what was asked for, or one of those.
     */
    public double seconds(final double quickSeconds, final double fullSeconds) {
        return seconds > 0 ? seconds : quick ? quickSeconds : fullSeconds;
    }

    /**
     * The schedule's rate.
     *
     * @param defaultRate per second.
     * @return what was asked for, or that.
     */
    public int rate(final int defaultRate) {
        return ratePerSecond > 0 ? ratePerSecond : defaultRate;
    }

    /**
     * The payload's length.
     *
     * @param defaultBytes when nothing was asked for.
     * @return what was asked for, or that.
     */
    public int payload(final int defaultBytes) {
        return payloadBytes > 0 ? payloadBytes : defaultBytes;
    }

    /**
     * How threads wait.
     *
     * @param defaultProfile when nothing was asked for.
     * @return what was asked for, or that; in lower case.
     */
    public String wait(final String defaultProfile) {
        return waitProfile.isEmpty() ? defaultProfile : waitProfile.toLowerCase(Locale.ROOT);
    }

    /** {@return whether recorded means on the disk} */
    public boolean synced() {
        return "data".equals(sync);
    }

    /** {@return the settings in a few words, for plots} */
    public String describe() {
        final StringBuilder text = new StringBuilder(quick ? "quick" : "full").append(", ").append(pairCount)
            .append(pairCount == 1 ? " pair" : " pairs");
        if (seconds > 0) {
            text.append(", ").append(seconds).append(" s");
        }
        if (ratePerSecond > 0) {
            text.append(", ").append(ratePerSecond).append("/s");
        }
        if (payloadBytes > 0) {
            text.append(", ").append(payloadBytes).append(" B");
        }
        for (final String value : new String[] {waitProfile, sync.isEmpty() ? "" : "sync " + sync,
            cores.isEmpty() ? "" : "cores " + cores}) {
            text.append(value.isEmpty() ? "" : ", " + value);
        }
        return text.toString();
    }
}
