package io.headrace.bus.subscription;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.regex.Pattern;

/**
 * Where a subscription begins that has no position of its own yet. Immutable.
 *
 * @param kind  what the value is.
 * @param value a sequence, or nanoseconds since the Unix epoch; 0 for the others.
 */
public record StartPosition(Kind kind, long value) {
    /** With what is published from now on. */
    public static final StartPosition NOW = new StartPosition(Kind.NOW, 0);

    /** With the first event that the event log still has. */
    public static final StartPosition START = new StartPosition(Kind.START, 0);

    /** What would be right, for a text that is not. */
    public static final String REMEDY =
        "Write now, start, a sequence as 1234, or a time with its zone as 2026-11-21T06:00:00Z";

    private static final Pattern SEQUENCE = Pattern.compile("[0-9]{1,18}");
    private static final long NS_PER_SECOND = 1_000_000_000L;

    /** The ways to say where. */
    public enum Kind {
        /** With what is published from now on. */
        NOW,
        /** With the first event that the event log still has. */
        START,
        /** With the first event that has at least the given sequence. */
        SEQUENCE,
        /** With the first event that was published at the given time or later. */
        TIME
    }

    /** Checks the value. */
    public StartPosition {
        if (kind == null || value < 0 || value != 0 && (kind == Kind.NOW || kind == Kind.START)) {
            throw new IllegalArgumentException("kind=" + kind + " value=" + value + " is no position");
        }
    }

    /**
     * Begins with an event.
     *
     * @param sequence the lowest that is wanted, from 0.
     * @return the position.
     */
    public static StartPosition ofSequence(final long sequence) {
        return new StartPosition(Kind.SEQUENCE, sequence);
    }

    /**
     * Begins at a time.
     *
     * @param timeNs when the first event that is wanted was published, since the Unix epoch.
     * @return the position.
     */
    public static StartPosition ofTime(final long timeNs) {
        return new StartPosition(Kind.TIME, timeNs);
    }

    /**
     * Reads a position as people write it.
     *
     * @param text {@code now}, {@code start}, a sequence, or a time as ISO 8601 writes it, with its zone.
     * @return the position.
     * @throws IllegalArgumentException when it is none of these; {@link #REMEDY} says what would be right.
     */
    public static StartPosition parse(final String text) {
        return switch (text) {
            case "now" -> NOW;
            case "start" -> START;
            default -> SEQUENCE.matcher(text).matches() ? ofSequence(Long.parseLong(text)) : ofTime(parseTime(text));
        };
    }

    private static long parseTime(final String text) {
        try {
            final Instant instant = OffsetDateTime.parse(text).toInstant();
            final long timeNs = Math.addExact(
                Math.multiplyExact(instant.getEpochSecond(), NS_PER_SECOND), instant.getNano());
            if (timeNs < 0) {
                throw new IllegalArgumentException("the time lies before 1970");
            }
            return timeNs;
        } catch (final DateTimeParseException e) {
            throw new IllegalArgumentException("it is neither a sequence nor a time", e);
        } catch (final ArithmeticException e) {
            throw new IllegalArgumentException("the time lies after the year 2262", e);
        }
    }

    /** As {@link #parse(String)} reads it. */
    @Override
    public String toString() {
        return switch (kind) {
            case NOW -> "now";
            case START -> "start";
            case SEQUENCE -> Long.toString(value);
            case TIME -> Instant.ofEpochSecond(value / NS_PER_SECOND, value % NS_PER_SECOND).toString();
        };
    }
}
