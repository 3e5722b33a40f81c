package io.headrace.adapters.demo;

import java.util.Locale;
import java.util.SplittableRandom;

/**
 * What the simulated machines say, and how to recognise it wherever it arrives. A reading's number counts up for each
 * machine; what it measures and the value follow from seed, machine and number, so that the comparison can work them
 * out again. Holds no state: for any thread.
 */
final class Machines {
    static final int COUNT = 8;
    static final String HALL = "hall-1";
    private static final int NUMBER_BITS = 40;
    private static final double CENTS = 100.0;
    private static final String[] STATES = {"running", "idle", "set-up", "maintenance"};
    private static final String[] FAULTS = {
        "spindle overload", "coolant low", "tool broken", "door open", "axis X following error"};

    /** What a reading measures; its place among the kinds is its number's remainder. */
    enum Kind {
        TEMPERATURE, VIBRATION, STATE;

        String topicLevel() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final Kind[] KINDS = Kind.values();

    private Machines() {
    }

    static String name(final int machine) {
        return String.format(Locale.ROOT, "press-%02d", machine + 1);
    }

    static Kind kind(final long number) {
        return KINDS[(int)(number % KINDS.length)];
    }

    static long readingIdentity(final int machine, final long number) {
        return (long)machine << NUMBER_BITS | number;
    }

    static String readingId(final int machine, final long number) {
        return name(machine) + "/" + number;
    }

    /**
     * The identity that a text stands for.
     *
     * @return -1 when it is the id of no reading.
     */
    static long readingIdentity(final String id) {
        final int slash = id.indexOf('/');
        try {
            final int machine = Integer.parseInt(id.substring(id.indexOf('-') + 1, Math.max(0, slash))) - 1;
            final long number = Long.parseLong(id.substring(slash + 1));
            return machine >= 0 && machine < COUNT && readingId(machine, number).equals(id) ?
                readingIdentity(machine, number) : -1;
        } catch (final IndexOutOfBoundsException | NumberFormatException notOurs) {
            return -1;
        }
    }

    static long number(final long readingIdentity) {
        return readingIdentity & (1L << NUMBER_BITS) - 1;
    }

    static String readingTopic(final int machine, final long number) {
        return HALL + "/readings/" + name(machine) + "/" + kind(number).topicLevel();
    }

    /** The sensor that the flow's rules make of the topic. */
    static String sensor(final long readingIdentity) {
        return name((int)(readingIdentity >>> NUMBER_BITS)) + "/" + kind(number(readingIdentity)).topicLevel();
    }

    /** The value as JSON. */
    static String readingValue(final long seed, final long readingIdentity) {
        final SplittableRandom random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L ^ readingIdentity);
        return switch (kind(number(readingIdentity))) {
            case TEMPERATURE -> Double.toString(Math.round((40 + 40 * random.nextDouble()) * CENTS) / CENTS);
            case VIBRATION -> Double.toString(Math.round(12 * random.nextDouble() * CENTS) / CENTS);
            case STATE -> '"' + STATES[random.nextInt(STATES.length)] + '"';
        };
    }

    static String readingPayload(final long seed, final long readingIdentity, final long epochNs) {
        return "{\"number\":" + number(readingIdentity) + ",\"time\":" + epochNs
            + ",\"value\":" + readingValue(seed, readingIdentity) + "}";
    }

    static String faultTopic(final int machine) {
        return HALL + "/faults/" + name(machine);
    }

    static String faultId(final long number) {
        return "fault-" + number;
    }

    /**
     * The number of a fault.
     *
     * @return -1 when the text is the id of no fault.
     */
    static long faultNumber(final String id) {
        try {
            return id.startsWith("fault-") ? Long.parseLong(id.substring("fault-".length())) : -1;
        } catch (final NumberFormatException notOurs) {
            return -1;
        }
    }

    static String faultPayload(final long number, final int machine, final SplittableRandom random) {
        return "{\"fault\":\"" + faultId(number) + "\",\"machine\":\"" + name(machine)
            + "\",\"code\":" + (100 + random.nextInt(900)) + ",\"text\":\"" + FAULTS[random.nextInt(FAULTS.length)]
            + "\",\"stopped\":" + random.nextBoolean() + "}";
    }
}
