package io.headrace.adapters.mqtt;

import io.headrace.codecs.sbe.Quality;
import io.headrace.codecs.sbe.ReadingType;

/**
 * The thread of the source's event loop: what was found in one payload, kept between reading it and encoding it.
 * Used again for each message.
 */
final class ReadingDraft {
    private static final long MAX_EXACT_DOUBLE = 1L << 53;

    private final Utf8Text text = new Utf8Text();
    private final Utf8Text unit = new Utf8Text();
    private ReadingType type;
    private double doubleValue;
    private long longValue;
    private Quality quality;
    private long timeNs;
    private boolean hasTime;
    private String misfit;

    void clear() {
        type = null;
        doubleValue = 0;
        longValue = 0;
        text.clear();
        unit.clear();
        quality = Quality.GOOD;
        hasTime = false;
        timeNs = 0;
        misfit = null;
    }

    /**
     * Says why the payload does not fit; the first reason stays.
     *
     * @param reason a constant, half a sentence.
     */
    void misfit(final String reason) {
        if (misfit == null) {
            misfit = reason;
        }
    }

    /** Why the payload does not fit, or null when it does. */
    String misfit() {
        return misfit;
    }

    void integer(final long value, final MqttRuleOptions.ValueKind kind) {
        switch (kind) {
            case AUTO, INTEGER -> {
                type = ReadingType.INTEGER;
                longValue = value;
            }
            case FLOAT -> {
                type = ReadingType.FLOAT;
                doubleValue = value;
            }
            case BOOLEAN -> {
                if (value == 0 || value == 1) {
                    bool(value == 1, kind);
                } else {
                    misfit("the value is a number, not a boolean");
                }
            }
            default -> misfit("the value is a number, not text");
        }
    }

    void floating(final double value, final MqttRuleOptions.ValueKind kind) {
        if (!Double.isFinite(value)) {
            misfit("the value is outside of what a double can hold");
            return;
        }
        switch (kind) {
            case AUTO, FLOAT -> {
                type = ReadingType.FLOAT;
                doubleValue = value;
            }
            case INTEGER -> {
                if (value == Math.rint(value) && Math.abs(value) <= MAX_EXACT_DOUBLE) {
                    integer((long)value, kind);
                } else {
                    misfit("the value is no integer of 64 bits");
                }
            }
            default -> misfit("the value is a number of the wrong type");
        }
    }

    void bool(final boolean value, final MqttRuleOptions.ValueKind kind) {
        switch (kind) {
            case AUTO, BOOLEAN -> {
                type = ReadingType.BOOLEAN;
                longValue = value ? 1 : 0;
            }
            default -> misfit("the value is a boolean, and another type is asked for");
        }
    }

    /** The text that the value is; filled in by the caller. */
    Utf8Text textValue() {
        type = ReadingType.TEXT;
        return text;
    }

    Utf8Text text() {
        return text;
    }

    Utf8Text unit() {
        return unit;
    }

    void quality(final Quality found) {
        quality = found;
    }

    void timeNs(final long found) {
        timeNs = found;
        hasTime = true;
    }

    ReadingType type() {
        return type;
    }

    double doubleValue() {
        return doubleValue;
    }

    long longValue() {
        return longValue;
    }

    Quality quality() {
        return quality;
    }

    boolean hasTime() {
        return hasTime;
    }

    long timeNs() {
        return timeNs;
    }
}
