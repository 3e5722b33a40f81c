package io.headrace.adapters.json;

import com.fasterxml.jackson.core.JsonGenerator;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Any thread: single values in PostgreSQL's text form, each as Debezium's connector encodes its type. */
final class DebeziumScalars {
    private static final int MONEY_SCALE = 2;
    /** More than PostgreSQL's 16,383 digits; beyond it a short text could ask for gigabytes of zeros. */
    private static final int MAX_SCALE = 100_000;
    private static final int POINT_BYTES = 21;
    private static final int WKB_POINT = 1;
    private static final int MONTHS_PER_YEAR = 12;
    private static final int MAX_FRACTION_DIGITS = 6;
    /** 365.25 days of 86,400 seconds, divided by twelve; no fraction of a microsecond is lost. */
    private static final long MICROS_PER_MONTH = 2_629_800_000_000L;
    private static final Pattern POINT = Pattern.compile("\\(([^,()]+),([^,()]+)\\)");

    private final DebeziumOptions options;

    DebeziumScalars(final DebeziumOptions options) {
        this.options = options;
    }

    /**
     * Writes what is not one of the plain numbers.
     *
     * @return false, and nothing written, when the type is one that is written as a plain integer.
     * @throws NumberFormatException and its like, nothing written, for a form that is not known.
     */
    boolean write(final TypeName type, final String text, final JsonGenerator json) throws IOException {
        switch (type.base()) {
            case "date", "time", "timestamp", "int2", "int4", "int8", "oid" -> {
                return false;
            }
            case "float4" -> json.writeNumber(Float.parseFloat(text));
            case "float8" -> json.writeNumber(Double.parseDouble(text));
            case "bool" -> json.writeBoolean(text.startsWith("t"));
            case "numeric" -> decimal(type, text, json);
            case "money" -> money(text, json);
            case "timestamptz" -> json.writeString(text.endsWith("infinity") ?
                text : zoned(PostgresTimes.epochMicros(text), type.fractionDigits()));
            case "timetz" -> json.writeString(timeWithZone(text));
            case "interval" -> interval(PostgresTimes.interval(text), json);
            case "bytea" -> bytea(text, json);
            case "bit", "varbit" -> bits(type, text, json);
            case "point" -> point(text, json);
            default -> json.writeString(text);
        }
        return true;
    }

    private void decimal(final TypeName type, final String text, final JsonGenerator json) throws IOException {
        final boolean asString = options.decimalHandling() == DebeziumOptions.DecimalHandling.STRING;
        switch (text) {
            case "NaN" -> special("NAN", asString, json);
            case "Infinity" -> special("POSITIVE_INFINITY", asString, json);
            case "-Infinity" -> special("NEGATIVE_INFINITY", asString, json);
            default -> {
                final BigDecimal value = new BigDecimal(text);
                if (Math.abs((long)value.scale()) > MAX_SCALE) {
                    throw new NumberFormatException("scale=" + value.scale() + " is too large to be written out");
                }
                if (asString) {
                    json.writeString(value.toPlainString());
                } else if (type.precision() == TypeName.NONE) {
                    variableScale(value, json);
                } else {
                    json.writeBinary(value.setScale(Math.max(0, type.scale())).unscaledValue().toByteArray());
                }
            }
        }
    }

    /** The precise form has no place for them: Debezium leaves such a column null. */
    private static void special(final String name, final boolean asString, final JsonGenerator json)
        throws IOException {
        if (asString) {
            json.writeString(name);
        } else {
            json.writeNull();
        }
    }

    private static void variableScale(final BigDecimal value, final JsonGenerator json) throws IOException {
        final BigDecimal stripped = value.stripTrailingZeros();
        final BigDecimal whole = stripped.scale() < 0 ? stripped.setScale(0) : stripped;
        json.writeStartObject();
        json.writeNumberField("scale", whole.scale());
        json.writeBinaryField("value", whole.unscaledValue().toByteArray());
        json.writeEndObject();
    }

    /** Its text has a currency's sign and separators, which depend on the server: only digits and sign count. */
    private void money(final String text, final JsonGenerator json) throws IOException {
        final BigInteger digits = new BigInteger(text.replaceAll("[^0-9]", ""));
        final boolean isNegative = text.indexOf('-') >= 0 || text.indexOf('(') >= 0;
        final BigDecimal value = new BigDecimal(isNegative ? digits.negate() : digits, MONEY_SCALE);
        if (options.decimalHandling() == DebeziumOptions.DecimalHandling.STRING) {
            json.writeString(value.toPlainString());
        } else {
            json.writeBinary(value.unscaledValue().toByteArray());
        }
    }

    /** With as many digits of fraction as the column has. */
    String zoned(final long epochMicros, final int fractionDigits) {
        final String text = IsoTime.timestamp(epochMicros);
        final int cut = MAX_FRACTION_DIGITS - Math.min(MAX_FRACTION_DIGITS, fractionDigits);
        final int pointToo = cut == MAX_FRACTION_DIGITS ? 1 : 0;
        return text.substring(0, text.length() - cut - pointToo) + "Z";
    }

    /** In UTC, with no more digits of fraction than it needs. */
    private static String timeWithZone(final String text) throws UnrenderableEventException {
        String time = IsoTime.time(PostgresTimes.utcMicrosOfDay(text));
        while (time.endsWith("0") && time.indexOf('.') >= 0) {
            time = time.substring(0, time.length() - 1);
        }
        return (time.endsWith(".") ? time.substring(0, time.length() - 1) : time) + "Z";
    }

    private void interval(final PostgresTimes.Interval interval, final JsonGenerator json) throws IOException {
        if (options.intervalHandling() == DebeziumOptions.IntervalHandling.NUMERIC) {
            json.writeNumber(Math.addExact(
                Math.multiplyExact(interval.months(), MICROS_PER_MONTH),
                Math.addExact(Math.multiplyExact(interval.days(), IsoTime.MICROS_PER_DAY), interval.micros())));
            return;
        }
        final long seconds = interval.micros() / IsoTime.MICROS_PER_SECOND;
        final BigDecimal inMinute = new BigDecimal(BigInteger.valueOf(
            interval.micros() % (60 * IsoTime.MICROS_PER_SECOND)), MAX_FRACTION_DIGITS).stripTrailingZeros();
        json.writeString("P" + interval.months() / MONTHS_PER_YEAR + "Y" + interval.months() % MONTHS_PER_YEAR + "M" +
            interval.days() + "DT" + seconds / 3_600 + "H" + seconds / 60 % 60 + "M" + inMinute.toPlainString() + "S");
    }

    private static void bytea(final String text, final JsonGenerator json) throws IOException {
        if (!text.startsWith("\\x")) {
            throw new NumberFormatException("bytea is not in the hex form");
        }
        try {
            json.writeBinary(HexFormat.of().parseHex(text, 2, text.length()));
        } catch (final IllegalArgumentException e) {
            throw (NumberFormatException)new NumberFormatException("bytea is not in the hex form").initCause(e);
        }
    }

    /** One bit is a boolean; more are bytes, the least significant first, up to the last that is not zero. */
    private static void bits(final TypeName type, final String text, final JsonGenerator json) throws IOException {
        if (type.base().equals("bit") && text.length() == 1) {
            json.writeBoolean(text.equals("1"));
            return;
        }
        final BigInteger value = text.isEmpty() ? BigInteger.ZERO : new BigInteger(text, 2);
        final byte[] bigEndian = value.toByteArray();
        final byte[] bytes = new byte[(value.bitLength() + Byte.SIZE - 1) / Byte.SIZE];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = bigEndian[bigEndian.length - 1 - i];
        }
        json.writeBinary(bytes);
    }

    private static void point(final String text, final JsonGenerator json) throws IOException {
        final Matcher matcher = POINT.matcher(text);
        if (!matcher.matches()) {
            throw new NumberFormatException("text=" + text + " is no point");
        }
        final double x = Double.parseDouble(matcher.group(1));
        final double y = Double.parseDouble(matcher.group(2));
        final ByteBuffer wkb = ByteBuffer.allocate(POINT_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        wkb.put((byte)1).putInt(WKB_POINT).putDouble(x).putDouble(y);
        json.writeStartObject();
        json.writeNumberField("x", x);
        json.writeNumberField("y", y);
        json.writeBinaryField("wkb", wkb.array());
        json.writeNullField("srid");
        json.writeEndObject();
    }
}
