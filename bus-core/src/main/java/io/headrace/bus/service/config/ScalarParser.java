package io.headrace.bus.service.config;

import io.headrace.bus.adapter.ByteSize;
import io.headrace.bus.adapter.Secret;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Turns the text of a scalar into the value of an option. Stateless. */
final class ScalarParser {
    private static final Pattern WHOLE = Pattern.compile("[-+]?[0-9]+");
    private static final Pattern DECIMAL = Pattern.compile("[-+]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][-+]?[0-9]+)?");
    private static final Pattern DURATION = Pattern.compile("([0-9]+) ?(ns|us|ms|s|m|h|d)");
    private static final Pattern SIZE = Pattern.compile("([0-9]+) ?(B|KiB|MiB|GiB|TiB)?");
    private static final Map<String, ChronoUnit> DURATION_UNITS = Map.of(
        "ns", ChronoUnit.NANOS, "us", ChronoUnit.MICROS, "ms", ChronoUnit.MILLIS, "s", ChronoUnit.SECONDS,
        "m", ChronoUnit.MINUTES, "h", ChronoUnit.HOURS, "d", ChronoUnit.DAYS);
    private static final List<String> SIZE_UNITS = List.of("B", "KiB", "MiB", "GiB", "TiB");
    private static final int BITS_BY_UNIT = 10;

    private ScalarParser() {
    }

    static Object parse(final OptionType type, final String text) throws BadValueException {
        return switch (type.kind()) {
            case TEXT -> text;
            case SECRET -> new Secret(text);
            case BOOLEAN -> parseBoolean(text);
            case INT -> parseInt(text);
            case LONG -> parseLong(text);
            case DOUBLE -> parseDouble(text);
            case CHOICE -> parseChoice(type, text);
            case DURATION -> parseDuration(text);
            case BYTE_SIZE -> parseSize(text);
            default -> throw new IllegalArgumentException("kind=" + type.kind() + " is no scalar");
        };
    }

    private static Boolean parseBoolean(final String text) throws BadValueException {
        return switch (text) {
            case "true" -> Boolean.TRUE;
            case "false" -> Boolean.FALSE;
            default -> throw new BadValueException("is neither true nor false", "Write true or false");
        };
    }

    private static Integer parseInt(final String text) throws BadValueException {
        final long value = parseLong(text);
        if (value != (int)value) {
            throw new BadValueException("is too large for a whole number of 32 bits",
                "Write a number between " + Integer.MIN_VALUE + " and " + Integer.MAX_VALUE);
        }
        return (int)value;
    }

    private static Long parseLong(final String text) throws BadValueException {
        if (!WHOLE.matcher(text).matches()) {
            throw new BadValueException("is not a whole number", "Write digits only, for example 16");
        }
        return toLong(text, "is too large for a whole number of 64 bits");
    }

    private static Double parseDouble(final String text) throws BadValueException {
        if (!DECIMAL.matcher(text).matches()) {
            throw new BadValueException("is not a number", "Write a decimal number, for example 0.2");
        }
        final double value = Double.parseDouble(text);
        if (Double.isInfinite(value)) {
            throw new BadValueException("is too large for a number", "Write a number below 1.7e308");
        }
        return value;
    }

    private static Object parseChoice(final OptionType type, final String text) throws BadValueException {
        final int index = type.choices().indexOf(text);
        if (index < 0) {
            // The list alone, never "did you mean": that would tell about a value that came from a secret file.
            throw new BadValueException("is not one of the possible values",
                "Write one of " + String.join(", ", type.choices()));
        }
        return type.javaType().getEnumConstants()[index];
    }

    private static Duration parseDuration(final String text) throws BadValueException {
        final Matcher matcher = DURATION.matcher(text);
        try {
            final Duration duration;
            if (matcher.matches()) {
                final long amount = toLong(matcher.group(1), "is too long for a duration");
                duration = Duration.of(amount, DURATION_UNITS.get(matcher.group(2)));
            } else {
                duration = Duration.parse(text);
            }
            if (duration.isNegative()) {
                throw new BadValueException("is negative", "Write a duration from 0s");
            }
            // Durations become nanoseconds in a long where they are used.
            duration.toNanos();
            return duration;
        } catch (final DateTimeException e) {
            throw new BadValueException("is not a duration",
                "Write a number with its unit (ns, us, ms, s, m, h, d), for example 250ms, or ISO 8601 as PT1M30S");
        } catch (final ArithmeticException e) {
            throw new BadValueException("is too long for a duration", "Write at most 106751d (292 years)");
        }
    }

    private static ByteSize parseSize(final String text) throws BadValueException {
        final Matcher matcher = SIZE.matcher(text);
        if (!matcher.matches()) {
            throw new BadValueException("is not a size",
                "Write bytes, or a number with KiB, MiB, GiB or TiB, for example 64KiB");
        }
        final long amount = toLong(matcher.group(1), "is too large for a size");
        final int shift = matcher.group(2) == null ? 0 : SIZE_UNITS.indexOf(matcher.group(2)) * BITS_BY_UNIT;
        if (amount > Long.MAX_VALUE >> shift) {
            throw new BadValueException("is too large for a size", "Write less than 8388608TiB");
        }
        return new ByteSize(amount << shift);
    }

    private static long toLong(final String digits, final String message) throws BadValueException {
        try {
            return Long.parseLong(digits);
        } catch (final NumberFormatException e) {
            throw new BadValueException(message, "Write at most " + Long.MAX_VALUE);
        }
    }
}
