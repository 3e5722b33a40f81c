package io.headrace.adapters.mqtt;

import io.headrace.adapters.mqtt.MqttRuleOptions.QualityFormat;
import io.headrace.adapters.mqtt.MqttRuleOptions.TimeFormat;
import io.headrace.adapters.mqtt.MqttRuleOptions.ValueKind;
import io.headrace.codecs.sbe.Quality;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Locale;

/**
 * Any thread, no state: what a text or a number in a payload stands for. Input that stands for nothing is a misfit of
 * the draft, never an exception.
 */
final class Scalars {
    private static final long NS_PER_SECOND = 1_000_000_000L;
    private static final int MAX_SCALE = 40;
    private static final int OPC_UA_SEVERITY_SHIFT = 30;
    private static final int OPC_DA_QUALITY_SHIFT = 6;

    private Scalars() {
    }

    /** A value that came as text, in a payload of text or as a string of JSON. */
    static void value(final String text, final ValueKind kind, final ReadingDraft draft) {
        switch (kind) {
            case TEXT -> text(text, draft);
            case BOOLEAN -> {
                final Boolean value = bool(text);
                if (value == null) {
                    draft.misfit("the value is text, not a boolean");
                } else {
                    draft.bool(value, kind);
                }
            }
            default -> {
                if (!number(text, kind, draft)) {
                    draft.misfit("the value is text, not a number");
                }
            }
        }
    }

    /** A bare payload of text, whose type nobody told us. */
    static void bare(final String text, final ReadingDraft draft) {
        if ("true".equals(text) || "false".equals(text)) {
            draft.bool("true".equals(text), ValueKind.AUTO);
        } else if (!number(text, ValueKind.AUTO, draft)) {
            text(text, draft);
        }
    }

    private static void text(final String text, final ReadingDraft draft) {
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        draft.textValue().set(bytes, 0, bytes.length);
    }

    private static boolean number(final String text, final ValueKind kind, final ReadingDraft draft) {
        if (!looksLikeNumber(text)) {
            return false;
        }
        try {
            draft.integer(Long.parseLong(text), kind);
        } catch (final NumberFormatException notAnInteger) {
            try {
                final double value = Double.parseDouble(text);
                if (kind == ValueKind.AUTO && !Double.isFinite(value)) {
                    return false;
                }
                draft.floating(value, kind);
            } catch (final NumberFormatException notANumber) {
                return false;
            }
        }
        return true;
    }

    /** Java's own parsers also take "NaN", "0x1p3" and "1d", which no sensor means. */
    private static boolean looksLikeNumber(final String text) {
        boolean digits = false;
        for (int i = 0; i < text.length(); i++) {
            final char c = text.charAt(i);
            if (c >= '0' && c <= '9') {
                digits = true;
            } else if ("+-.eE".indexOf(c) < 0) {
                return false;
            }
        }
        return digits;
    }

    private static Boolean bool(final String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true", "1", "on", "yes" -> Boolean.TRUE;
            case "false", "0", "off", "no" -> Boolean.FALSE;
            default -> null;
        };
    }

    static void quality(final String text, final QualityFormat format, final ReadingDraft draft) {
        if (format != QualityFormat.TEXT) {
            try {
                quality(Long.parseLong(text), format, draft);
            } catch (final NumberFormatException e) {
                draft.misfit("the quality is text, not a number");
            }
            return;
        }
        switch (text.toLowerCase(Locale.ROOT)) {
            case "good", "true", "ok" -> draft.quality(Quality.GOOD);
            case "uncertain" -> draft.quality(Quality.UNCERTAIN);
            case "bad", "false" -> draft.quality(Quality.BAD);
            default -> draft.misfit("the quality is none of good, uncertain, bad");
        }
    }

    static void quality(final long code, final QualityFormat format, final ReadingDraft draft) {
        switch (format) {
            case OPC_UA -> draft.quality(switch ((int)(code >>> OPC_UA_SEVERITY_SHIFT & 3)) {
                case 0 -> Quality.GOOD;
                case 1 -> Quality.UNCERTAIN;
                default -> Quality.BAD;
            });
            case OPC_DA -> draft.quality(switch ((int)(code >>> OPC_DA_QUALITY_SHIFT & 3)) {
                case 3 -> Quality.GOOD;
                case 1 -> Quality.UNCERTAIN;
                default -> Quality.BAD;
            });
            default -> draft.misfit("the quality is a number, and quality-format is text");
        }
    }

    static void time(final String text, final TimeFormat format, final ReadingDraft draft) {
        try {
            if (format == TimeFormat.ISO_8601) {
                final Instant instant = OffsetDateTime.parse(text).toInstant();
                draft.timeNs(Math.addExact(
                    Math.multiplyExact(instant.getEpochSecond(), NS_PER_SECOND), instant.getNano()));
            } else if (looksLikeNumber(text)) {
                time(new BigDecimal(text), format, draft);
            } else {
                draft.misfit("the time is text, not a number");
            }
        } catch (final DateTimeException e) {
            draft.misfit("the time is not in ISO 8601 with its offset from UTC");
        } catch (final ArithmeticException e) {
            draft.misfit("the time lies outside of the years 1677 to 2262");
        } catch (final NumberFormatException e) {
            draft.misfit("the time is not a number");
        }
    }

    static void time(final long count, final TimeFormat format, final ReadingDraft draft) {
        if (format == TimeFormat.ISO_8601) {
            draft.misfit("the time is a number, and time-format is iso-8601");
            return;
        }
        try {
            draft.timeNs(Math.multiplyExact(count, unitNs(format)));
        } catch (final ArithmeticException e) {
            draft.misfit("the time lies outside of the years 1677 to 2262");
        }
    }

    static void time(final BigDecimal count, final TimeFormat format, final ReadingDraft draft) {
        if (format == TimeFormat.ISO_8601) {
            draft.misfit("the time is a number, and time-format is iso-8601");
        } else if (Math.abs((long)count.scale()) > MAX_SCALE) {
            // A huge exponent would cost minutes of arithmetic: such a number is an attack or a mistake.
            draft.misfit("the time has an exponent that no time has");
        } else {
            try {
                draft.timeNs(count.multiply(BigDecimal.valueOf(unitNs(format)))
                    .setScale(0, RoundingMode.FLOOR).longValueExact());
            } catch (final ArithmeticException e) {
                draft.misfit("the time lies outside of the years 1677 to 2262");
            }
        }
    }

    private static long unitNs(final TimeFormat format) {
        return switch (format) {
            case EPOCH_S -> NS_PER_SECOND;
            case EPOCH_MS -> 1_000_000L;
            case EPOCH_US -> 1_000L;
            default -> 1L;
        };
    }
}
